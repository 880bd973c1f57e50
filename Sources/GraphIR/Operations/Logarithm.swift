import Formulas

/// The natural logarithm of every element; not a number where the element is negative.
///
/// y = ln x, y′ = 1 / x.
public struct Logarithm: UnaryElementwise {
  public static let name = "log"
  public static let sample = Logarithm()
  public static let sampleRange = 0.2...3.0

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .log(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream / x
  }

  public func formula(_ x: Formula) -> Formula { .ln(x) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 1 / x }

  public var flopsPerElement: Int { 4 }
}

/// The natural logarithm of every element.
public func log<T: TensorAlgebra>(_ x: T) -> T { T.apply(Logarithm(), to: [x]) }
