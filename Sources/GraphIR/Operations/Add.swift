import Formulas

/// The sum of two values, element by element.
///
/// y = a + b, ∂y/∂a = ∂y/∂b = 1.
public struct Add: BinaryElementwise {
  public static let name = "add"
  public static let sample = Add()

  public init() {}

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T { a + b }
  public func value(_ a: Int32, _ b: Int32) -> Int32? { a &+ b }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    (upstream, upstream)
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula { a + b }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    (1, 1)
  }

  /// a + (−0) = a. (a + 0 is 0 where a is −0.)
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    if inputs[1].isNegativeZero, inputs[0].covers(inputs[1]) { return .node(inputs[0].id) }
    if inputs[0].isNegativeZero, inputs[1].covers(inputs[0]) { return .node(inputs[1].id) }
    return nil
  }
}

extension TensorAlgebra {
  /// The sum, element by element, after broadcasting.
  public static func + (a: Self, b: Self) -> Self { apply(Add(), to: [a, b]) }
  /// A number added to every element.
  public static func + (a: Self, b: Double) -> Self { a + a.constant(b) }
  /// A number added to every element.
  public static func + (a: Double, b: Self) -> Self { b.constant(a) + b }
}
