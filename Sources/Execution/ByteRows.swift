import CKernels
import Tensors

/// Rows of numbers that are whole, of 0 to 255, over one divisor, kept as bytes: a quarter of the
/// memory of Float32, and of the time to fetch a batch from it.
package final class ByteRows: @unchecked Sendable {
  /// The shape of all rows together.
  package let shape: Shape
  /// The type that they become.
  package let type: ScalarType
  let divisor: Double
  let bytes: UnsafeMutableRawPointer

  /// The bytes of a row.
  var width: Int { shape.count / max(1, shape[0]) }

  /// Nil where a number is not of this kind, or where dividing the byte in `type` would not give
  /// exactly what dividing in Float64 and rounding does.
  package init?(_ tensor: Tensor, dividedBy divisor: Double, type: ScalarType) {
    guard tensor.shape.rank > 0, tensor.count > 0, divisor > 0, divisor.isFinite,
      type.isFloatingPoint,
      type == .float64
        || (0...255).allSatisfy({ Float(Double($0) / divisor) == Float($0) / Float(divisor) })
    else { return nil }
    shape = tensor.shape
    self.type = type
    self.divisor = divisor
    bytes = allocateNumbers(byteCount: tensor.count)
    let out = bytes.assumingMemoryBound(to: UInt8.self)
    let isWhole =
      switch tensor.storage {
      case .float32(let values): bp_bytes_from_f32(values, out, Int64(values.count)) != 0
      case .float64(let values): bp_bytes_from_f64(values, out, Int64(values.count)) != 0
      case .int32: false
      }
    guard isWhole else { return nil }
  }

  deinit { bytes.deallocate() }

  /// All bytes.
  package var buffer: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes, count: shape.count)
  }
}
