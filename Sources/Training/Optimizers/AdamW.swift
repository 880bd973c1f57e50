import GraphIR

/// Adam with decoupled weight decay: weights shrink at one rate, whatever their gradients were.
///
/// w ← w (1 − η λ) − η m̂ / (√v̂ + ε), with the weight decay λ (0.01), and with η, the moments and
/// ε as in ``Adam``. All parameters decay, biases too.
///
/// Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019,
/// arXiv:1711.05101.
public struct AdamW: Optimizer {
  public static let kind = "adamw"
  public static let standard = AdamW()

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
    epsilon: Double = 1e-8, weightDecay: Double = 0.01
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
    let decay = scope.constant(weightDecay, "λ", isPrecise: true)
    let shrinkage = scope.factor(1 - scope.preciseRate * decay)
    let step = adamStep(gradient, beta1: beta1, beta2: beta2, epsilon: epsilon, in: scope)
    return parameter * shrinkage - step
  }
}
