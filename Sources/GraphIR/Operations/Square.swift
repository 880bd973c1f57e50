import Formulas

/// The square of every element.
///
/// y = x², y′ = 2 x.
public struct Square: UnaryElementwise {
  public static let name = "square"
  public static let sample = Square()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x * x }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    upstream * (2 * x)
  }

  public func formula(_ x: Formula) -> Formula { .power(x, 2) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 2 * x }
}

extension TensorAlgebra {
  /// The square of every element.
  public func squared() -> Self { Self.apply(Square(), to: [self]) }
}
