import Tensors

/// The checked header of a safetensors file: every entry's bytes lie inside the file, match its
/// type and shape, and together cover the data without gap or overlap.
struct SafetensorsHeader {
  /// What the header says of one tensor.
  struct Entry {
    let name: String
    let type: StoredType
    let shape: Shape
    /// The bytes, counted from the start of the data.
    let range: Range<Int>
  }

  /// The entries in the header's order.
  let entries: [Entry]
  let metadata: [String: String]
  /// Where in the file the data starts.
  let dataStart: Int

  init(_ source: some ByteSource) throws {
    let bytes = try Self.text(of: source)
    dataStart = 8 + bytes.count
    let dataCount = source.count - dataStart
    guard bytes.first == UInt8(ascii: "{") else {
      throw InterchangeError(
        source: source.name, problem: "the header does not begin with '{': not a safetensors file")
    }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    var scanner = HeaderScanner(bytes, source: source.name)
    try scanner.object("it") { scanner, name in
      if name == SafetensorsFile.metadataKey {
        try scanner.object("the metadata") { scanner, key in
          metadata[key] = try scanner.string()
        }
      } else {
        entries.append(
          try Entry(name: name, from: &scanner, source: source.name, dataCount: dataCount))
      }
    }
    try scanner.end()
    try Self.checkCover(entries, dataCount: dataCount, source: source.name)
    self.entries = entries
    self.metadata = metadata
  }

  /// The header's JSON, its length checked.
  private static func text(of source: some ByteSource) throws -> [UInt8] {
    guard source.count >= 8 else {
      throw InterchangeError(
        source: source.name,
        problem: "has \(source.count) bytes; a safetensors file begins with 8 bytes of length")
    }
    let length = try source.bytes(in: 0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsFile.longestHeader) else {
      throw InterchangeError(
        source: source.name,
        problem: "claims a header of \(length) bytes; at most "
          + "\(SafetensorsFile.longestHeader) are read: not a safetensors file, or a damaged one")
    }
    guard length <= UInt64(source.count - 8) else {
      throw InterchangeError(
        source: source.name,
        problem: "claims a header of \(length) bytes, but only \(source.count - 8) bytes follow: "
          + "the file is truncated, or not a safetensors file")
    }
    return try source.bytes(in: 8..<8 + Int(length))
  }

  /// Checks that the entries, in the order of their bytes, follow each other without gap or
  /// overlap from the first byte of the data to the last.
  private static func checkCover(_ entries: [Entry], dataCount: Int, source: String) throws {
    let ordered = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in ordered {
      let start = entry.range.lowerBound
      guard start == end else {
        throw InterchangeError(
          source: source, entry: entry.name,
          problem: start < end
            ? "its bytes from \(start) on overlap another entry's, which end at \(end)"
            : "its bytes start at \(start), but the entry before ends at \(end): "
              + "\(start - end) bytes between them belong to no entry")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw InterchangeError(
        source: source,
        problem: "the entries end at byte \(end) of the data, which has \(dataCount): "
          + "\(dataCount - end) bytes at the end belong to no entry")
    }
  }
}

extension SafetensorsHeader.Entry {
  /// Reads one entry's object and checks it by itself.
  fileprivate init(
    name: String, from scanner: inout HeaderScanner, source: String, dataCount: Int
  ) throws {
    func refuse(_ problem: String) -> InterchangeError {
      InterchangeError(source: source, entry: name, problem: problem)
    }
    var typeName: String?
    var sizes: [Int]?
    var offsets: [Int]?
    try scanner.object("entry \(quoted(name))") { scanner, key in
      switch key {
      case "dtype": typeName = try scanner.string()
      case "shape": sizes = try scanner.naturals(limit: SafetensorsFile.mostAxes)
      case "data_offsets": offsets = try scanner.naturals(limit: 2)
      default:
        throw refuse("unknown key \(quoted(key)); expected dtype, shape and data_offsets")
      }
    }
    guard let typeName else { throw refuse("has no dtype") }
    guard let sizes else { throw refuse("has no shape") }
    guard let offsets else { throw refuse("has no data_offsets") }
    guard let type = StoredType(rawValue: typeName) else {
      throw refuse("unknown dtype \(quoted(typeName)); expected one of \(StoredType.names)")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw refuse("data_offsets are \(offsets); expected a begin and an end that is not before it")
    }
    guard offsets[1] <= dataCount else {
      throw refuse(
        "data_offsets are \(offsets), but the file has \(dataCount) bytes of data: "
          + "it is truncated or damaged")
    }
    let shape = Shape(sizes)
    // Axes of size 0 are left out, so that no product of some of the sizes overflows either.
    guard let product = Shape(sizes.filter { $0 != 0 }).checkedCount,
      !product.multipliedReportingOverflow(by: type.size).overflow
    else {
      throw refuse("shape \(shape) has more elements than can be counted")
    }
    let expected = shape.count * type.size
    guard offsets[1] - offsets[0] == expected else {
      throw refuse(
        "data_offsets \(offsets) hold \(offsets[1] - offsets[0]) bytes; "
          + "\(typeName) of shape \(shape) takes \(expected)")
    }
    self.init(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }
}
