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
    try checkFolder(of: path, option)
  }

  /// Tries to make a file in the folder: permissions alone do not tell of read-only file systems.
  private static func checkFolder(of path: String, _ option: String) throws {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandError("\(path): cannot write \(option): there is no folder \(folder)")
    }
    let probe = folder + "/.\(url.lastPathComponent.prefix(100)).\(getpid()).probe"
    let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, option, errno) }
    close(descriptor)
    unlink(probe)
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
