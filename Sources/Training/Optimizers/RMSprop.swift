import Formulas
import GraphIR

/// Gradient descent by the gradient's sign, nearly: steps are divided by a moving root mean square
/// of the gradient.
///
/// s ← α s + (1 − α) g², d = g / (√s + ε), w ← w − η d, element by element, with η the learning
/// rate (0.01), α the decay (0.99), ε = 10⁻⁸, g = ∂E/∂w and s the mean square, zero at the start.
/// With momentum μ (0), b ← μ b + d takes the place of d. With weight decay λ (0), λw is added to g
/// first.
///
/// Source: T. Tieleman, G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning,
/// Coursera (2012); in this form A. Graves, "Generating sequences with recurrent neural networks",
/// arXiv:1308.0850, without its centering.
public struct RMSprop: Optimizer {
  public static let kind = "rmsprop"
  public static let standard = RMSprop()

  public var learningRate: Double
  /// α.
  public var decay: Double
  /// ε.
  public var epsilon: Double
  /// μ.
  public var momentum: Double
  /// λ.
  public var weightDecay: Double

  public init(
    learningRate: Double = 0.01, decay: Double = 0.99, epsilon: Double = 1e-8,
    momentum: Double = 0, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .nonNegative),
      Hyperparameter("decay", decay, .fraction),
      Hyperparameter("epsilon", epsilon, .nonNegative),
      Hyperparameter("momentum", momentum, .fraction),
      Hyperparameter("weightDecay", weightDecay, .nonNegative),
    ]
  }

  public func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let g = decayed(gradient, parameter, by: weightDecay, in: scope)
    let meanSquare = scope.state("meanSquare", symbol: "s")
    let s =
      meanSquare * scope.constant(decay, "α")
      + g.squared() * scope.constant(1 - decay, 1 - "α")
    scope.update(meanSquare, with: s)
    let direction = g / (sqrt(s) + scope.constant(epsilon, "ε"))
    guard momentum != 0 else { return parameter - scope.learningRate * direction }

    let velocity = scope.state("velocity", symbol: "b")
    let b = velocity * scope.constant(momentum, "μ") + direction
    scope.update(velocity, with: b)
    return parameter - scope.learningRate * b
  }
}
