import Formulas
import Tensors

/// The gradient of ``Standardize``.
///
/// From x and the upstream gradient g: h_i = (g_i − mean g − y_i mean(g y)) / σ, with y the
/// standardized x. The map from g to h is symmetric, so that its gradient with respect to g is the
/// same operation.
public struct StandardizeGradient: Operation {
  public static let name = "standardizeGradient"

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
    let (x, upstream) = try inputs.pair()
    guard upstream == x else {
      throw TypeError("expects two values of one type, found \(x) and \(upstream)")
    }
    return try Standardize(axes: axes, epsilon: epsilon).outputType([x])
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let (x, g) = (inputs[0], inputs[1])
    let groups = StandardizedGroups(x.shape, axes: axes)
    let values = groups.mapping([x.doubles, g.doubles]) { parts in
      let (x, g) = (parts[0], parts[1])
      let (moments, count) = (Moments(x), Double(x.count))
      let deviation = (moments.variance + epsilon).squareRoot()
      let y = x.map { ($0 - moments.mean) / deviation }
      let mean = g.reduce(0, +) / count
      let along = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / count
      return zip(g, y).map { ($0 - mean - $1 * along) / deviation }
    }
    return Tensor(values, shape: x.shape, type: x.scalarType)
  }

  /// With u the upstream gradient, r = 1 / σ, m = mean(g y) and m′ = mean(u y): with respect to x,
  /// the same operation on −r (g m′ + u m), less r² (mean(u g) − mean u mean g − m m′) y.
  public func gradients(_ inputs: [Expression], output: Expression, upstream u: Expression)
    -> [Expression?]
  {
    let (x, g) = (inputs[0], inputs[1])
    func mean(_ value: Expression) -> Expression { value.mean(axes: axes, keepingAxes: true) }
    let y = x.standardized(axes: axes, epsilon: epsilon)
    let r = 1 / sqrt(x.variance(axes: axes, keepingAxes: true) + epsilon)
    let (m, n) = (mean(g * y), mean(u * y))
    let throughRows = Expression.apply(self, to: [x, -(r * (g * n + u * m))])
    let throughDeviation = r.squared() * (mean(u * g) - mean(u) * mean(g) - m * n) * y
    return [throughRows - throughDeviation, Expression.apply(self, to: [x, u])]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    let (g, y) = (inputs[1].element, Formula.indexed("y", ["i"]))
    return (g - "ḡ" - y * "m") / "σ"
  }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    let (y, other) = (Formula.indexed("y", ["i"]), Formula.indexed("y", ["j"]))
    let slope = ("δ_ij" - (1 + y * other) / "n") / "σ"
    let g = Formula.indexed(inputs[1], ["j"])
    let bend = ("ḡ" - g) * y / "n" + "m" / "n" - "δ_ij" * "m" + 2 * "m" * y * other / "n"
    return [bend / .power("σ", 2) - output.element * other / ("n" * "σ"), slope]
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let (members, place) = StandardizedGroups(inputs[0].shape, axes: axes).group(of: index)
    let count = members.count
    @Sendable func parts(_ sources: [Formula]) -> GradientFormulas {
      GradientFormulas(Array(sources[..<count]), Array(sources[count...]), epsilon: epsilon)
    }
    return ElementRule(
      sources: [0, 1].flatMap { input in members.map { .init(input: input, element: $0) } },
      formula: { parts($0).value(place) },
      derivatives: { sources, h in
        let parts = parts(sources)
        return (0..<count).map { parts.bend(h, place, $0) }
          + (0..<count).map { parts.standard.slope(parts.standard.y[place], place, $0) }
      })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 12 * output.shape.count }

  public static var samples: [Sample] {
    Standardize.cases.map { shape, axes in
      Sample(
        StandardizeGradient(axes: axes, epsilon: 0.1),
        [.numbers(shape), .numbers(shape, seed: 2)])
    }
  }
}

/// The formulas of a gradient behind elements that are standardized together.
private struct GradientFormulas {
  let standard: StandardizedFormulas
  let g: [Formula]
  let mean: Formula
  let along: Formula

  init(_ x: [Formula], _ g: [Formula], epsilon: Double) {
    let standard = StandardizedFormulas(x, epsilon: epsilon)
    self.standard = standard
    self.g = g
    mean = Formula.total(g) / standard.count
    along = Formula.total(zip(g, standard.y).map { $0 * $1 }) / standard.count
  }

  /// h_i.
  func value(_ i: Int) -> Formula {
    (g[i] - mean - standard.y[i] * along) / standard.deviation
  }

  /// ∂h_i/∂x_j, with the formula of h_i.
  func bend(_ h: Formula, _ i: Int, _ j: Int) -> Formula {
    let (y, n) = (standard.y, standard.count)
    let own: Formula = i == j ? along : 0
    let inner = (mean - g[j]) * y[i] / n + along / n - own + 2 * along * y[i] * y[j] / n
    return inner / .power(standard.deviation, 2) - h * y[j] / (n * standard.deviation)
  }
}
