import Formulas
import Tensors

/// A power, element by element.
///
/// y = aᵇ, ∂y/∂a = b aᵇ⁻¹, ∂y/∂b = y ln a (where a > 0, else no gradient flows to b).
/// A negative a has a power where b is a whole number; elsewhere the result is not a number.
public struct Power: BinaryElementwise {
  public static let name = "power"
  public static let sample = Power()
  public static let sampleRange = 0.3...2.0

  public init() {}

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T {
    if b == 0 { return 1 }
    if a < 0, b == b.rounded(.towardZero) {
      let magnitude = T.pow(-a, b)
      return b.truncatingRemainder(dividingBy: 2) == 0 ? magnitude : -magnitude
    }
    return .pow(a, b)
  }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    // A known exponent, by far the most frequent case, has the rule that the books print.
    if let exponent = b.builder.nodes[b.id].constant, exponent.count == 1 {
      let n = exponent.scalar
      return (n == 0 ? nil : upstream * (n * pow(a, n - 1)), nil)
    }
    // Where the derivative is 0 by a limit, the factors are kept finite, so that 0 · ∞ cannot
    // arise here or in a second derivative.
    let slope = select(b .== 0, 0, b * pow(a, select(b .== 0, 1, b) - 1))
    let logarithm = log(select(a .> 0, a, 1))
    return (upstream * slope, upstream * (y * logarithm))
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula { .power(a, b) }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    (b * .power(a, b - 1), y * .ln(a))
  }

  /// Without a derivative with respect to b where a ≤ 0, and to a where b = 0.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let sources = sources(index, of: inputs)
    let (a, b) = (inputs[0].element(sources[0].element), inputs[1].element(sources[1].element))
    return ElementRule(
      sources: sources, formula: { formula($0) },
      derivatives: { operands, output in
        let (toA, toB) = derivative(operands[0], operands[1], output: output)
        return [b == 0 ? nil : toA, a > 0 ? toB : nil]
      })
  }

  public var flopsPerElement: Int { 8 }

  /// a¹ = a, a² is a square.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    guard inputs[0].covers(inputs[1]) else { return nil }
    if inputs[1].isConstant(1) { return .node(inputs[0].id) }
    if inputs[1].isConstant(2) { return .operation(Square(), inputs: [inputs[0].id]) }
    return nil
  }
}

/// aᵇ, element by element, after broadcasting.
public func pow<T: TensorAlgebra>(_ a: T, _ b: T) -> T { T.apply(Power(), to: [a, b]) }

/// Every element raised to a power.
public func pow<T: TensorAlgebra>(_ a: T, _ exponent: Double) -> T {
  switch exponent {
  case 1: a
  case 2: a.squared()
  default: pow(a, a.constant(exponent))
  }
}

/// A number raised to every element.
public func pow<T: TensorAlgebra>(_ base: Double, _ b: T) -> T { pow(b.constant(base), b) }
