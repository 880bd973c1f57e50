import Tensors

/// What is known of a tensor before there are numbers: its shape and its elements' type.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The sizes along each axis.
  public var shape: Shape
  /// The type of the elements.
  public var scalarType: ScalarType

  /// A type from its two parts.
  public init(_ shape: Shape, _ scalarType: ScalarType) {
    self.shape = shape
    self.scalarType = scalarType
  }

  /// Bytes that the elements take.
  public var byteCount: Int { shape.count * scalarType.size }

  /// `float32 [32, 784]`.
  public var description: String { "\(scalarType.rawValue) \(shape)" }
}

extension Tensor {
  /// The tensor's shape and element type.
  public var type: TensorType { TensorType(shape, scalarType) }
}
