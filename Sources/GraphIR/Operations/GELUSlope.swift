import Formulas

/// The derivative of the Gaussian error linear unit (``GELU``), in one function: what its gradient
/// rule multiplies by.
///
/// y = Φ(x) + x φ(x), y′ = (2 − x²) φ(x), with the standard normal distribution
/// Φ(x) = (1 + erf(x / √2)) / 2 and its density φ(x) = exp(−x² / 2) / √(2π).
public struct GELUSlope: UnaryElementwise {
  public static let name = "geluSlope"
  public static let sample = GELUSlope()

  public init() {}

  private static let peak = (0.5 / Double.pi).squareRoot()

  public func value<T: RealScalar>(_ x: T) -> T {
    // erfc keeps the digits that 1 + erf loses for large negative numbers.
    let distribution: T = .erfc(-x * .sqrt(0.5)) / 2
    let density: T = .exp(-x * x / 2) * T(Self.peak)
    return distribution + x * density
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    let square = x.squared()
    return upstream * ((2 - square) * (exp(square * -0.5) * Self.peak))
  }

  public func formula(_ x: Formula) -> Formula {
    let distribution: Formula = (1 + .call("erf", [x / .squareRoot(2)])) / 2
    return distribution + x * density(x)
  }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    (2 - .power(x, 2)) * density(x)
  }

  public var flopsPerElement: Int { 12 }

  private func density(_ x: Formula) -> Formula {
    .exp(-.power(x, 2) / 2) / .squareRoot(2 * "π")
  }
}

/// The derivative of ``gelu(_:)`` for every element.
public func geluSlope<T: TensorAlgebra>(_ x: T) -> T { T.apply(GELUSlope(), to: [x]) }
