import Foundation

/// A small HTTP server on 127.0.0.1 that can misbehave, for the tests of downloads.
final class LoopbackServer: @unchecked Sendable {
  /// A file that is served.
  struct Resource {
    var data: [UInt8]
    /// Breaks the connection after so many bytes of the body, for the first so many requests.
    var drop: (after: Int, requests: Int)?
    /// Whether `Range` is heard.
    var servesRanges = true
    /// A status to answer with instead.
    var status: Int?
    /// Sends without a length, until the client hangs up or the data end.
    var omitsLength = false
  }

  private let descriptor: Int32
  private let port: UInt16
  private let lock = NSLock()
  private var resources: [String: Resource] = [:]
  private var counts: [String: Int] = [:]
  private var log: [String] = []

  struct Failure: Error {}

  init() throws {
    #if canImport(Darwin)
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let server = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(server, $0, length) == 0 && listen(server, 16) == 0
          && getsockname(server, $0, &length) == 0
      }
    }
    guard isListening else { throw Failure() }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while case let client = accept(descriptor, nil, nil), client >= 0 {
        serve(client)
        close(client)
      }
      // Here and not in stop(): no other socket may get this number while the loop still uses it.
      close(descriptor)
    }
  }

  /// Ends the server's thread.
  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// The address of a folder on the server.
  func url(_ folder: String) -> URL {
    var parts = URLComponents()
    parts.scheme = "http"
    parts.host = "127.0.0.1"
    parts.port = Int(port)
    parts.path = "/\(folder)/"
    return parts.url ?? URL(fileURLWithPath: "/")
  }

  subscript(path: String) -> Resource? {
    get { lock.withLock { resources[path] } }
    set { lock.withLock { resources[path] = newValue } }
  }

  /// The requests so far: path, and range where there is one.
  var requests: [String] { lock.withLock { log } }

  private func serve(_ client: Int32) {
    var request: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let count = recv(client, &piece, piece.count, 0)
      guard count > 0 else { return }
      request += piece[..<count]
    }
    let lines = String(decoding: request, as: UTF8.self).components(separatedBy: "\r\n")
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? "/"
    let range = lines.first { $0.lowercased().hasPrefix("range: ") }?.dropFirst("range: ".count)
    let (found, number) = lock.withLock {
      log.append(path + (range.map { " \($0)" } ?? ""))
      counts[path, default: 0] += 1
      return (resources[path], counts[path] ?? 1)
    }
    guard let resource = found, resource.status == nil else {
      let status = found?.status ?? 404
      send(
        client,
        Array("HTTP/1.1 \(status) No\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsad\n".utf8))
      return
    }
    var start = 0
    if let range, resource.servesRanges, range.hasPrefix("bytes="),
      let first = Int(range.dropFirst(6).prefix { $0.isNumber })
    {
      start = first
      guard start < resource.data.count else {
        send(
          client, Array("HTTP/1.1 416 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
        return
      }
    }
    let body = Array(resource.data[start...])
    var head = start > 0 ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n"
    if start > 0 {
      head += "Content-Range: bytes \(start)-\(resource.data.count - 1)/\(resource.data.count)\r\n"
    }
    if !resource.omitsLength { head += "Content-Length: \(body.count)\r\n" }
    send(client, Array((head + "Connection: close\r\n\r\n").utf8))
    if let drop = resource.drop, number <= drop.requests {
      send(client, Array(body.prefix(drop.after)))
    } else {
      send(client, body)
    }
  }

  private func send(_ client: Int32, _ bytes: [UInt8]) {
    #if canImport(Darwin)
      var on: Int32 = 1
      setsockopt(client, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        #if canImport(Darwin)
          Darwin.send(client, $0.baseAddress, $0.count, flags)
        #else
          Glibc.send(client, $0.baseAddress, $0.count, flags)
        #endif
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
