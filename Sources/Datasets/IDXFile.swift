import Tensors

/// The IDX format of the MNIST files: bytes 0, 0, TYPE, RANK, then RANK big-endian 32-bit sizes,
/// then the numbers, big-endian and row-major.
///
/// Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", 1998.
enum IDXFile {
  private static let types: [UInt8: FileNumber] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  /// Reads a plain or gzip-packed IDX file.
  ///
  /// - Throws: `DatasetError` where the file is missing, not IDX, cut short, longer than it
  ///   declares or damaged.
  static func read(_ path: String) throws -> NumberArray {
    let reader = try openData(path)
    let isPacked = reader is InflatedBytes
    let magic = try reader.bytes(4, part: "the header")
    guard magic[0] == 0, magic[1] == 0, let type = types[magic[2]], magic[3] > 0 else {
      let shown = magic.map { String($0, radix: 16) }.joined(separator: " ")
      throw DatasetError(
        at: path, found: "the first bytes \(shown)",
        expected: "an IDX header (0 0 TYPE RANK with type 8, 9, b, c, d or e)"
          + (isPacked ? "; .gz is read for IDX files only, unpack other files first" : ""))
    }
    let sizes = try reader.bytes(4 * Int(magic[3]), part: "the header")
    let shape = Shape(
      stride(from: 0, to: sizes.count, by: 4).map { start in
        sizes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      })
    let array = try NumberArray(from: reader, shape: shape, type: type, isBigEndian: true)
    try reader.expectEnd()
    return array
  }
}
