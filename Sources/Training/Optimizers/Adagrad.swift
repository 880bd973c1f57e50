import GraphIR

/// Adaptive gradient descent: a weight's steps shrink by all the gradients that it has had, so
/// that rare features keep long steps.
///
/// s ← s + g², w ← w − η g / (√s + ε), element by element, with η the learning rate (0.01),
/// ε = 10⁻¹⁰, g = ∂E/∂w and s the sum of squares, zero at the start. With weight decay λ (0), λw is
/// added to g first.
///
/// Source: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and
/// stochastic optimization", Journal of Machine Learning Research 12 (2011), 2121–2159.
public struct Adagrad: Optimizer {
  public static let kind = "adagrad"
  public static let standard = Adagrad()

  public var learningRate: Double
  /// ε.
  public var epsilon: Double
  /// λ.
  public var weightDecay: Double

  public init(learningRate: Double = 0.01, epsilon: Double = 1e-10, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .nonNegative),
      Hyperparameter("epsilon", epsilon, .nonNegative),
      Hyperparameter("weightDecay", weightDecay, .nonNegative),
    ]
  }

  public func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let g = decayed(gradient, parameter, by: weightDecay, in: scope)
    let squares = scope.state("squares", symbol: "s")
    let s = squares + g.squared()
    scope.update(squares, with: s)
    return parameter - scope.learningRate * g / (sqrt(s) + scope.constant(epsilon, "ε"))
  }
}
