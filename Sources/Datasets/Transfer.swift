import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One HTTP request whose body goes straight to a file.
///
/// Where the file holds something already, only what follows is asked for (RFC 9110, range
/// requests); a server that sends everything all the same overwrites it.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  // The session calls back on one queue, one call at a time; `run` reads after the last of them.
  private let url: URL
  private let file: FileHandle
  private let limit: Int
  private let progress: @Sendable (Int, Int?) -> Void
  private let finished = DispatchSemaphore(value: 0)
  private var offset: Int
  private var expected: Int?
  private var isAccepted = false
  private var failure: DatasetError?

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
    let offset = Int(size)
    var request = URLRequest(url: url)
    // Packed files must come as they are, for their checksum's sake.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }

    let transfer = Transfer(url, file: file, offset: offset, limit: limit, progress: progress)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 60
    let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
    session.dataTask(with: request).resume()
    transfer.finished.wait()
    session.finishTasksAndInvalidate()
    if let failure = transfer.failure { throw failure }
  }

  private func error(_ found: String, _ expected: String) -> DatasetError {
    DatasetError(at: url.absoluteString, found: found, expected: expected)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    defer { completionHandler(failure == nil ? .allow : .cancel) }
    guard let response = response as? HTTPURLResponse else {
      failure = error("no HTTP response", "an HTTP server")
      return
    }
    switch response.statusCode {
    case 200:
      // The whole file comes, whatever was asked for.
      offset = 0
      do { try file.truncate(atOffset: 0) } catch {
        failure = self.error("a part that cannot be written", "room on the disk")
        return
      }
    case 206:
      let range = response.value(forHTTPHeaderField: "Content-Range") ?? ""
      guard range.hasPrefix("bytes \(offset)-") else {
        failure = error("the range \(quoted(range))", "one that starts at byte \(offset)")
        return
      }
    case 416 where offset > 0:
      // Nothing follows: the part may be the whole file, which its checksum will tell.
      return
    default:
      failure = error("HTTP status \(response.statusCode)", "200 or 206")
      return
    }
    isAccepted = true
    let length = response.value(forHTTPHeaderField: "Content-Length").flatMap { Int($0) }
    if let length, length >= 0, length <= limit { expected = offset + length }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard isAccepted, failure == nil else { return }
    guard data.count <= limit - offset else {
      failure = error("more than \(limit) bytes", "a file of the dataset")
      dataTask.cancel()
      return
    }
    do {
      try file.write(contentsOf: data)
    } catch {
      failure = self.error("a part that cannot be written", "room on the disk")
      dataTask.cancel()
      return
    }
    offset += data.count
    progress(offset, expected)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    if failure == nil {
      if let error {
        failure = self.error(
          "a connection that failed after \(offset) bytes (\(error.localizedDescription))",
          "the whole file")
      } else if isAccepted, let expected, offset != expected {
        failure = self.error("\(offset) bytes", "\(expected)")
      }
    }
    finished.signal()
  }
}
