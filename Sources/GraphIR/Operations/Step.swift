import Formulas

/// The step of the perceptron: whether an element has reached the threshold 0.
///
/// y = 1 if x ≥ 0, else 0. No gradient flows.
///
/// Source: F. Rosenblatt, "The perceptron", Psychological Review 65 (1958),
/// doi:10.1037/h0042519.
public struct Step: UnaryElementwise {
  public static let name = "step"
  public static let sample = Step()

  public init() {}

  public func value<T: RealScalar>(_ x: T) -> T { x >= 0 ? 1 : 0 }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    nil
  }

  public func formula(_ x: Formula) -> Formula {
    .piecewise([(1, .relation(x, .greaterOrEqual, 0))], 0)
  }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { nil }
}

/// 1 where an element is 0 or more, else 0.
public func step<T: TensorAlgebra>(_ x: T) -> T { T.apply(Step(), to: [x]) }
