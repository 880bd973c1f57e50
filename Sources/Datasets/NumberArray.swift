import Foundation
import Tensors

/// The type of the numbers in a binary file.
enum FileNumber: String {
  case bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64

  /// Bytes of one number.
  var size: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Whether the numbers are whole, so that a list of them can be class labels.
  var isInteger: Bool { self != .float32 && self != .float64 }

  /// The type that tensors hold the numbers in without loss: integers beyond 24 bits need
  /// Float64.
  var scalarType: ScalarType {
    switch self {
    case .bool, .int8, .uint8, .int16, .uint16, .float32: .float32
    case .int32, .uint32, .int64, .uint64, .float64: .float64
    }
  }
}

/// An array from a binary file, and the type its numbers had there.
struct NumberArray {
  var tensor: Tensor
  var type: FileNumber
}

extension NumberArray {
  /// Reads the numbers of a declared shape and type, after holding the declared size against
  /// what the file can hold.
  ///
  /// - Throws: `DatasetError` where the size overflows or goes beyond the file, the data end
  ///   early, or an integer is too large for Float64.
  init(
    from reader: any ByteReader, shape: Shape, type: FileNumber, isBigEndian: Bool
  ) throws {
    // A size of 0 must not hide that the others overflow: rows are counted without it later.
    let atLeastOne = Shape(shape.dimensions.map { max($0, 1) } + [8])
    guard atLeastOne.checkedCount != nil, let count = shape.checkedCount else {
      throw DatasetError(
        at: reader.name, found: "the declared shape \(shape)",
        expected: "a shape whose size in bytes can be counted")
    }
    let bytes = count * type.size
    guard bytes <= reader.remaining else {
      throw DatasetError(
        at: reader.name,
        found: "the declared shape \(shape) of \(type.rawValue), which is \(bytes) bytes",
        expected: "no more than the \(reader.remaining) bytes that the file can hold")
    }
    self.type = type
    let name = reader.name
    tensor = try Tensor(shape: shape, type: type.scalarType) { memory in
      // What the file holds as tensors do is read straight into place.
      if type == .float32 || type == .float64 {
        try reader.fill(memory, part: "data")
        if isBigEndian != (Int(bigEndian: 1) == 1) { reverseBytes(memory, size: type.size) }
        return
      }
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { piece.deallocate() }
      var done = 0
      while done < count {
        let numbers = min(count - done, piece.count / type.size)
        let raw = UnsafeMutableRawBufferPointer(rebasing: piece[..<(numbers * type.size)])
        try reader.fill(raw, part: "data")
        let target = UnsafeMutableRawBufferPointer(
          rebasing: memory[(done * type.scalarType.size)...])
        try convert(UnsafeRawBufferPointer(raw), to: target, type, isBigEndian, name)
        done += numbers
      }
    }
  }

  /// Refuses numbers that are not finite, with the row and the place in it.
  func checkFinite(at name: String) throws {
    func check<T: BinaryFloatingPoint>(_ values: [T]) throws {
      guard let offset = values.firstIndex(where: { !$0.isFinite }) else { return }
      let columns = max(tensor.shape.dimensions.dropFirst().reduce(1, *), 1)
      throw DatasetError(
        at: "\(name), row \(offset / columns + 1), column \(offset % columns + 1)",
        found: "\(values[offset])", expected: "a finite number")
    }
    if type.isInteger { return }
    switch tensor.storage {
    case .float32(let values): try check(values)
    case .float64(let values): try check(values)
    case .int32: break
    }
  }
}

private func reverseBytes(_ memory: UnsafeMutableRawBufferPointer, size: Int) {
  func reverse<I: FixedWidthInteger & BitwiseCopyable>(_: I.Type) {
    for offset in stride(from: 0, to: memory.count, by: size) {
      let word = memory.load(fromByteOffset: offset, as: I.self)
      memory.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: I.self)
    }
  }
  if size == 4 { reverse(UInt32.self) } else { reverse(UInt64.self) }
}

/// Converts integers of a file to the floats of a tensor.
private func convert(
  _ raw: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, _ type: FileNumber,
  _ isBigEndian: Bool, _ name: String
) throws {
  func each<I: FixedWidthInteger, F: BinaryFloatingPoint>(_: I.Type, _: F.Type) throws {
    let source = raw.bindMemory(to: I.self)
    let result = target.bindMemory(to: F.self)
    for index in 0..<source.count {
      let value = isBigEndian ? I(bigEndian: source[index]) : I(littleEndian: source[index])
      result[index] = F(value)
      if I.bitWidth > 32, value.magnitude > 1 << 53 {
        throw DatasetError(
          at: name, found: "the integer \(value)",
          expected: "one that Float64 can hold (up to 2⁵³)")
      }
    }
  }
  switch type {
  case .bool, .uint8: try each(UInt8.self, Float.self)
  case .int8: try each(Int8.self, Float.self)
  case .int16: try each(Int16.self, Float.self)
  case .uint16: try each(UInt16.self, Float.self)
  case .int32: try each(Int32.self, Double.self)
  case .uint32: try each(UInt32.self, Double.self)
  case .int64: try each(Int64.self, Double.self)
  case .uint64: try each(UInt64.self, Double.self)
  case .float32, .float64: break
  }
}
