import Formulas

/// e to the power of every element.
///
/// y = eˣ, y′ = y.
public struct Exponential: UnaryElementwise {
  public static let name = "exp"
  public static let sample = Exponential()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .exp(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * y
  }

  public func formula(_ x: Formula) -> Formula { .exp(x) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { y }

  public var flopsPerElement: Int { 4 }
}

/// e to the power of every element.
public func exp<T: TensorAlgebra>(_ x: T) -> T { T.apply(Exponential(), to: [x]) }
