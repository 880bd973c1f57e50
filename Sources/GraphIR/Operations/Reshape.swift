import Formulas
import Tensors

/// The same elements, in the same order, in another shape.
///
/// y = x, ∂y/∂x = 1.
public struct Reshape: Operation {
  public static let name = "reshape"

  /// The new shape.
  public let shape: Shape

  public init(_ shape: Shape) { self.shape = shape }

  public var attributes: String { shape.description }
  public var structure: Structure { .view }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    guard shape.checkedCount == input.shape.count else {
      throw TypeError(
        "\(input.shape) has \(input.shape.count) elements, \(shape) "
          + (shape.checkedCount.map { "has \($0)" } ?? "cannot hold them"))
    }
    return TensorType(shape, input.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor { inputs[0].reshaped(shape) }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream.reshaped(inputs[0].shape)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { inputs[0] }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .copy(of: .init(input: 0, element: index))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// A reshape to the same shape is nothing; of two in a row the second is enough.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    if inputs[0].type.shape == shape { return .node(inputs[0].id) }
    if inputs[0].operation is Reshape { return .operation(self, inputs: [inputs[0].inputs[0]]) }
    return nil
  }

  public static var samples: [Sample] {
    [
      Sample(Reshape([6]), [.numbers([2, 3])]),
      Sample(Reshape([3, 1, 2]), [.numbers([6])]),
      Sample(Reshape([]), [.numbers([1])]),
    ]
  }
}

extension TensorAlgebra {
  /// The same elements in another shape; one size may be -1, which stands for what is left where
  /// the other sizes divide the number of elements.
  public func reshaped(_ shape: Shape) -> Self {
    if shape == self.shape { return self }
    var shape = shape
    if let free = shape.dimensions.firstIndex(of: -1) {
      let known = Shape(shape.dimensions.filter { $0 != -1 }).checkedCount ?? 0
      if known > 0, self.shape.count.isMultiple(of: known) {
        shape[free] = self.shape.count / known
      }
    }
    return Self.apply(Reshape(shape), to: [self])
  }
}
