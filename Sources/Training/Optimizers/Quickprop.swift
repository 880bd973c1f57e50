import Formulas
import GraphIR

/// Jumps to where a parabola through a weight's last two slopes has its lowest point, each weight
/// by itself.
///
/// With g = ∂E/∂w over all rows, g₋ that of the step before and d₋ the step taken then, element by
/// element, the step is d = l + q, w ← w + d:
///
/// q = d₋ g / (g₋ − g), the jump, but µ d₋ where g has not fallen below µ / (1 + µ) of g₋: there the
/// jump would be longer than µ d₋, or lead uphill;
/// l = −η g where d₋ still leads downhill, else 0.
///
/// Where |d₋| is no more than τ, and so in the first step, d = −η g. η is the learning rate (0.5),
/// µ the largest growth of a step (1.75), τ the switch (0). With weight decay λ (0), λw is added to
/// g first; as little as 10⁻⁴ keeps weights from running away. It compares gradients, so it needs all rows in every step.
///
/// (The paper's gradients are sums over the rows; where the loss takes means, η and λ are as many
/// times larger. Its other advice – a slope of the sigmoid that is 0.1 larger, errors by the inverse
/// hyperbolic tangent – is about the network and its loss; cross-entropy serves the same end.)
///
/// Source: S. E. Fahlman, "An empirical study of learning speed in back-propagation networks",
/// technical report CMU-CS-88-162, Carnegie Mellon University (1988).
public struct Quickprop: Optimizer {
  public static let kind = "quickprop"
  public static let standard = Quickprop()

  public var learningRate: Double
  /// µ.
  public var growth: Double
  /// τ.
  public var threshold: Double
  /// λ.
  public var weightDecay: Double

  public init(
    learningRate: Double = 0.5, growth: Double = 1.75, threshold: Double = 0,
    weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.growth = growth
    self.threshold = threshold
    self.weightDecay = weightDecay
  }

  public var needsFullBatch: Bool { true }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .nonNegative),
      Hyperparameter("growth", growth, .positive),
      Hyperparameter("threshold", threshold, .nonNegative),
      Hyperparameter("weightDecay", weightDecay, .nonNegative),
    ]
  }

  public func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let slope = decayed(gradient, parameter, by: weightDecay, in: scope)
    let g = weightDecay == 0 ? slope : scope.named("h", slope)
    let last = scope.state("lastGradient", symbol: "g")
    let lastStep = scope.state("lastStep", symbol: "d")
    scope.update(last, with: g)

    let descent = -(scope.learningRate * g)
    let direction = sign(lastStep)
    let linear = scope.named("l", scope.either(direction * g .< 0, descent, g.constant(0)))
    // "Not less" rather than "more": the two cases meet there, and a weight that has not moved
    // divides by nothing.
    let shrinkage = scope.constant(growth / (1 + growth), "µ" / (1 + "µ"))
    let isSteep = direction * g .<= direction * last * shrinkage
    let jump = scope.named(
      "q",
      scope.either(
        isSteep, lastStep * scope.constant(growth, "µ"), lastStep * g / (last - g)))
    let step = scope.either(
      abs(lastStep) .> scope.constant(threshold, "τ"), linear + jump, descent)
    scope.update(lastStep, with: step)
    return parameter + step
  }
}
