#if canImport(Darwin)
  import Foundation

  extension Transfer {
    /// Makes the request and returns when it has ended.
    func carry() throws {
      var request = URLRequest(url: url)
      for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
      let configuration = URLSessionConfiguration.ephemeral
      configuration.timeoutIntervalForRequest = 60
      let listener = SessionListener(self)
      let session = URLSession(configuration: configuration, delegate: listener, delegateQueue: nil)
      session.dataTask(with: request).resume()
      listener.finished.wait()
      session.finishTasksAndInvalidate()
    }
  }

  /// Hands on what a session tells of its one task.
  private final class SessionListener: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let transfer: Transfer
    let finished = DispatchSemaphore(value: 0)

    init(_ transfer: Transfer) { self.transfer = transfer }

    func urlSession(
      _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
      completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
      defer { completionHandler(transfer.failure == nil ? .allow : .cancel) }
      guard let response = response as? HTTPURLResponse else {
        transfer.fail(found: "no HTTP response", expected: "an HTTP server")
        return
      }
      _ = transfer.take(
        status: response.statusCode, field: { response.value(forHTTPHeaderField: $0) })
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
      if !transfer.take(data), transfer.failure != nil { dataTask.cancel() }
    }

    func urlSession(
      _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
      transfer.end(error?.localizedDescription)
      finished.signal()
    }
  }
#endif
