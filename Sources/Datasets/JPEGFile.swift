import Foundation

/// JPEG images, by libjpeg-turbo's TurboJPEG library where the system has it.
enum JPEGFile {
  /// What a file says of its image.
  static func header(_ path: String) throws -> Picture.Header {
    try opened(path) { library, handle, data in try library.header(handle, data, path) }
  }

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` where the library is missing, or the file is damaged.
  static func read(_ path: String) throws -> Picture {
    try opened(path) { library, handle, data in
      let header = try library.header(handle, data, path)
      let channels = header.isGray ? 1 : 3
      var pixels = [UInt8](repeating: 0, count: header.width * header.height * channels)
      let status = pixels.withUnsafeMutableBufferPointer { pixels in
        library.decompress(
          handle, data.baseAddress, CUnsignedLong(data.count), pixels.baseAddress,
          Int32(header.width), Int32(header.width * channels), Int32(header.height),
          header.isGray ? JPEGLibrary.gray : JPEGLibrary.rgb, JPEGLibrary.accurate)
      }
      guard status == 0 else { throw library.failure(handle, path) }
      return Picture(
        width: header.width, height: header.height, channels: channels,
        values: pixels.map { Float($0) })
    }
  }

  private static func opened<R>(
    _ path: String,
    _ body: (JPEGLibrary, UnsafeMutableRawPointer, UnsafeBufferPointer<UInt8>) throws -> R
  ) throws -> R {
    guard let library = JPEGLibrary.shared else {
      throw DatasetError(
        at: path, found: "a JPEG image, and no library that reads them",
        expected: "libjpeg-turbo (\(JPEGLibrary.advice)), or the image converted to PNG")
    }
    let bytes = try FileBytes(path: path).readAll()
    guard let handle = library.start() else {
      throw DatasetError(
        at: path, found: "a TurboJPEG library that does not start", expected: "one that does")
    }
    defer { _ = library.end(handle) }
    return try bytes.withUnsafeBufferPointer { try body(library, handle, $0) }
  }
}

/// TurboJPEG's functions, looked up at run time, so that nothing has to be installed to build.
///
/// The environment variable `BACKPROP_JPEG` names another library file, or `none`.
struct JPEGLibrary: @unchecked Sendable {
  typealias Start = @convention(c) () -> UnsafeMutableRawPointer?
  typealias Describe =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafePointer<UInt8>?, CUnsignedLong, UnsafeMutablePointer<Int32>,
      UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
    ) -> Int32
  typealias Decompress =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafePointer<UInt8>?, CUnsignedLong, UnsafeMutablePointer<UInt8>?,
      Int32, Int32, Int32, Int32, Int32
    ) -> Int32
  typealias Words = @convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<CChar>?
  typealias End = @convention(c) (UnsafeMutableRawPointer) -> Int32

  let start: Start
  let describe: Describe
  let decompress: Decompress
  let words: Words
  let end: End

  /// `TJPF_RGB`, `TJPF_GRAY`, `TJFLAG_ACCURATEDCT` and `TJCS_GRAY` of turbojpeg.h.
  static let (rgb, gray, accurate, grayColors): (Int32, Int32, Int32, Int32) = (0, 6, 4096, 2)

  #if canImport(Darwin)
    static let advice = "brew install jpeg-turbo"
    private static let names = [
      "/opt/homebrew/lib/libturbojpeg.dylib", "/usr/local/lib/libturbojpeg.dylib",
      "libturbojpeg.dylib",
    ]
  #else
    static let advice = "on Debian and Ubuntu: apt-get install libturbojpeg0"
    private static let names = ["libturbojpeg.so.0", "libturbojpeg.so"]
  #endif

  /// The library, looked up once; nil where there is none.
  static let shared = JPEGLibrary()

  private init?() {
    let named = ProcessInfo.processInfo.environment["BACKPROP_JPEG"]
    for name in named.map({ [$0] }) ?? Self.names where name != "none" {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL),
        let start = dlsym(handle, "tjInitDecompress"),
        let describe = dlsym(handle, "tjDecompressHeader3"),
        let decompress = dlsym(handle, "tjDecompress2"),
        let words = dlsym(handle, "tjGetErrorStr2"), let end = dlsym(handle, "tjDestroy")
      else { continue }
      self.start = unsafeBitCast(start, to: Start.self)
      self.describe = unsafeBitCast(describe, to: Describe.self)
      self.decompress = unsafeBitCast(decompress, to: Decompress.self)
      self.words = unsafeBitCast(words, to: Words.self)
      self.end = unsafeBitCast(end, to: End.self)
      return
    }
    return nil
  }

  /// What a file says of its image.
  func header(
    _ handle: UnsafeMutableRawPointer, _ data: UnsafeBufferPointer<UInt8>, _ path: String
  ) throws -> Picture.Header {
    var (width, height, sampling, colors): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let status = describe(
      handle, data.baseAddress, CUnsignedLong(data.count), &width, &height, &sampling, &colors)
    guard status == 0 else { throw failure(handle, path) }
    try Picture.check(width: Int(width), height: Int(height), at: path)
    return Picture.Header(
      width: Int(width), height: Int(height), isGray: colors == Self.grayColors)
  }

  /// The library's own words on what went wrong.
  func failure(_ handle: UnsafeMutableRawPointer, _ path: String) -> DatasetError {
    let reason = words(handle).map { String(cString: $0) } ?? "no reason given"
    return DatasetError(
      at: path, found: "a damaged JPEG image (\(reason))", expected: "a whole image")
  }
}
