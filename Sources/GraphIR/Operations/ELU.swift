import Formulas

/// The exponential linear unit.
///
/// y = x if x > 0, else α (eˣ − 1); y′ = 1 if x > 0, else y + α, with α = 1 unless told otherwise.
///
/// Source: D. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by
/// exponential linear units", ICLR 2016, arXiv:1511.07289.
public struct ELU: UnaryElementwise {
  public static let name = "elu"
  public static let sample = ELU()

  /// α: the result tends to −α for large negative numbers.
  public let alpha: Double

  public init(alpha: Double = 1) { self.alpha = alpha }

  public var attributes: String { "alpha \(alpha)" }

  public func value<T: RealScalar>(_ x: T) -> T { x > 0 ? x : T(alpha) * .expMinusOne(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * select(x .> 0, 1, y + alpha)
  }

  public func formula(_ x: Formula) -> Formula {
    .piecewise([(x, .relation(x, .greater, 0))], .number(alpha) * (.exp(x) - 1))
  }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    .piecewise([(1, .relation(x, .greater, 0))], y + .number(alpha))
  }

  public var flopsPerElement: Int { 5 }
}

/// Every element, or `alpha` (eˣ − 1) where it is not positive.
public func elu<T: TensorAlgebra>(_ x: T, alpha: Double = 1) -> T {
  T.apply(ELU(alpha: alpha), to: [x])
}
