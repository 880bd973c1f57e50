import Formulas

/// The product of two values, element by element.
///
/// y = a b, ∂y/∂a = b, ∂y/∂b = a.
public struct Multiply: BinaryElementwise {
  public static let name = "multiply"
  public static let sample = Multiply()

  public init() {}

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T { a * b }
  public func value(_ a: Int32, _ b: Int32) -> Int32? { a &* b }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    (upstream * b, upstream * a)
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula { a * b }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    (b, a)
  }

  /// a · 1 = a. (a · 0 stays: it is not 0 where a is infinite or not a number.)
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    if inputs[1].isConstant(1), inputs[0].covers(inputs[1]) { return .node(inputs[0].id) }
    if inputs[0].isConstant(1), inputs[1].covers(inputs[0]) { return .node(inputs[1].id) }
    return nil
  }
}

extension TensorAlgebra {
  /// The product, element by element, after broadcasting.
  public static func * (a: Self, b: Self) -> Self { apply(Multiply(), to: [a, b]) }
  /// Every element times a number.
  public static func * (a: Self, b: Double) -> Self { a * a.constant(b) }
  /// Every element times a number.
  public static func * (a: Double, b: Self) -> Self { b.constant(a) * b }
}
