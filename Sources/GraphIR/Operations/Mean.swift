import Formulas
import Tensors

/// The mean over some axes; not a number where there are no elements.
///
/// y = Σ x / n, ∂y/∂x = 1 / n, with n the number of elements that make one result.
public struct Mean: Reduction {
  public static let name = "mean"

  public let axes: [Int]
  public let keepingAxes: Bool

  public init(axes: [Int], keepingAxes: Bool = false) {
    self.axes = axes.sorted()
    self.keepingAxes = keepingAxes
  }

  public func reduce<T: RealScalar>(_ values: [T]) -> T {
    // Long sums of Float32 would lose digits.
    T(values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    let count = axes.reduce(1) { $0 * x.shape[$1] }
    return restoringAxes(upstream / Double(count), to: x.shape).broadcast(to: x.shape)
  }

  public func formula(_ x: Formula) -> Formula { x.reduced(.sum) / "n" }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 1 / "n" }

  public func formula(of elements: [Formula]) -> Formula {
    .total(elements) / .number(Double(elements.count))
  }

  public func derivatives(of elements: [Formula], values: [Double], output y: Formula)
    -> [Formula?]
  {
    elements.map { _ in 1 / .number(Double(elements.count)) }
  }
}

extension TensorAlgebra {
  /// The mean over some axes, or over all.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; negative ones count from the end; nil means all.
  ///   - keepingAxes: Whether the axes stay, with size 1.
  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    Self.apply(Mean(axes: resolved(axes), keepingAxes: keepingAxes), to: [self])
  }
}
