import Formulas

/// The sigmoid linear unit, also called swish.
///
/// y = x σ(x), y′ = σ(x) + y (1 − σ(x)), with σ(x) = 1 / (1 + e⁻ˣ).
///
/// Source: S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units for neural network
/// function approximation in reinforcement learning", arXiv:1702.03118.
public struct SiLU: UnaryElementwise {
  public static let name = "silu"
  public static let sample = SiLU()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x / (1 + .exp(-x)) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    let s = sigmoid(x)
    return upstream * (s + y * (1 - s))
  }

  public func formula(_ x: Formula) -> Formula { x / (1 + .exp(-x)) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    let s: Formula = 1 / (1 + .exp(-x))
    return s + y * (1 - s)
  }

  public var flopsPerElement: Int { 5 }
}

/// Every element times its own logistic function.
public func silu<T: TensorAlgebra>(_ x: T) -> T { T.apply(SiLU(), to: [x]) }
