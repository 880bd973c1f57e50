import Tensors

/// NumPy's `.npy` format, versions 1, 2 and 3: `\x93NUMPY`, the version, the header's length, and
/// the header, a Python dictionary with the keys `descr`, `fortran_order` and `shape`.
///
/// Specification: NumPy Enhancement Proposal 1, and `numpy.lib.format`.
enum NPYFile {
  private static let types: [Substring: FileNumber] = [
    "b1": .bool, "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32,
    "u4": .uint32, "i8": .int64, "u8": .uint64, "f4": .float32, "f8": .float64,
  ]

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` where it is missing, not `.npy`, cut short, longer than it
  ///   declares, or holds something other than plain numbers.
  static func read(_ path: String) throws -> NumberArray {
    try read(from: FileBytes(path: path))
  }

  static func read(from reader: any ByteReader) throws -> NumberArray {
    let start = try reader.bytes(8, part: "the header")
    guard start[..<6] == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], (1...3).contains(start[6]) else {
      throw DatasetError(
        at: reader.name, found: "other first bytes",
        expected: "those of a .npy file of version 1, 2 or 3")
    }
    let lengthBytes = try reader.bytes(start[6] == 1 ? 2 : 4, part: "the header")
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 1 << 20 else {
      throw DatasetError(
        at: reader.name, found: "a header of \(length) bytes", expected: "at most a mebibyte")
    }
    let text = String(decoding: try reader.bytes(length, part: "the header"), as: UTF8.self)
    let header = try NPYHeader(text, name: reader.name)
    guard let type = types[header.type.dropFirst()] else {
      throw DatasetError(
        at: reader.name, found: "numbers of type \(quoted(header.type))",
        expected: "one of \(types.keys.sorted().joined(separator: ", "))")
    }
    var shape = Shape(header.shape)
    if header.isFortranOrder { shape.dimensions.reverse() }
    var array = try NumberArray(
      from: reader, shape: shape, type: type, isBigEndian: header.type.first == ">")
    try reader.expectEnd()
    if header.isFortranOrder { array.tensor = reversedAxes(array.tensor) }
    return array
  }

  /// The tensor with its axes in reverse order: a Fortran-ordered array, read as if it were
  /// row-major, has them so.
  private static func reversedAxes(_ tensor: Tensor) -> Tensor {
    let shape = Shape(tensor.shape.dimensions.reversed())
    let steps = Array(tensor.shape.strides.reversed())
    func permuted<T>(_ values: [T]) -> [T] {
      var index = [Int](repeating: 0, count: shape.rank)
      var offset = 0
      return values.indices.map { _ in
        let value = values[offset]
        for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
          index[axis] += 1
          offset += steps[axis]
          if index[axis] < shape[axis] { break }
          offset -= index[axis] * steps[axis]
          index[axis] = 0
        }
        return value
      }
    }
    return switch tensor.storage {
    case .float32(let values): Tensor(.float32(permuted(values)), shape: shape)
    case .float64(let values): Tensor(.float64(permuted(values)), shape: shape)
    case .int32(let values): Tensor(.int32(permuted(values)), shape: shape)
    }
  }
}

/// The three entries of a `.npy` header.
struct NPYHeader {
  /// `<f8`: byte order, kind and size.
  var type = ""
  var isFortranOrder = false
  var shape: [Int] = []

  /// Reads `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
  init(_ text: String, name: String) throws {
    func failure(_ found: String, _ expected: String) -> DatasetError {
      DatasetError(at: "\(name), header", found: found, expected: expected)
    }
    /// What follows a key's colon.
    func value(of key: String) throws -> Substring {
      for quote in ["'", "\""] {
        let name = "\(quote)\(key)\(quote)"
        guard let start = text.firstRange(of: name)?.upperBound else { continue }
        let rest = text[start...].drop { $0 == " " }
        if rest.first == ":" { return rest.dropFirst().drop { $0 == " " } }
      }
      throw failure("no entry '\(key)'", "a dictionary with descr, fortran_order and shape")
    }
    let type = try value(of: "descr")
    guard let quote = type.first, quote == "'" || quote == "\"",
      let end = type.dropFirst().firstIndex(of: quote)
    else {
      throw failure("a compound type", "an array of plain numbers")
    }
    self.type = String(type[type.index(after: type.startIndex)..<end])

    let order = try value(of: "fortran_order")
    guard order.hasPrefix("True") || order.hasPrefix("False") else {
      throw failure("fortran_order \(quoted(String(order)))", "True or False")
    }
    isFortranOrder = order.hasPrefix("True")

    let shape = try value(of: "shape")
    guard shape.first == "(", let close = shape.firstIndex(of: ")") else {
      throw failure("shape \(quoted(String(shape)))", "sizes in parentheses")
    }
    for part in shape[..<close].dropFirst().split(separator: ",") {
      let digits = part.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard let size = Int(digits), size >= 0 else {
        throw failure("the size \(quoted(String(part)))", "a whole number that is not negative")
      }
      self.shape.append(size)
    }
    guard self.shape.count <= 64 else {
      throw failure("\(self.shape.count) axes", "at most 64, as in NumPy")
    }
  }
}
