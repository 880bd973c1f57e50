import Formulas

/// The hyperbolic tangent of every element.
///
/// y = tanh x, y′ = 1 − y².
public struct Tanh: UnaryElementwise {
  public static let name = "tanh"
  public static let sample = Tanh()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .tanh(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * (1 - y.squared())
  }

  public func formula(_ x: Formula) -> Formula { .call("tanh", [x]) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 1 - .power(y, 2) }

  public var flopsPerElement: Int { 5 }
}

/// The hyperbolic tangent of every element.
public func tanh<T: TensorAlgebra>(_ x: T) -> T { T.apply(Tanh(), to: [x]) }
