import Formulas
import Tensors

/// The variance over some axes: the mean square of the distance from the mean.
///
/// y = Σ (x − μ)² / n, ∂y/∂x = 2 (x − μ) / n, with μ the mean and n the number of the elements that
/// make one result. (The unbiased estimate is n / (n − 1) times as much.)
public struct Variance: Reduction {
  public static let name = "variance"
  public static let allowsEmpty = false

  public let axes: [Int]
  public let keepingAxes: Bool

  public init(axes: [Int], keepingAxes: Bool = false) {
    self.axes = axes.sorted()
    self.keepingAxes = keepingAxes
  }

  public func reduce<T: RealScalar>(_ values: [T]) -> T {
    T(Moments(values.map { Double($0) }).variance)
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    let count = axes.reduce(1) { $0 * x.shape[$1] }
    let share = restoringAxes(upstream * (2 / Double(Swift.max(count, 1))), to: x.shape)
    return share * (x - x.mean(axes: axes, keepingAxes: true))
  }

  public func formula(_ x: Formula) -> Formula {
    .sum(of: .power(x.element - "μ", 2), over: "i") / "n"
  }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? {
    2 * (x.element - "μ") / "n"
  }

  public func formula(of elements: [Formula]) -> Formula {
    let mean = Formula.total(elements) / .number(Double(elements.count))
    return .total(elements.map { .power($0 - mean, 2) }) / .number(Double(elements.count))
  }

  public func derivatives(of elements: [Formula], values: [Double], output y: Formula)
    -> [Formula?]
  {
    let count = Formula.number(Double(elements.count))
    let mean = Formula.total(elements) / count
    return elements.map { 2 * ($0 - mean) / count }
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 4 * inputs[0].shape.count }

  /// Of one element each there is nothing to simplify to but zeros, which a plan is not given.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let members = groups(inputs[0].shape)[index]
    if members.count == 1 { return .constant(0) }
    return ElementRule(
      sources: members.map { .init(input: 0, element: $0) }, formula: { formula(of: $0) },
      derivatives: { derivatives(of: $0, values: [], output: $1) })
  }

  public func simplified(_ inputs: [Node]) -> Rewrite? { nil }
}

extension TensorAlgebra {
  /// The variance over some axes, or over all: the mean square of the distance from the mean.
  ///
  /// - Parameters:
  ///   - axes: The axes; negative ones count from the end; nil means all.
  ///   - keepingAxes: Whether the axes stay, with size 1.
  public func variance(axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    Self.apply(Variance(axes: resolved(axes), keepingAxes: keepingAxes), to: [self])
  }
}
