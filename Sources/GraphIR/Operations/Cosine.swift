import Formulas

/// The cosine of every element, in radians.
///
/// y = cos x, y′ = −sin x.
public struct Cosine: UnaryElementwise {
  public static let name = "cos"
  public static let sample = Cosine()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .cos(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * -sin(x)
  }

  public func formula(_ x: Formula) -> Formula { .call("cos", [x]) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { -.call("sin", [x]) }

  public var flopsPerElement: Int { 4 }
}

/// The cosine of every element, in radians.
public func cos<T: TensorAlgebra>(_ x: T) -> T { T.apply(Cosine(), to: [x]) }
