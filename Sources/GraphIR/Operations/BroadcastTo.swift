import Formulas
import Tensors

/// The elements repeated along new axes, and along those of size 1.
///
/// y = x at every place that it is repeated to; the gradient is summed over these places.
public struct BroadcastTo: Operation {
  public static let name = "broadcast"

  /// The shape of the result.
  public let shape: Shape

  public init(_ shape: Shape) { self.shape = shape }

  public var attributes: String { shape.description }
  public var structure: Structure { .elementwise }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    guard input.shape.broadcast(with: shape) == shape else {
      throw TypeError("shape \(input.shape) does not broadcast to \(shape)")
    }
    return TensorType(shape, input.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    inputs[0].elements(at: StridedOffsets(of: inputs[0].shape, to: shape), shape: shape)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream.summed(to: inputs[0].shape)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { inputs[0] }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .copy(of: .init(input: 0, element: StridedOffsets(of: inputs[0].shape, to: shape)[index]))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// Without a repetition at most the shape changes; of two in a row the second is enough.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    let input = inputs[0]
    if input.type.shape == shape { return .node(input.id) }
    if input.type.shape.count == shape.count {
      return .operation(Reshape(shape), inputs: [input.id])
    }
    if input.operation is BroadcastTo { return .operation(self, inputs: [input.inputs[0]]) }
    return nil
  }

  public static var samples: [Sample] {
    [
      Sample(BroadcastTo([2, 3]), [.numbers([3])]),
      Sample(BroadcastTo([2, 3]), [.numbers([2, 1])]),
      Sample(BroadcastTo([2, 3, 2]), [.numbers([])]),
      Sample(BroadcastTo([3]), [.numbers([3])]),
    ]
  }
}

extension TensorAlgebra {
  /// The elements repeated along new axes, and along those of size 1, to fill a shape.
  public func broadcast(to shape: Shape) -> Self {
    shape == self.shape ? self : Self.apply(BroadcastTo(shape), to: [self])
  }
}
