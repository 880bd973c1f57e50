import Foundation

/// The system's zlib, looked up at run time, so that nothing has to be installed to build.
package struct ZLib: @unchecked Sendable {
  typealias InflateInit =
    @convention(c) (UnsafeMutableRawPointer, Int32, UnsafePointer<CChar>, Int32) -> Int32
  typealias StreamCall = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  typealias StreamEnd = @convention(c) (UnsafeMutableRawPointer) -> Int32

  let inflateInit: InflateInit
  let inflate: StreamCall
  let inflateEnd: StreamEnd

  /// zlib's `z_stream`, field for field, as 64-bit systems lay it out.
  struct Stream {
    var nextIn: UnsafePointer<UInt8>?
    var availableIn: UInt32 = 0
    var totalIn: UInt = 0
    var nextOut: UnsafeMutablePointer<UInt8>?
    var availableOut: UInt32 = 0
    var totalOut: UInt = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: OpaquePointer?
    var free: OpaquePointer?
    var opaque: UnsafeMutableRawPointer?
    var dataType: Int32 = 0
    var adler: UInt = 0
    var reserved: UInt = 0
  }

  #if canImport(Darwin)
    static let libraryNames = ["/usr/lib/libz.1.dylib", "libz.1.dylib"]
  #else
    static let libraryNames = ["libz.so.1", "libz.so"]
  #endif

  private static let found = Result { try ZLib(libraries: libraryNames) }

  /// The library, looked up once.
  ///
  /// - Throws: `DatasetError` where it is not installed.
  static func shared() throws -> ZLib { try found.get() }

  /// Looks for the library under the given names.
  ///
  /// - Throws: `DatasetError` where none of them can be loaded.
  package init(libraries: [String]) throws {
    // zlib itself checks the size it is told against its own.
    guard MemoryLayout<Stream>.size == 112 else {
      throw DatasetError(
        at: "zlib", found: "a system that is not 64-bit", expected: "files that are not packed")
    }
    for name in libraries {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL),
        let inflateInit = dlsym(handle, "inflateInit2_"),
        let inflate = dlsym(handle, "inflate"),
        let inflateEnd = dlsym(handle, "inflateEnd")
      else { continue }
      self.inflateInit = unsafeBitCast(inflateInit, to: InflateInit.self)
      self.inflate = unsafeBitCast(inflate, to: StreamCall.self)
      self.inflateEnd = unsafeBitCast(inflateEnd, to: StreamEnd.self)
      return
    }
    throw DatasetError(
      at: "zlib", found: "no library \(libraries.joined(separator: " or "))",
      expected: "zlib to unpack the file: install it (apt install zlib1g), or unpack the file "
        + "yourself (gunzip, unzip) and name the unpacked one")
  }
}

/// The bytes that deflated data unpack to, a piece at a time.
///
/// Nothing is unpacked that is not asked for, so a small file that would unpack to terabytes
/// costs no more than what its reader has declared and checked.
final class InflatedBytes: ByteReader {
  /// What surrounds the deflated data.
  enum Format {
    /// gzip (RFC 1952), whose checksum zlib verifies.
    case gzip
    /// zlib's head and checksum (RFC 1950), as in PNG images.
    case zlib
    /// Nothing (RFC 1951), as in zip files.
    case raw

    var windowBits: Int32 {
      switch self {
      case .gzip: 15 + 16
      case .zlib: 15
      case .raw: -15
      }
    }
  }

  let name: String
  private let source: any ByteReader
  private let format: Format
  private let zlib: ZLib
  // At a fixed address: zlib's state points back at it.
  private let stream: UnsafeMutablePointer<ZLib.Stream>
  private let input: UnsafeMutableRawBufferPointer
  private var isAtEnd = false
  private var isStarted = false

  init(_ source: any ByteReader, format: Format) throws {
    name = source.name
    self.source = source
    self.format = format
    zlib = try ZLib.shared()
    stream = .allocate(capacity: 1)
    stream.initialize(to: ZLib.Stream())
    input = .allocate(byteCount: 1 << 16, alignment: 16)
    let status = zlib.inflateInit(stream, format.windowBits, "1", 112)
    guard status == 0 else {
      throw DatasetError(
        at: name, found: "zlib's error \(status) at the start", expected: "zlib 1.2 or later")
    }
    isStarted = true
  }

  deinit {
    if isStarted { _ = zlib.inflateEnd(stream) }
    stream.deallocate()
    input.deallocate()
  }

  /// Deflate packs at most 1032 bytes into one.
  var remaining: Int {
    if isAtEnd { return 0 }
    let packed = source.remaining + Int(stream.pointee.availableIn)
    let (limit, overflow) = packed.multipliedReportingOverflow(by: 1032)
    // What zlib has taken in, but not yet given out, is less than its window and one match.
    let (total, overflows) = limit.addingReportingOverflow(1 << 16)
    return overflow || overflows ? .max : total
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !isAtEnd, !buffer.isEmpty else { return 0 }
    let wanted = min(buffer.count, 1 << 30)
    stream.pointee.nextOut = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.availableOut = UInt32(wanted)
    while stream.pointee.availableOut > 0 {
      if stream.pointee.availableIn == 0 {
        let count = try source.read(into: input)
        guard count > 0 else {
          throw DatasetError(
            at: name, found: "the end of the file amid packed data",
            expected: "a whole file; this one is cut short")
        }
        stream.pointee.nextIn = UnsafePointer(
          input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.availableIn = UInt32(count)
      }
      let status = zlib.inflate(stream, 0)
      if status == 1 {
        isAtEnd = true
        if format == .gzip && (stream.pointee.availableIn > 0 || source.remaining > 0) {
          throw DatasetError(
            at: name, found: "more bytes after the packed data", expected: "one gzip stream")
        }
        break
      }
      guard status == 0 else {
        let reason = stream.pointee.message.map { String(cString: $0) } ?? "error \(status)"
        throw DatasetError(
          at: name, found: "damaged packed data (zlib: \(reason))",
          expected: format == .gzip ? "a gzip file with a right checksum" : "deflated data")
      }
    }
    return wanted - Int(stream.pointee.availableOut)
  }
}
