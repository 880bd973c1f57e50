import Formulas

/// The difference of two values, element by element.
///
/// y = a − b, ∂y/∂a = 1, ∂y/∂b = −1.
public struct Subtract: BinaryElementwise {
  public static let name = "subtract"
  public static let sample = Subtract()

  public init() {}

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T { a - b }
  public func value(_ a: Int32, _ b: Int32) -> Int32? { a &- b }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    (upstream, -upstream)
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula { a - b }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    (1, -1)
  }

  /// a − 0 = a.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[1].isConstant(0) && inputs[0].covers(inputs[1]) ? .node(inputs[0].id) : nil
  }
}

extension TensorAlgebra {
  /// The difference, element by element, after broadcasting.
  public static func - (a: Self, b: Self) -> Self { apply(Subtract(), to: [a, b]) }
  /// A number subtracted from every element.
  public static func - (a: Self, b: Double) -> Self { a - a.constant(b) }
  /// A number less every element.
  public static func - (a: Double, b: Self) -> Self { b.constant(a) - b }
}
