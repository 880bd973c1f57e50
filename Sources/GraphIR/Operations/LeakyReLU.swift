import Formulas

/// The rectified linear unit that lets a part of negative numbers through.
///
/// y = x if x > 0, else a x; y′ = 1 if x > 0, else a, with the slope a (0.01 unless told
/// otherwise).
///
/// Source: A. Maas, A. Hannun, A. Ng, "Rectifier nonlinearities improve neural network acoustic
/// models", ICML 2013.
public struct LeakyReLU: UnaryElementwise {
  public static let name = "leakyReLU"
  public static let sample = LeakyReLU()

  /// The slope a of the negative side.
  public let slope: Double

  public init(slope: Double = 0.01) { self.slope = slope }

  public var attributes: String { "slope \(slope)" }

  public func value<T: RealScalar>(_ x: T) -> T { x > 0 ? x : T(slope) * x }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    select(x .> 0, upstream, upstream * slope)
  }

  public func formula(_ x: Formula) -> Formula {
    .piecewise([(x, .relation(x, .greater, 0))], .number(slope) * x)
  }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    .piecewise([(1, .relation(x, .greater, 0))], .number(slope))
  }

  public var flopsPerElement: Int { 2 }
}

/// Every element, or `slope` times it where it is not positive.
public func leakyReLU<T: TensorAlgebra>(_ x: T, slope: Double = 0.01) -> T {
  T.apply(LeakyReLU(slope: slope), to: [x])
}
