import Formulas
import Tensors

/// Neighboring elements of a value, in row-major order, in a shape of their own.
///
/// y_i = x_(start + i). No element moves: the plan reads them where they lie. The gradient goes back
/// to where the elements came from, zeros beside them.
public struct Part: Operation {
  public static let name = "part"

  /// The place of the first element.
  public let start: Int
  /// The result's shape.
  public let shape: Shape

  public init(start: Int, shape: Shape) {
    self.start = start
    self.shape = shape
  }

  public var attributes: String { "\(shape) from \(start)" }
  public var structure: Structure { .view }
  public var viewStart: Int { start }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    guard start >= 0, let count = shape.checkedCount, count <= input.shape.count - start else {
      throw TypeError(
        "expects \(shape) within the \(input.shape.count) elements of \(input.shape), "
          + "found it to start at \(start)")
    }
    return TensorType(shape, input.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    inputs[0].elements(at: start..<start + shape.count, shape: shape)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (whole, count) = (inputs[0].shape, shape.count)
    let flat = upstream.reshaped([count])
      .padded(before: [start], after: [whole.count - start - count])
    return [flat.reshaped(whole)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("part", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .copy(of: .init(input: 0, element: start + index))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// All of a value is that value in another shape; a part of a part or of a view is a part.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    let input = inputs[0]
    if input.type.shape.count == shape.count {
      return .operation(Reshape(shape), inputs: [input.id])
    }
    guard let view = input.operation, view.structure == .view else { return nil }
    return .operation(
      Part(start: start + view.viewStart, shape: shape), inputs: [input.inputs[0]])
  }

  public static var samples: [Sample] {
    [
      Sample(Part(start: 2, shape: [3]), [.numbers([7])]),
      Sample(Part(start: 3, shape: [2, 3]), [.numbers([3, 2, 2])]),
      Sample(Part(start: 0, shape: []), [.numbers([4])]),
    ]
  }
}

extension TensorAlgebra {
  /// Neighboring elements from a place on, in row-major order, in a shape of their own.
  public func part(from start: Int, shape: Shape) -> Self {
    Self.apply(Part(start: start, shape: shape), to: [self])
  }
}
