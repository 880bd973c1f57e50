import Formulas

/// The negative of every element.
///
/// y = −x, y′ = −1.
public struct Negate: UnaryElementwise {
  public static let name = "negate"
  public static let sample = Negate()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { -x }
  public func value(_ x: Int32) -> Int32? { 0 &- x }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    -upstream
  }

  public func formula(_ x: Formula) -> Formula { -x }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { -1 }

  /// −(−x) = x.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[0].operation is Negate ? .node(inputs[0].inputs[0]) : nil
  }
}

extension TensorAlgebra {
  /// The negative of every element.
  public static prefix func - (x: Self) -> Self { apply(Negate(), to: [x]) }
}
