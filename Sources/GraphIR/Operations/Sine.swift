import Formulas

/// The sine of every element, in radians.
///
/// y = sin x, y′ = cos x.
public struct Sine: UnaryElementwise {
  public static let name = "sin"
  public static let sample = Sine()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .sin(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * cos(x)
  }

  public func formula(_ x: Formula) -> Formula { .call("sin", [x]) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { .call("cos", [x]) }

  public var flopsPerElement: Int { 4 }
}

/// The sine of every element, in radians.
public func sin<T: TensorAlgebra>(_ x: T) -> T { T.apply(Sine(), to: [x]) }
