import Formulas
import Tensors

/// The smallest element over some axes; not a number where one of them is not.
///
/// y = min x. The gradient goes to the smallest element, in equal parts where there are several.
public struct ReduceMinimum: Reduction {
  public static let name = "min"
  public static let allowsEmpty = false

  public let axes: [Int]
  public let keepingAxes: Bool

  public init(axes: [Int], keepingAxes: Bool = false) {
    self.axes = axes.sorted()
    self.keepingAxes = keepingAxes
  }

  public func reduce<T: RealScalar>(_ values: [T]) -> T {
    values.dropFirst().reduce(values[0]) { Minimum().value($0, $1) }
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    let chosen = x .== restoringAxes(y, to: x.shape)
    let ties = chosen.sum(axes: axes, keepingAxes: true)
    return chosen * (restoringAxes(upstream, to: x.shape) / ties)
  }

  public func formula(_ x: Formula) -> Formula { x.reduced(.minimum) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    .piecewise([(1, .relation(x.element, .equal, y))], 0)
  }

  public func formula(of elements: [Formula]) -> Formula { .call("min", elements) }

  /// 1 for the smallest, 1 / n for each of n equal ones, 0 for the others.
  public func derivatives(of elements: [Formula], values: [Double], output y: Formula)
    -> [Formula?]
  {
    let best = reduce(values)
    let ties = values.count { $0 == best }
    let share: Formula = ties > 1 ? 1 / .number(Double(ties)) : 1
    return elements.map { .piecewise([(share, .relation($0, .equal, y))], 0) }
  }
}

extension TensorAlgebra {
  /// The smallest element over some axes, or over all.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; negative ones count from the end; nil means all.
  ///   - keepingAxes: Whether the axes stay, with size 1.
  public func min(axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    Self.apply(ReduceMinimum(axes: resolved(axes), keepingAxes: keepingAxes), to: [self])
  }
}
