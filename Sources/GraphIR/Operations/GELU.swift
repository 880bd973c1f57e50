import Formulas

/// The Gaussian error linear unit, in its exact form.
///
/// y = x Φ(x), y′ = Φ(x) + x φ(x), with the standard normal distribution
/// Φ(x) = (1 + erf(x / √2)) / 2 and its density φ(x) = exp(−x² / 2) / √(2π).
///
/// Source: D. Hendrycks, K. Gimpel, "Gaussian error linear units", arXiv:1606.08415.
public struct GELU: UnaryElementwise {
  public static let name = "gelu"
  public static let sample = GELU()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T {
    // erfc keeps the digits that 1 + erf loses for large negative numbers.
    x * .erfc(-x * .sqrt(0.5)) / 2
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * geluSlope(x)
  }

  public func formula(_ x: Formula) -> Formula { x * distribution(x) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    distribution(x) + x * (.exp(-.power(x, 2) / 2) / .squareRoot(2 * "π"))
  }

  public var flopsPerElement: Int { 12 }

  private func distribution(_ x: Formula) -> Formula {
    (1 + .call("erf", [x / .squareRoot(2)])) / 2
  }
}

/// Every element times the probability that a standard normal number is smaller.
public func gelu<T: TensorAlgebra>(_ x: T) -> T { T.apply(GELU(), to: [x]) }
