import Foundation

extension DatasetDownload {
  /// Downloads the files that the folder does not hold yet.
  ///
  /// Each comes as `NAME.part`; what an earlier, broken download has left of it is kept, and only
  /// the rest is asked for. When its checksum is right, the file is written through to the disk
  /// and gets its name. Mirrors are tried in turn, each again as long as it sends something.
  ///
  /// - Parameters:
  ///   - folder: the folder, made where it does not exist; nil: `defaultFolder(for:)`.
  ///   - mirrors: other mirrors than the public ones.
  ///   - progress: called, on any thread, with what happens.
  /// - Returns: the folder.
  /// - Throws: `DatasetError` where no mirror has a file, a checksum is wrong (the part is then
  ///   deleted), or the folder cannot be written to.
  @discardableResult
  public func fetch(
    into folder: String? = nil, mirrors: [URL]? = nil,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> String {
    let folder = folder ?? Self.defaultFolder(for: name)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError(
        at: folder, found: "a folder that cannot be made (\(error.localizedDescription))",
        expected: "a folder to write to")
    }
    for file in files {
      try fetch(file, into: folder, mirrors: mirrors ?? self.mirrors, progress: progress)
    }
    return folder
  }

  private func fetch(
    _ file: File, into folder: String, mirrors: [URL],
    progress: @escaping @Sendable (Progress) -> Void
  ) throws {
    let path = "\(folder)/\(file.name)"
    let part = path + ".part"
    if FileManager.default.fileExists(atPath: path), try MD5.digest(ofFile: path) == file.md5 {
      progress(.present(file: file.name))
      return
    }
    var failures: [String] = []
    // Told only once another try follows: the last one's is in the error.
    var untold: String?
    func failed(_ error: DatasetError) {
      untold = error.description
      let words = "\(error.location): \(error.found)"
      if !failures.contains(words) { failures.append(words) }
    }
    for mirror in mirrors {
      let url = mirror.appendingPathComponent(file.name)
      var hasStartedAnew = false
      // A mirror that breaks off after sending something is asked for the rest.
      while true {
        let before = Self.size(ofFile: part)
        if let reason = untold { progress(.failed(file: file.name, reason: reason)) }
        untold = nil
        progress(.started(file: file.name, mirror: mirror.absoluteString, offset: before))
        do {
          try Transfer.run(url, to: part, limit: sizeLimit) { bytes, total in
            progress(.received(file: file.name, bytes: bytes, of: total))
          }
        } catch let error as DatasetError {
          failed(error)
          // Only new bytes are worth another try; a mirror that starts over must not loop.
          guard Self.size(ofFile: part) > before else { break }
          continue
        }
        let digest = try MD5.digest(ofFile: part)
        guard digest == file.md5 else {
          try? FileManager.default.removeItem(atPath: part)
          failed(
            DatasetError(
              at: url.absoluteString, found: "a file with the MD5 digest \(digest)",
              expected: file.md5))
          // What earlier bytes have spoiled, the whole file may mend: once.
          guard before > 0 && !hasStartedAnew else { break }
          hasStartedAnew = true
          continue
        }
        try Self.publish(part, as: path)
        progress(.finished(file: file.name, bytes: Self.size(ofFile: path)))
        return
      }
    }
    if Self.size(ofFile: part) == 0 { try? FileManager.default.removeItem(atPath: part) }
    throw DatasetError(
      at: "download of \(file.name)",
      found: failures.isEmpty ? "no mirror" : failures.joined(separator: "; "),
      expected: "a mirror that has the whole file")
  }

  private static func size(ofFile path: String) -> Int {
    var information = stat()
    return stat(path, &information) == 0 ? Int(information.st_size) : 0
  }

  /// Writes a file through to the disk and gives it its name in one step, so that no name ever
  /// stands for half a file.
  private static func publish(_ part: String, as path: String) throws {
    func sync(_ path: String) -> Bool {
      let descriptor = open(path, O_RDONLY)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      return fsync(descriptor) == 0
    }
    guard sync(part), rename(part, path) == 0 else {
      throw DatasetError(
        at: path, found: "a file that cannot be written (\(String(cString: strerror(errno))))",
        expected: "a folder to write to")
    }
    // Some file systems cannot sync a folder; the file itself is safe.
    _ = sync((path as NSString).deletingLastPathComponent)
  }
}
