#if !canImport(Darwin)
  import CCurl
  import Foundation

  /// The system's libcurl, looked up when something is to be downloaded: linking Foundation's own
  /// HTTP client would load its 30 libraries at every start.
  package struct CurlLibrary: @unchecked Sendable {
    typealias Receive =
      @convention(c) (UnsafeRawPointer?, Int, Int, UnsafeMutableRawPointer?) -> Int
    private typealias Initialize = @convention(c) (CLong) -> Int32
    private typealias Append =
      @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>) -> UnsafeMutableRawPointer?

    /// Options of `curl_easy_setopt`, by their numbers in curl.h.
    enum Option: Int32 {
      case writeData = 10001
      case url = 10002
      case httpHeader = 10023
      case headerData = 10029
      case writeFunction = 20011
      case headerFunction = 20079
      case lowSpeedLimit = 19
      case lowSpeedTime = 20
      case followLocation = 52
      case maximumRedirections = 68
      case connectTimeout = 78
      case noSignal = 99
      case protocols = 181
      case redirectionProtocols = 182
    }

    /// HTTP and HTTPS alone; given up after a minute without a byte a second.
    static let settings: [(Option, Int)] = [
      (.followLocation, 1), (.maximumRedirections, 10), (.noSignal, 1), (.protocols, 3),
      (.redirectionProtocols, 3), (.connectTimeout, 60), (.lowSpeedLimit, 1), (.lowSpeedTime, 60),
    ]
    /// `CURLINFO_RESPONSE_CODE`.
    private static let responseCode: Int32 = 0x200002

    let start: @convention(c) () -> UnsafeMutableRawPointer?
    let perform: @convention(c) (UnsafeMutableRawPointer) -> Int32
    let end: @convention(c) (UnsafeMutableRawPointer) -> Void
    let words: @convention(c) (Int32) -> UnsafePointer<CChar>
    let freeList: @convention(c) (UnsafeMutableRawPointer?) -> Void
    private let appendText: Append
    private let setopt: UnsafeMutableRawPointer
    private let getinfo: UnsafeMutableRawPointer

    private static let found = Result {
      try CurlLibrary(libraries: ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"])
    }

    /// The library, looked up once.
    ///
    /// - Throws: `DatasetError` where it is not installed.
    static func shared() throws -> CurlLibrary { try found.get() }

    /// Looks for the library under the given names.
    ///
    /// - Throws: `DatasetError` where none of them can be loaded.
    package init(libraries: [String]) throws {
      for name in libraries {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL),
          let initialize = dlsym(library, "curl_global_init"),
          let start = dlsym(library, "curl_easy_init"),
          let perform = dlsym(library, "curl_easy_perform"),
          let end = dlsym(library, "curl_easy_cleanup"),
          let words = dlsym(library, "curl_easy_strerror"),
          let append = dlsym(library, "curl_slist_append"),
          let freeList = dlsym(library, "curl_slist_free_all"),
          let setopt = dlsym(library, "curl_easy_setopt"),
          let getinfo = dlsym(library, "curl_easy_getinfo"),
          // 3: everything, TLS among it.
          unsafeBitCast(initialize, to: Initialize.self)(3) == 0
        else { continue }
        self.start = unsafeBitCast(start, to: type(of: self.start))
        self.perform = unsafeBitCast(perform, to: type(of: self.perform))
        self.end = unsafeBitCast(end, to: type(of: self.end))
        self.words = unsafeBitCast(words, to: type(of: self.words))
        self.freeList = unsafeBitCast(freeList, to: type(of: self.freeList))
        self.appendText = unsafeBitCast(append, to: Append.self)
        (self.setopt, self.getinfo) = (setopt, getinfo)
        return
      }
      throw DatasetError(
        at: "libcurl", found: "no library \(libraries.joined(separator: " or "))",
        expected: "libcurl to download with: install it (apt install libcurl4), or download the "
          + "files yourself and name their folder")
    }

    func append(_ list: UnsafeMutableRawPointer?, _ text: String) -> UnsafeMutableRawPointer? {
      text.withCString { appendText(list, $0) } ?? list
    }

    func set(_ handle: UnsafeMutableRawPointer, _ option: Option, _ value: Int) {
      _ = bp_curl_set_number(setopt, handle, option.rawValue, value)
    }

    func set(_ handle: UnsafeMutableRawPointer, _ option: Option, _ value: UnsafeRawPointer?) {
      _ = bp_curl_set_pointer(setopt, handle, option.rawValue, value)
    }

    /// The status of the last response.
    func responseStatus(_ handle: UnsafeMutableRawPointer) -> Int {
      var status: CLong = 0
      _ = bp_curl_get_number(getinfo, handle, Self.responseCode, &status)
      return Int(status)
    }
  }
#endif
