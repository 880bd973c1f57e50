import Formulas
import Tensors

/// The index of the largest element along an axis, as an Int32; the first where there are several.
///
/// y = argmax x. An element that is not a number counts as the largest. No gradient flows.
public struct ArgMax: Operation {
  public static let name = "argmax"

  /// The axis that the index runs along; the result is without it.
  public let axis: Int

  public init(axis: Int) { self.axis = axis }

  public var attributes: String { "axis \(axis)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.shape.expectAxis(axis)
    guard input.shape[axis] > 0 else {
      throw TypeError("expects at least 1 element along axis \(axis), found shape \(input.shape)")
    }
    var sizes = input.shape.dimensions
    sizes.remove(at: axis)
    return TensorType(Shape(sizes), .int32)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    return Tensor((0..<shape.count).map { Int32(best($0, of: inputs[0])) }, shape: shape)
  }

  /// The index of the largest element for a place of the result.
  private func best(_ place: Int, of input: Tensor) -> Int {
    let (size, step) = (input.shape[axis], input.shape.strides[axis])
    let start = place / step * step * size + place % step
    var best = 0
    for index in 1..<Swift.max(size, 1) {
      let (value, largest) = (
        input.element(start + index * step), input.element(start + best * step)
      )
      if value > largest || (value.isNaN && !largest.isNaN) { best = index }
    }
    return best
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .constant(Double(best(index, of: inputs[0])))
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("argmax", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil] }
  public func flops(inputs: [TensorType], output: TensorType) -> Int { inputs[0].shape.count }

  public static var samples: [Sample] {
    [
      Sample(ArgMax(axis: 0), [.numbers([5])]),
      Sample(ArgMax(axis: 1), [.numbers([3, 4])]),
      Sample(ArgMax(axis: 1), [.numbers([2, 3, 4])]),
    ]
  }
}

extension TensorAlgebra {
  /// The index of the largest element along an axis, as an Int32; a negative axis counts from the
  /// end.
  public func argMax(axis: Int = -1) -> Self {
    Self.apply(ArgMax(axis: resolved(axis)), to: [self])
  }
}
