import Formulas

/// A smooth form of the rectified linear unit.
///
/// y = ln(1 + eˣ), y′ = 1 / (1 + e⁻ˣ). Computed as max(x, 0) + ln(1 + e^(−|x|)), which cannot
/// overflow.
public struct Softplus: UnaryElementwise {
  public static let name = "softplus"
  public static let sample = Softplus()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T {
    (x < 0 ? 0 : x) + .log(onePlus: .exp(-x.magnitude))
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * sigmoid(x)
  }

  public func formula(_ x: Formula) -> Formula { .ln(1 + .exp(x)) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 1 / (1 + .exp(-x)) }

  public var flopsPerElement: Int { 9 }
}

/// ln(1 + eˣ) of every element.
public func softplus<T: TensorAlgebra>(_ x: T) -> T { T.apply(Softplus(), to: [x]) }
