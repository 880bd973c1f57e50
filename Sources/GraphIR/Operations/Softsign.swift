import Formulas

/// A sigmoid curve without an exponential.
///
/// y = x / (1 + |x|), y′ = 1 / (1 + |x|)².
public struct Softsign: UnaryElementwise {
  public static let name = "softsign"
  public static let sample = Softsign()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x / (1 + x.magnitude) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream / (1 + abs(x)).squared()
  }

  public func formula(_ x: Formula) -> Formula { x / (1 + .absolute(x)) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    1 / .power(1 + .absolute(x), 2)
  }

  public var flopsPerElement: Int { 3 }
}

/// x / (1 + |x|) of every element.
public func softsign<T: TensorAlgebra>(_ x: T) -> T { T.apply(Softsign(), to: [x]) }
