import Foundation

/// Writes files whole or not at all.
///
/// The bytes go to a new file `.NAME.PID.tmp` in the same folder, which is flushed to the disk and
/// then takes the old file's place in one step (`rename`); last the folder itself is flushed. A
/// crash, a full disk or an error at any point leaves the old file as it was.
///
/// A symbolic link is kept, and the file it points to is replaced. An existing file keeps its
/// permissions, and is not replaced if it may not be written to. A device or a pipe
/// (`/dev/stdout`) is written to directly, as there is nothing to replace.
public enum AtomicFile {
  /// Writes bytes.
  ///
  /// - Parameter describing: what is being written, for errors: `"the trained model"`.
  /// - Throws: `InterchangeError` with the path, what was being written and the system's words.
  public static func write(
    _ bytes: some ContiguousBytes, to path: String, describing contents: String = "the file"
  ) throws {
    try write(to: path, describing: contents) { file in
      try bytes.withUnsafeBytes(file.append)
    }
  }

  /// Writes text in UTF-8.
  ///
  /// - Throws: as for bytes.
  public static func write(
    _ text: String, to path: String, describing contents: String = "the file"
  ) throws {
    try write(Array(text.utf8), to: path, describing: contents)
  }

  /// Writes what `body` appends, piece by piece; if `body` throws, nothing is written.
  ///
  /// - Throws: as for bytes, and whatever `body` throws.
  public static func write(
    to path: String, describing contents: String, _ body: (Writer) throws -> Void
  ) throws {
    let failure = Failure(path: path, contents: contents)
    guard !path.isEmpty else { throw failure(ENOENT) }
    guard !path.utf8.contains(0) else { throw failure(EINVAL) }
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists && kind == S_IFDIR { throw failure(EISDIR) }
    if exists && kind != S_IFREG {
      try writeDirectly(to: path, failure, body)
      return
    }
    if exists && access(path, W_OK) != 0 { throw failure(errno) }
    let target = try linkTarget(of: path, failure)
    try replace(target, mode: exists ? status.st_mode & 0o7777 : nil, failure, body)
  }

  private static func writeDirectly(
    to path: String, _ failure: Failure, _ body: (Writer) throws -> Void
  ) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    do {
      try body(Writer(descriptor: descriptor, failure: failure))
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw failure(errno) }
  }

  private static func replace(
    _ target: String, mode: mode_t?, _ failure: Failure, _ body: (Writer) throws -> Void
  ) throws {
    let (folder, name) = split(target)
    guard !name.isEmpty else { throw failure(EISDIR) }
    let (descriptor, temporary) = try makeTemporary(in: folder, for: name, failure)
    var isOpen = true
    do {
      try body(Writer(descriptor: descriptor, failure: failure))
      if let mode, fchmod(descriptor, mode) != 0 { throw failure(errno) }
      if fsync(descriptor) != 0 { throw failure(errno) }
      // A network's disk may report only here that it is full.
      isOpen = false
      if close(descriptor) != 0 { throw failure(errno) }
      if rename(temporary, target) != 0 { throw failure(errno) }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
    try flush(folder: folder, failure)
  }

  /// Makes a new, empty file beside the target. A name in use – by another thread, or left by a
  /// process that was killed – is passed over.
  private static func makeTemporary(
    in folder: String, for name: String, _ failure: Failure
  ) throws -> (descriptor: Int32, path: String) {
    // File systems allow 255 bytes for a name.
    var stem = name
    while stem.utf8.count > 200 { stem.removeLast() }
    for attempt in 0..<1000 {
      let number = attempt == 0 ? "" : ".\(attempt)"
      let path = "\(folder)/.\(stem).\(getpid())\(number).tmp"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, path) }
      if errno != EEXIST { throw failure(errno) }
    }
    throw failure(EEXIST)
  }

  /// Flushes the folder, so that the new name survives a loss of power. A folder that may not be
  /// opened, or a file system that cannot flush folders, is no reason to report a failure.
  private static func flush(folder: String, _ failure: Failure) throws {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 && errno == EIO {
      throw failure(errno, "the file was written, but its folder could not be flushed: ")
    }
  }

  /// Follows symbolic links to the path that is to be replaced, which need not exist.
  private static func linkTarget(of path: String, _ failure: Failure) throws -> String {
    var target = path
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(target, &buffer, buffer.count)
      // Not a link, or nothing there at all; a real trouble shows when the file is made.
      guard length >= 0 else { return target }
      let link = String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      target = link.hasPrefix("/") ? link : "\(split(target).folder)/\(link)"
    }
    throw failure(ELOOP)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let name = String(path[path.utf8.index(after: slash)...])
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }
}

extension AtomicFile {
  /// Where the pieces of a file go.
  public struct Writer {
    fileprivate let descriptor: Int32
    fileprivate let failure: Failure

    /// Appends bytes.
    ///
    /// - Throws: `InterchangeError` where the system cannot write them.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(FileLimits.bytesPerCall))
        let length = Foundation.write(descriptor, piece.baseAddress, piece.count)
        if length < 0 && errno == EINTR { continue }
        if length <= 0 { throw failure(length < 0 ? errno : EIO) }
        rest = rest.dropFirst(length)
      }
    }
  }

  /// Makes errors of the system's error numbers.
  fileprivate struct Failure {
    let path: String
    let contents: String

    func callAsFunction(_ number: Int32, _ prefix: String? = nil) -> InterchangeError {
      InterchangeError(
        source: path,
        problem: (prefix ?? "cannot write \(contents): ") + systemWords(number))
    }
  }
}
