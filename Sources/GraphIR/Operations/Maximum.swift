import Formulas

/// The larger of two values, element by element; not a number where either is not.
///
/// y = max(a, b). The gradient goes to the larger one, and half to each where they are equal.
public struct Maximum: BinaryElementwise {
  public static let name = "maximum"
  public static let sample = Maximum()

  public init() {}

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T { a > b || a.isNaN ? a : b }
  public func value(_ a: Int32, _ b: Int32) -> Int32? { a > b ? a : b }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    let tie = (a .== b) * 0.5
    return (upstream * ((a .> b) + tie), upstream * ((b .> a) + tie))
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula { .call("max", [a, b]) }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    let (half, tie): (Formula, Formula) = (0.5, .relation(a, .equal, b))
    return (
      .piecewise([(1, .relation(a, .greater, b)), (half, tie)], 0),
      .piecewise([(1, .relation(a, .less, b)), (half, tie)], 0)
    )
  }
}

/// The larger of two values, element by element, after broadcasting.
public func maximum<T: TensorAlgebra>(_ a: T, _ b: T) -> T { T.apply(Maximum(), to: [a, b]) }

/// The larger of every element and a number.
public func maximum<T: TensorAlgebra>(_ a: T, _ b: Double) -> T { maximum(a, a.constant(b)) }

/// The larger of every element and a number.
public func maximum<T: TensorAlgebra>(_ a: Double, _ b: T) -> T { maximum(b.constant(a), b) }
