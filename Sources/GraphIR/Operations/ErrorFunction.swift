import Formulas

/// The error function of every element.
///
/// y = erf x = 2/√π ∫₀ˣ exp(−t²) dt, y′ = 2/√π exp(−x²).
public struct ErrorFunction: UnaryElementwise {
  public static let name = "erf"
  public static let sample = ErrorFunction()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .erf(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * (exp(-x.squared()) * (2 / Double.pi.squareRoot()))
  }

  public func formula(_ x: Formula) -> Formula { .call("erf", [x]) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    2 / .squareRoot("π") * .exp(-.power(x, 2))
  }

  public var flopsPerElement: Int { 8 }
}

/// The error function of every element.
public func erf<T: TensorAlgebra>(_ x: T) -> T { T.apply(ErrorFunction(), to: [x]) }
