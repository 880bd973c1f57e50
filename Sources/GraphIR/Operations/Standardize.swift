import Formulas
import Tensors

/// Elements with mean 0 and variance 1 over some axes: what layer, group, instance and batch
/// normalization have in common.
///
/// y_i = (x_i − μ) / σ with σ = √(v + ε), μ the mean and v the variance of the n elements that are
/// standardized together; ∂y_i/∂x_j = (δ_ij − (1 + y_i y_j) / n) / σ. So with the upstream gradient
/// g, ∂E/∂x_i = (g_i − mean g − y_i mean(g y)) / σ (``StandardizeGradient``).
public struct Standardize: Operation {
  public static let name = "standardize"

  /// The axes over which elements are standardized together, ascending.
  public let axes: [Int]
  /// ε, which keeps the root away from 0.
  public let epsilon: Double

  public init(axes: [Int], epsilon: Double = 1e-5) {
    self.axes = axes.sorted()
    self.epsilon = epsilon
  }

  public var attributes: String {
    "axes \(axes.map(String.init).joined(separator: ", ")), ε \(epsilon)"
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    try input.shape.expectAxesToStandardize(axes)
    guard epsilon >= 0, epsilon.isFinite else {
      throw TypeError("expects an ε of 0 or more, found \(epsilon)")
    }
    return input
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    let values = StandardizedGroups(x.shape, axes: axes).mapping([x.doubles]) { parts in
      let moments = Moments(parts[0])
      let deviation = (moments.variance + epsilon).squareRoot()
      return parts[0].map { ($0 - moments.mean) / deviation }
    }
    return Tensor(values, shape: x.shape, type: x.scalarType)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let gradient = StandardizeGradient(axes: axes, epsilon: epsilon)
    return [Expression.apply(gradient, to: [inputs[0], upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { (inputs[0].element - "μ") / "σ" }

  public func derivatives(_ inputs: [Formula], output y: Formula) -> [Formula?] {
    [("δ_ij" - (1 + y.element * .indexed(y, ["j"])) / "n") / "σ"]
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let (members, place) = StandardizedGroups(inputs[0].shape, axes: axes).group(of: index)
    return ElementRule(
      sources: members.map { .init(input: 0, element: $0) },
      formula: { StandardizedFormulas($0, epsilon: epsilon).y[place] },
      derivatives: { row, y in
        let formulas = StandardizedFormulas(row, epsilon: epsilon)
        return row.indices.map { formulas.slope(y, place, $0) }
      })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 7 * output.shape.count }

  static let cases: [(shape: Shape, axes: [Int])] = [
    ([5], [0]), ([3, 4], [1]), ([4, 3], [0]), ([2, 3, 4], [1]), ([2, 3, 2, 2], [1, 3]),
    ([2, 3, 2], [0, 1]), ([2, 2, 3], [0, 2]), ([2, 2, 2, 2], [0, 2]), ([2, 1, 20], [2]),
  ]

  public static var samples: [Sample] {
    cases.map { Sample(Standardize(axes: $0.axes, epsilon: 0.1), [.numbers($0.shape)]) }
  }
}

/// The formulas of elements that are standardized together, from their numbers'.
struct StandardizedFormulas {
  let count: Formula
  let deviation: Formula
  let y: [Formula]

  init(_ x: [Formula], epsilon: Double) {
    let count = Formula.number(Double(x.count))
    let mean = Formula.total(x) / count
    let variance = Formula.total(x.map { .power($0 - mean, 2) }) / count
    let deviation = Formula.squareRoot(
      epsilon == 0 ? variance : variance + .number(epsilon))
    self.count = count
    self.deviation = deviation
    y = x.map { ($0 - mean) / deviation }
  }

  /// ∂y_i/∂x_j, with the formula of y_i.
  func slope(_ y: Formula, _ i: Int, _ j: Int) -> Formula {
    ((i == j ? 1 : 0) - (1 + y * self.y[j]) / count) / deviation
  }
}

extension TensorAlgebra {
  /// The elements with mean 0 and variance 1 over some axes: (x − μ) / √(v + ε).
  ///
  /// - Parameters:
  ///   - axes: The axes over which elements are standardized together; negative ones count from
  ///     the end.
  ///   - epsilon: ε, which keeps the root away from 0.
  public func standardized(axes: [Int] = [-1], epsilon: Double = 1e-5) -> Self {
    Self.apply(Standardize(axes: resolved(axes), epsilon: epsilon), to: [self])
  }
}
