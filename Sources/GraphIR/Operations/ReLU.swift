import Formulas

/// The rectified linear unit.
///
/// y = max(0, x), y′ = 1 if x > 0, else 0.
///
/// Source: V. Nair, G. Hinton, "Rectified linear units improve restricted Boltzmann machines",
/// ICML 2010.
public struct ReLU: UnaryElementwise {
  public static let name = "relu"
  public static let sample = ReLU()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x < 0 ? 0 : x }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    // y > 0 just where x > 0, and y is in memory anyway.
    select(y .> 0, upstream, 0)
  }

  public func formula(_ x: Formula) -> Formula { .call("max", [0, x]) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    .piecewise([(1, .relation(x, .greater, 0))], 0)
  }

  /// max(0, max(0, x)) = max(0, x).
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[0].operation is ReLU ? .node(inputs[0].id) : nil
  }
}

/// Every element, or 0 where it is negative.
public func relu<T: TensorAlgebra>(_ x: T) -> T { T.apply(ReLU(), to: [x]) }
