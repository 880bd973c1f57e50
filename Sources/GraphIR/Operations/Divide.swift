import Formulas

/// The quotient of two values, element by element.
///
/// y = a / b, ∂y/∂a = 1 / b, ∂y/∂b = −y / b.
public struct Divide: BinaryElementwise {
  public static let name = "divide"
  public static let sample = Divide()
  public static let sampleRange = 0.3...2.0

  public init() {}

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T { a / b }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    let quotient = upstream / b
    return (quotient, -(quotient * y))
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula { a / b }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    (1 / b, -y / b)
  }

  /// a / 1 = a.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[1].isConstant(1) && inputs[0].covers(inputs[1]) ? .node(inputs[0].id) : nil
  }
}

extension TensorAlgebra {
  /// The quotient, element by element, after broadcasting.
  public static func / (a: Self, b: Self) -> Self { apply(Divide(), to: [a, b]) }
  /// Every element divided by a number.
  public static func / (a: Self, b: Double) -> Self { a / a.constant(b) }
  /// A number divided by every element.
  public static func / (a: Double, b: Self) -> Self { b.constant(a) / b }
}
