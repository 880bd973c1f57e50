import Formulas

/// The sign of every element: −1, 0 or 1; not a number where the element is not.
///
/// y = 1 if x > 0, −1 if x < 0, 0 if x = 0. No gradient flows.
public struct Sign: UnaryElementwise {
  public static let name = "sign"
  public static let sample = Sign()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x > 0 ? 1 : x < 0 ? -1 : x }
  public func value(_ x: Int32) -> Int32? { x.signum() }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    nil
  }

  public func formula(_ x: Formula) -> Formula { .call("sign", [x]) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { nil }
}

/// The sign of every element: −1, 0 or 1.
public func sign<T: TensorAlgebra>(_ x: T) -> T { T.apply(Sign(), to: [x]) }
