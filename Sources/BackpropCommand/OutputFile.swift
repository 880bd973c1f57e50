import Foundation

/// A file to be written, checked before the work that its contents cost.
enum OutputFile {
  /// Refuses a path that could not be written to.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - option: The option that names it, for errors.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - inputs: Files that are read, which must not be replaced.
  /// - Throws: ``CommandError`` where something is there already, or the folder is missing or may
  ///   not be written to.
  static func check(
    _ path: String, option: String, replaces: Bool, inputs: [String] = []
  ) throws {
    guard !path.isEmpty else { throw UsageError("\(option): the path is empty") }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw CommandError("\(path): cannot write \(option): it is a folder; expected a file")
      }
      for input in inputs where isSame(path, input) {
        throw CommandError("\(path): \(option) would overwrite the file that is read")
      }
      guard replaces else {
        throw CommandError(
          "\(path): there is a file already; nothing is overwritten without --overwrite")
      }
      guard access(path, W_OK) == 0 else { throw failure(path, option, errno) }
      // A device is written to as it is.
      if status.st_mode & S_IFMT != S_IFREG { return }
    }
    guard let target = linkTarget(of: path) else { throw failure(path, option, ELOOP) }
    try checkFolder(of: target, path, option)
  }

  /// Refuses files of which two are the same, however they are spelled.
  static func checkDistinct(_ files: [(option: String, path: String)]) throws {
    var known: [String: String] = [:]
    for (option, path) in files {
      guard let place = resolved(path) else { continue }
      if let other = known[place] {
        throw UsageError("\(option): \(path) is the file that \(other) names; expected another")
      }
      known[place] = option
    }
  }

  /// Tries to make a file in the folder: permissions alone do not tell of read-only file systems,
  /// nor of names that are too long.
  private static func checkFolder(of target: String, _ path: String, _ option: String) throws {
    let (folder, name) = split(target)
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandError("\(path): cannot write \(option): there is no folder \(folder)")
    }
    guard !name.isEmpty else { throw failure(path, option, EISDIR) }
    // Nothing need be there yet, but its name must be one that can be.
    if lstat(target, &status) != 0, errno != ENOENT { throw failure(path, option, errno) }
    var stem = name
    while stem.utf8.count > 200 { stem.removeLast() }
    let probe = "\(folder)/.\(stem).\(getpid()).999.tmp"
    let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, option, errno) }
    close(descriptor)
    unlink(probe)
  }

  /// The path of the file that is written: links followed, in the folder's one true spelling.
  private static func resolved(_ path: String) -> String? {
    guard let target = linkTarget(of: path) else { return nil }
    let (folder, name) = split(target)
    guard let place = realpath(folder, nil) else { return nil }
    defer { free(place) }
    return String(cString: place) + "/" + name
  }

  /// Follows symbolic links to a path that need not exist; nil where they lead in a circle.
  private static func linkTarget(of path: String) -> String? {
    var target = path
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(target, &buffer, buffer.count)
      guard length >= 0 else { return target }
      let link = String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      target = link.hasPrefix("/") ? link : "\(split(target).folder)/\(link)"
    }
    return nil
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let name = String(path[path.index(after: slash)...])
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }

  private static func failure(_ path: String, _ option: String, _ number: Int32) -> CommandError {
    CommandError("\(path): cannot write \(option): \(String(cString: strerror(number)))")
  }

  private static func isSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
