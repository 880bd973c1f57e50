#if !canImport(Darwin)
  import CCurl
  import Foundation

  extension Transfer {
    /// Makes the request and returns when it has ended.
    ///
    /// - Throws: `DatasetError` where libcurl is not installed.
    func carry() throws {
      let curl = try CurlLibrary.shared()
      let call = CurlCall(self, curl)
      guard let call else {
        return fail(found: "a libcurl that does not start", expected: "one that does")
      }
      call.run()
    }
  }

  /// One request on its way.
  private final class CurlCall {
    private let transfer: Transfer
    private let curl: CurlLibrary
    private let handle: UnsafeMutableRawPointer
    private var fields: [String: String] = [:]
    /// What the head of the response was answered; nil before the first of its body.
    private var isWanted: Bool?

    /// nil where the library gives no handle.
    init?(_ transfer: Transfer, _ curl: CurlLibrary) {
      guard let handle = curl.start() else { return nil }
      (self.transfer, self.curl, self.handle) = (transfer, curl, handle)
    }

    deinit { curl.end(handle) }

    func run() {
      var lines: UnsafeMutableRawPointer?
      for (name, value) in transfer.fields { lines = curl.append(lines, "\(name): \(value)") }
      defer { curl.freeList(lines) }
      let own = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
      set(.httpHeader, lines.map { UnsafeRawPointer($0) })
      for option in [CurlLibrary.Option.writeData, .headerData] { set(option, own) }
      let body: CurlLibrary.Receive = { bytes, size, count, own in
        guard let bytes, let own else { return 0 }
        let call = Unmanaged<CurlCall>.fromOpaque(own).takeUnretainedValue()
        // Fewer bytes than came end the connection.
        return call.take(Data(bytes: bytes, count: size * count)) ? size * count : 0
      }
      let head: CurlLibrary.Receive = { bytes, size, count, own in
        guard let bytes, let own else { return 0 }
        let line = String(
          decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
        Unmanaged<CurlCall>.fromOpaque(own).takeUnretainedValue().take(line: line)
        return size * count
      }
      set(.writeFunction, unsafeBitCast(body, to: UnsafeRawPointer.self))
      set(.headerFunction, unsafeBitCast(head, to: UnsafeRawPointer.self))
      for (option, value) in CurlLibrary.settings { curl.set(handle, option, value) }
      let status = transfer.url.absoluteString.withCString { url in
        set(.url, UnsafeRawPointer(url))
        return curl.perform(handle)
      }
      // A response without a body has been asked for nothing yet.
      if status == 0, isWanted == nil { _ = decide() }
      let isOwnEnd = isWanted == false
      transfer.end(status == 0 || isOwnEnd ? nil : String(cString: curl.words(status)))
    }

    private func set(_ option: CurlLibrary.Option, _ value: UnsafeRawPointer?) {
      curl.set(handle, option, value)
    }

    private func decide() -> Bool {
      let answer = transfer.take(
        status: curl.responseStatus(handle), field: { self.fields[$0.lowercased()] })
      isWanted = answer
      return answer
    }

    private func take(_ data: Data) -> Bool {
      (isWanted ?? decide()) && transfer.take(data)
    }

    /// Takes a line of a head; that of a redirection comes before that of the response.
    private func take(line: String) {
      if line.hasPrefix("HTTP/") {
        fields = [:]
        return
      }
      guard let colon = line.firstIndex(of: ":") else { return }
      fields[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
#endif
