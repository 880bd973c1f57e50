import Formulas
import Tensors

/// The elements in another type: rounded to the nearest float, or cut off to an integer.
///
/// y = x, ∂y/∂x = 1 between floating-point types; no gradient flows from or to integers. Numbers
/// that no Int32 can hold become the nearest that can, and what is not a number becomes 0.
public struct Cast: Operation {
  public static let name = "cast"

  /// The type of the result's elements.
  public let type: ScalarType

  public init(_ type: ScalarType) { self.type = type }

  public var attributes: String { type.rawValue }
  public var structure: Structure { .elementwise }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    TensorType(try inputs.single().shape, type)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    guard type == .int32, x.scalarType != .int32 else { return x.cast(to: type) }
    let integers = x.doubles.map { value in
      Int32(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
    }
    return Tensor(integers, shape: x.shape)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let source = inputs[0].scalarType
    return [source.isFloatingPoint && type.isFloatingPoint ? upstream.cast(to: source) : nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula { inputs[0] }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [type.isFloatingPoint ? 1 : nil]
  }

  /// A copy between floating-point types; else the same number, or that without its fraction, and
  /// no derivative.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let source = ElementRule.Source(input: 0, element: index)
    let wasReal = inputs[0].scalarType.isFloatingPoint
    if wasReal && type.isFloatingPoint { return .copy(of: source) }
    return ElementRule(
      sources: [source],
      formula: { [wasReal] x in
        wasReal
          ? .piecewise([(.call("floor", x), .relation(x[0], .greaterOrEqual, 0))], .call("ceil", x))
          : x[0]
      }, derivatives: { _, _ in [nil] })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// To the type that it has already is nothing.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[0].type.scalarType == type ? .node(inputs[0].id) : nil
  }

  public static var samples: [Sample] {
    [
      Sample(Cast(.float64), [.numbers([3])]),
      Sample(Cast(.int32), [.numbers([2, 3])]),
      Sample(Cast(.float64), [Tensor([1, -2] as [Int32])]),
      Sample(Cast(.float32), [Tensor([1, -2] as [Int32])]),
    ]
  }
}

extension TensorAlgebra {
  /// The elements in another type: rounded to the nearest float, or cut off to an integer.
  public func cast(to type: ScalarType) -> Self {
    type == scalarType ? self : Self.apply(Cast(type), to: [self])
  }
}
