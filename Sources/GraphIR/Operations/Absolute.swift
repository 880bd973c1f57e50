import Formulas

/// The absolute value of every element.
///
/// y = |x|, y′ = sign x, and 0 at 0.
public struct Absolute: UnaryElementwise {
  public static let name = "abs"
  public static let sample = Absolute()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x.magnitude }
  public func value(_ x: Int32) -> Int32? { x < 0 ? 0 &- x : x }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * sign(x)
  }

  public func formula(_ x: Formula) -> Formula { .absolute(x) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { .call("sign", [x]) }

  /// ||x|| = |x|.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[0].operation is Absolute ? .node(inputs[0].id) : nil
  }
}

/// The absolute value of every element.
public func abs<T: TensorAlgebra>(_ x: T) -> T { T.apply(Absolute(), to: [x]) }
