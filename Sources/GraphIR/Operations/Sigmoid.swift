import Formulas

/// The logistic function, which the texts call the sigmoid.
///
/// σ(x) = 1 / (1 + e⁻ˣ), σ′(x) = σ(x) (1 − σ(x)).
public struct Sigmoid: UnaryElementwise {
  public static let name = "sigmoid"
  public static let sample = Sigmoid()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { 1 / (1 + .exp(-x)) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * (y * (1 - y))
  }

  public func formula(_ x: Formula) -> Formula { 1 / (1 + .exp(-x)) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { y * (1 - y) }

  public var flopsPerElement: Int { 4 }
}

/// The logistic function 1 / (1 + e⁻ˣ) of every element.
public func sigmoid<T: TensorAlgebra>(_ x: T) -> T { T.apply(Sigmoid(), to: [x]) }
