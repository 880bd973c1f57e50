import Formulas
import Tensors

/// The logarithm of the sum of exponentials over some axes: a smooth maximum.
///
/// y = ln Σ eˣ, ∂y/∂x = e^(x − y). Computed as m + ln Σ e^(x − m) with m = max x, which cannot
/// overflow.
public struct LogSumExp: Reduction {
  public static let name = "logsumexp"
  public static let allowsEmpty = false

  public let axes: [Int]
  public let keepingAxes: Bool

  public init(axes: [Int], keepingAxes: Bool = false) {
    self.axes = axes.sorted()
    self.keepingAxes = keepingAxes
  }

  public func reduce<T: RealScalar>(_ values: [T]) -> T {
    let peak = values.dropFirst().reduce(values[0]) { Maximum().value($0, $1) }
    guard peak.isFinite else { return peak }
    return peak + .log(values.reduce(0) { $0 + .exp($1 - peak) })
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    let softmax = exp(x - restoringAxes(y, to: x.shape))
    return restoringAxes(upstream, to: x.shape) * softmax
  }

  public func formula(_ x: Formula) -> Formula {
    .ln(.big(.sum, index: "i", from: nil, to: nil, body: .exp(x.element)))
  }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { .exp(x.element - y) }

  public func formula(of elements: [Formula]) -> Formula {
    .ln(.total(elements.map { .exp($0) }))
  }

  /// The softmax of the elements.
  public func derivatives(of elements: [Formula], values: [Double], output y: Formula)
    -> [Formula?]
  {
    Softmax.shares(elements)
  }
}

/// The logarithm of the sum of exponentials, over the last axis unless told otherwise.
///
/// - Parameters:
///   - x: The numbers.
///   - axes: The axes to reduce; negative ones count from the end; nil means all.
///   - keepingAxes: Whether the axes stay, with size 1.
public func logSumExp<T: TensorAlgebra>(
  _ x: T, axes: [Int]? = [-1], keepingAxes: Bool = false
) -> T {
  T.apply(LogSumExp(axes: x.resolved(axes), keepingAxes: keepingAxes), to: [x])
}
