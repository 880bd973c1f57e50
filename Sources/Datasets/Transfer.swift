import Foundation

/// One HTTP request whose body goes straight to a file.
///
/// Where the file holds something already, only what follows is asked for (RFC 9110, range
/// requests); a server that sends everything all the same overwrites it. What carries the request is
/// the system's: `URLSession` where Foundation has it, libcurl elsewhere.
final class Transfer: NSObject, @unchecked Sendable {
  // The carrier calls back one call at a time; `run` reads after the last of them.
  let url: URL
  private let file: FileHandle
  private let limit: Int
  private let progress: @Sendable (Int, Int?) -> Void
  /// The bytes that the file holds.
  private(set) var offset: Int
  private var expected: Int?
  private var isAccepted = false
  private(set) var failure: DatasetError?

  private init(
    _ url: URL, file: FileHandle, offset: Int, limit: Int,
    progress: @escaping @Sendable (Int, Int?) -> Void
  ) {
    self.url = url
    self.file = file
    self.offset = offset
    self.limit = limit
    self.progress = progress
  }

  /// Downloads what a file lacks, and returns when it is whole.
  ///
  /// - Throws: `DatasetError` for any other outcome; what has come so far stays in the file.
  static func run(
    _ url: URL, to path: String, limit: Int, progress: @escaping @Sendable (Int, Int?) -> Void
  ) throws {
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let file = FileHandle(forUpdatingAtPath: path), let size = try? file.seekToEnd() else {
      throw DatasetError(
        at: path, found: "a file that cannot be written", expected: "a folder to write to")
    }
    defer { try? file.close() }
    let transfer = Transfer(url, file: file, offset: Int(size), limit: limit, progress: progress)
    try transfer.carry()
    if let failure = transfer.failure { throw failure }
  }

  /// The request's header fields.
  var fields: [(name: String, value: String)] {
    // Packed files must come as they are, for their checksum's sake.
    [("User-Agent", "backprop"), ("Accept-Encoding", "identity")]
      + (offset > 0 ? [("Range", "bytes=\(offset)-")] : [])
  }

  private func error(_ found: String, _ expected: String) -> DatasetError {
    DatasetError(at: url.absoluteString, found: found, expected: expected)
  }

  /// Takes a response's head.
  ///
  /// - Returns: Whether its body is wanted; else ``failure`` says why, or nothing follows.
  func take(status: Int, field: (String) -> String?) -> Bool {
    switch status {
    case 200:
      // The whole file comes, whatever was asked for.
      offset = 0
      do { try file.truncate(atOffset: 0) } catch {
        failure = self.error("a part that cannot be written", "room on the disk")
        return false
      }
    case 206:
      let range = field("Content-Range") ?? ""
      guard range.hasPrefix("bytes \(offset)-") else {
        failure = error("the range \(quoted(range))", "one that starts at byte \(offset)")
        return false
      }
    case 416 where offset > 0:
      // Nothing follows: the part may be the whole file, which its checksum will tell.
      return false
    default:
      failure = error("HTTP status \(status)", "200 or 206")
      return false
    }
    isAccepted = true
    let length = field("Content-Length").flatMap { Int($0) }
    if let length, length >= 0, length <= limit { expected = offset + length }
    return true
  }

  /// Writes bytes of the body that have come.
  ///
  /// - Returns: Whether more are wanted.
  func take(_ data: Data) -> Bool {
    guard isAccepted, failure == nil else { return false }
    guard data.count <= limit - offset else {
      failure = error("more than \(limit) bytes", "a file of the dataset")
      return false
    }
    do {
      try file.write(contentsOf: data)
    } catch {
      failure = self.error("a part that cannot be written", "room on the disk")
      return false
    }
    offset += data.count
    progress(offset, expected)
    return true
  }

  /// Takes the end of the connection.
  ///
  /// - Parameter reason: Why it failed; nil where it did not.
  func end(_ reason: String?) {
    guard failure == nil else { return }
    if let reason {
      failure = error(
        "a connection that failed after \(offset) bytes (\(reason))", "the whole file")
    } else if isAccepted, let expected, offset != expected {
      failure = error("\(offset) bytes", "\(expected)")
    }
  }

  /// Why no request could be made.
  func fail(found: String, expected: String) { failure = error(found, expected) }
}
