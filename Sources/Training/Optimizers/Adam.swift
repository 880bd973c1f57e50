import Formulas
import GraphIR

/// Adaptive moments: momentum, divided by a moving root mean square of the gradient, both corrected
/// for their start at zero.
///
/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
/// w ← w − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ),
/// element by element, with η the learning rate (0.001), β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸, g = ∂E/∂w,
/// and t the number of the update, from 1. With weight decay λ (0), λw is added to g first; see
/// ``AdamW`` for the decay that is not scaled by the moments.
///
/// Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
/// arXiv:1412.6980.
public struct Adam: Optimizer {
  public static let kind = "adam"
  public static let standard = Adam()

  public var learningRate: Double
  /// β₁.
  public var beta1: Double
  /// β₂.
  public var beta2: Double
  /// ε.
  public var epsilon: Double
  /// λ.
  public var weightDecay: Double

  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .nonNegative),
      Hyperparameter("beta1", beta1, .fraction),
      Hyperparameter("beta2", beta2, .fraction),
      Hyperparameter("epsilon", epsilon, .nonNegative),
      Hyperparameter("weightDecay", weightDecay, .nonNegative),
    ]
  }

  public func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let g = decayed(gradient, parameter, by: weightDecay, in: scope)
    return parameter - adamStep(g, beta1: beta1, beta2: beta2, epsilon: epsilon, in: scope)
  }
}

/// η m̂ / (√v̂ + ε) for the moments after the gradient g; updates the two states.
///
/// The corrections are factors that do not depend on the element: η / (1 − β₁ᵗ) for m, and
/// 1 / √(1 − β₂ᵗ) for √v.
func adamStep(
  _ g: Expression, beta1: Double, beta2: Double, epsilon: Double, in scope: OptimizerScope
) -> Expression {
  let first = scope.state("firstMoment", symbol: "m")
  let second = scope.state("secondMoment", symbol: "v")
  let m = first * scope.constant(beta1, "β_1") + g * scope.constant(1 - beta1, 1 - "β_1")
  let v = second * scope.constant(beta2, "β_2") + g.squared() * scope.constant(1 - beta2, 1 - "β_2")
  scope.update(first, with: m)
  scope.update(second, with: v)

  if scope.isWrittenOut {
    let t = scope.factor(scope.step)
    let mean = scope.named("m̂", m / (1 - pow(scope.constant(beta1, "β_1"), t)))
    let square = scope.named("v̂", v / (1 - pow(scope.constant(beta2, "β_2"), t)))
    return scope.learningRate * mean / (sqrt(square) + scope.constant(epsilon, "ε"))
  }
  let stepSize = scope.factor(scope.preciseRate / (1 - pow(beta1, scope.step)))
  let correction = scope.factor(1 / sqrt(1 - pow(beta2, scope.step)))
  return stepSize * m / (sqrt(v) * correction + epsilon)
}
