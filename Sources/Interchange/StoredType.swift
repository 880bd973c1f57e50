import Tensors

#if _endian(big)
  #error("safetensors holds little-endian numbers, which this code copies as they are")
#endif

/// The element types of a safetensors file that can be read, and the tensors they become.
enum StoredType: String, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"

  /// The type that a tensor is stored as.
  init(_ type: ScalarType) {
    switch type {
    case .float32: self = .f32
    case .float64: self = .f64
    case .int32: self = .i32
    }
  }

  /// All names, for errors.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Bytes of one stored element.
  var size: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// The type of the tensor that the elements become: every float but F64 a Float32, every
  /// integer an Int32.
  var scalarType: ScalarType {
    switch self {
    case .f64: .float64
    case .f32, .f16, .bf16: .float32
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .bool: .int32
    }
  }

  /// The elements of stored bytes, or the first element that is none: an integer outside Int32,
  /// or a truth value other than 0 and 1.
  func decode(_ bytes: UnsafeRawBufferPointer) -> Result<Tensor.Storage, UnfitElement> {
    switch self {
    case .f64: .success(.float64(elements(of: bytes)))
    case .f32: .success(.float32(elements(of: bytes)))
    case .f16: .success(.float32(elements(of: bytes).map(float(halfBits:))))
    case .bf16:
      .success(
        .float32(
          elements(of: bytes).map { (bits: UInt16) in
            Float(bitPattern: UInt32(bits) << 16)
          }))
    case .i32: .success(.int32(elements(of: bytes)))
    case .i64: narrowed(elements(of: bytes) as [Int64])
    case .i16: narrowed(elements(of: bytes) as [Int16])
    case .i8: narrowed(elements(of: bytes) as [Int8])
    case .u64: narrowed(elements(of: bytes) as [UInt64])
    case .u32: narrowed(elements(of: bytes) as [UInt32])
    case .u16: narrowed(elements(of: bytes) as [UInt16])
    case .u8: narrowed(elements(of: bytes) as [UInt8])
    case .bool: narrowed(elements(of: bytes) as [UInt8], limit: 1)
    }
  }
}

/// An element that a tensor cannot hold.
struct UnfitElement: Error {
  let index: Int
  let value: String
  let expected: String
}

private func elements<T: BitwiseCopyable>(of bytes: UnsafeRawBufferPointer) -> [T] {
  let size = MemoryLayout<T>.size
  return (0..<bytes.count / size).map { index in
    bytes.loadUnaligned(fromByteOffset: index * size, as: T.self)
  }
}

private func narrowed<T: FixedWidthInteger>(
  _ values: [T], limit: Int32 = .max
) -> Result<Tensor.Storage, UnfitElement> {
  var result: [Int32] = []
  result.reserveCapacity(values.count)
  for (index, value) in values.enumerated() {
    guard let narrow = Int32(exactly: value), narrow <= limit else {
      let expected = limit == .max ? "an integer of 32 bits" : "a truth value, 0 or 1"
      return .failure(UnfitElement(index: index, value: "\(value)", expected: expected))
    }
    result.append(narrow)
  }
  return .success(.int32(result))
}

/// The number that 16 bits of IEEE 754 half precision (1 sign, 5 exponent, 10 fraction) stand for.
///
/// Written out because not every platform has a 16-bit float type.
private func float(halfBits bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10 & 0x1F)
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0:
    // Zero and subnormal numbers: fraction · 2⁻²⁴, exact in single precision.
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
