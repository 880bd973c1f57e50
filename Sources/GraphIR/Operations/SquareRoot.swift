import Formulas

/// The square root of every element; not a number where the element is negative.
///
/// y = √x, y′ = 1 / (2 y).
public struct SquareRoot: UnaryElementwise {
  public static let name = "sqrt"
  public static let sample = SquareRoot()
  public static let sampleRange = 0.1...3.0

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { .sqrt(x) }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream / (2 * y)
  }

  public func formula(_ x: Formula) -> Formula { .squareRoot(x) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 1 / (2 * y) }

  public var flopsPerElement: Int { 4 }
}

/// The square root of every element.
public func sqrt<T: TensorAlgebra>(_ x: T) -> T { T.apply(SquareRoot(), to: [x]) }
