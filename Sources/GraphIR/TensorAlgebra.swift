import Tensors

/// What tensors and expressions have in common: the operations.
///
/// Each operation's file adds its method or function to this protocol, once for numbers that are
/// known (`Tensor`, computed at once) and numbers that are not (``Expression``, written down).
public protocol TensorAlgebra {
  /// The shape and element type.
  var type: TensorType { get }

  /// The result of an operation.
  ///
  /// - Precondition: `inputs` is not empty. (Every operation has an input.)
  static func apply(_ operation: any Operation, to inputs: [Self]) -> Self

  /// A constant beside this value: in the same graph, where there is one.
  func constant(_ tensor: Tensor) -> Self
}

extension TensorAlgebra {
  /// The sizes along each axis.
  public var shape: Shape { type.shape }
  /// The type of the elements.
  public var scalarType: ScalarType { type.scalarType }

  /// A scalar constant of this value's element type.
  ///
  /// Beside integers, a number that is no integer stays Float64, for the shape rule to refuse.
  public func constant(_ value: Double) -> Self {
    let fits = scalarType.isFloatingPoint || Int32(exactly: value) != nil
    return constant(Tensor(value, type: fits ? scalarType : .float64))
  }
}
