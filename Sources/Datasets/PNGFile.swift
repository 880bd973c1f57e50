import Foundation

/// The PNG format: gray and colored images of 1 to 16 bits, with palettes, transparency and
/// interlacing. Transparent pixels are laid over white.
///
/// Specification: W3C, Portable Network Graphics, third edition (2025); ISO/IEC 15948.
enum PNGFile {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// What the header chunk says, and what follows from it.
  struct Format {
    var width: Int
    var height: Int
    /// Bits of one number.
    var depth: Int
    var color: Color
    var isInterlaced: Bool

    enum Color: UInt8 {
      case gray = 0
      case rgb = 2
      case palette = 3
      case grayAlpha = 4
      case rgbAlpha = 6

      /// The numbers of a pixel.
      var count: Int {
        switch self {
        case .gray, .palette: 1
        case .grayAlpha: 2
        case .rgb: 3
        case .rgbAlpha: 4
        }
      }

      /// The depths that the specification allows.
      var depths: Set<Int> {
        switch self {
        case .gray: [1, 2, 4, 8, 16]
        case .palette: [1, 2, 4, 8]
        case .rgb, .grayAlpha, .rgbAlpha: [8, 16]
        }
      }

      var isGray: Bool { self == .gray || self == .grayAlpha }
    }

    /// The bits of a pixel.
    var bits: Int { depth * color.count }

    /// The bytes of a row of so many pixels, without the byte of its filter.
    func rowBytes(_ pixels: Int) -> Int { (pixels * bits + 7) / 8 }

    /// The pictures that lie one behind the other in the data: one, or the seven of Adam7.
    var passes: [Pass] {
      guard isInterlaced else { return [Pass(x: 0, y: 0, dx: 1, dy: 1, width, height)] }
      return [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ].map { Pass(x: $0.0, y: $0.1, dx: $0.2, dy: $0.3, width, height) }
        .filter { $0.width > 0 && $0.height > 0 }
    }
  }

  /// Every `dx`-th pixel from column `x` on, of every `dy`-th row from `y` on.
  struct Pass {
    let x, y, dx, dy, width, height: Int

    init(x: Int, y: Int, dx: Int, dy: Int, _ width: Int, _ height: Int) {
      (self.x, self.y, self.dx, self.dy) = (x, y, dx, dy)
      self.width = (width - x + dx - 1) / dx
      self.height = (height - y + dy - 1) / dy
    }
  }

  /// What the chunks hold.
  struct Contents {
    var format: Format
    /// Red, green, blue of each entry.
    var palette: [UInt8] = []
    /// The chunk tRNS.
    var transparency: [UInt8] = []
    /// The packed pixels.
    var data: [UInt8] = []
  }

  /// What a file says of its image.
  static func header(_ path: String) throws -> Picture.Header {
    let file = try FileBytes(path: path)
    let format = try self.format(file)
    return Picture.Header(
      width: format.width, height: format.height, isGray: format.color.isGray)
  }

  /// Reads a file.
  ///
  /// - Throws: `DatasetError`, naming the file and what is wrong with it.
  static func read(_ path: String) throws -> Picture {
    let contents = try contents(FileBytes(path: path))
    let format = contents.format
    let packed = try InflatedBytes(ArrayBytes(contents.data, name: path), format: .zlib)
    // The sides are bounded, so these products cannot overflow.
    let count = format.passes.reduce(0) { $0 + $1.height * (1 + format.rowBytes($1.width)) }
    guard count <= packed.remaining else {
      throw DatasetError(
        at: path,
        found: "an image of \(format.width) × \(format.height) pixels in "
          + "\(contents.data.count) packed bytes",
        expected: "at least \(count / 1032)")
    }
    var bytes = try packed.bytes(count, part: "the pixels")
    try packed.expectEnd()
    return try PNGPixels(contents, path: path).picture(&bytes)
  }

  // MARK: Chunks

  private static func format(_ file: FileBytes) throws -> Format {
    let start = try file.bytes(8, part: "the signature")
    guard start == signature else {
      throw DatasetError(
        at: file.name, found: "a damaged signature", expected: "the eight bytes that begin a PNG")
    }
    let (name, body) = try chunk(file)
    guard name == "IHDR", body.count == 13 else {
      throw DatasetError(
        at: file.name, found: "the chunk \(quoted(name)) of \(body.count) bytes first",
        expected: "the header IHDR of 13")
    }
    let (width, height) = (bigEndian(body[0..<4]), bigEndian(body[4..<8]))
    try Picture.check(width: width, height: height, at: file.name)
    let depth = Int(body[8])
    guard let color = Format.Color(rawValue: body[9]), color.depths.contains(depth),
      body[10] == 0, body[11] == 0, body[12] <= 1
    else {
      throw DatasetError(
        at: file.name,
        found: "color type \(body[9]) with \(depth) bits, compression \(body[10]), filter "
          + "\(body[11]), interlace \(body[12])",
        expected: "what the PNG specification allows")
    }
    return Format(
      width: width, height: height, depth: depth, color: color, isInterlaced: body[12] == 1)
  }

  private static func contents(_ file: FileBytes) throws -> Contents {
    var contents = Contents(format: try format(file))
    func failure(_ found: String, _ expected: String) -> DatasetError {
      DatasetError(at: file.name, found: found, expected: expected)
    }
    while true {
      let (name, body) = try chunk(file)
      switch name {
      case "PLTE":
        guard body.count % 3 == 0, (3...768).contains(body.count), contents.data.isEmpty else {
          throw failure("a palette of \(body.count) bytes", "1 to 256 colors before the pixels")
        }
        contents.palette = body
      case "tRNS":
        contents.transparency = body
      case "IDAT":
        contents.data += body
      case "IEND":
        guard !contents.data.isEmpty else { throw failure("no pixels", "a chunk IDAT") }
        guard contents.format.color != .palette || !contents.palette.isEmpty else {
          throw failure("no palette", "a chunk PLTE, which the color type asks for")
        }
        return contents
      default:
        // A capital letter first: nothing can be made of the image without this chunk.
        guard let first = name.utf8.first, first & 0x20 != 0 else {
          throw failure("the unknown chunk \(quoted(name))", "one of IHDR, PLTE, IDAT, IEND")
        }
      }
    }
  }

  /// The next chunk's name and bytes, its checksum verified.
  private static func chunk(_ file: FileBytes) throws -> (name: String, body: [UInt8]) {
    let head = try file.bytes(8, part: "a chunk's head")
    let name = String(decoding: head[4...], as: UTF8.self)
    let length = bigEndian(head[0..<4])
    guard length <= file.remaining - 4 else {
      throw DatasetError(
        at: file.name, found: "a chunk \(quoted(name)) of \(length) bytes",
        expected: "no more than the \(max(file.remaining - 4, 0)) that are left")
    }
    let body = try file.bytes(length, part: "the chunk \(name)")
    let sum = bigEndian(try file.bytes(4, part: "a checksum")[...])
    var checksum = CRC32()
    head[4...].withUnsafeBytes { checksum.update($0) }
    body.withUnsafeBytes { checksum.update($0) }
    guard sum == Int(checksum.value) else {
      throw DatasetError(
        at: file.name, found: "a wrong checksum of the chunk \(quoted(name))",
        expected: "an undamaged file")
    }
    return (name, body)
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}

/// Bytes in memory, read from their start.
final class ArrayBytes: ByteReader {
  let name: String
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  var remaining: Int { bytes.count - place }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(buffer.count, remaining)
    bytes.withUnsafeBytes { source in
      buffer.copyBytes(from: source[place..<place + count])
    }
    place += count
    return count
  }
}
