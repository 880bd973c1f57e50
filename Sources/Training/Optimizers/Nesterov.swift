import GraphIR

/// Gradient descent with Nesterov's momentum: the step already counts in the velocity that the
/// gradient will have left behind.
///
/// v ← μ v + g, w ← w − η (g + μ v), with η the learning rate (0.01), μ the momentum (0.9),
/// g = ∂E/∂w and v the velocity, zero at the start. With weight decay λ (0), λw is added to g
/// first.
///
/// Source: Y. Nesterov, "A method of solving a convex programming problem with convergence rate
/// O(1/k²)", Soviet Mathematics Doklady 27 (1983); in this form I. Sutskever, J. Martens, G. Dahl,
/// G. Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013.
public struct Nesterov: Optimizer {
  public static let kind = "nesterov"
  public static let standard = Nesterov()

  public var learningRate: Double
  /// μ.
  public var momentum: Double
  /// λ.
  public var weightDecay: Double

  public init(learningRate: Double = 0.01, momentum: Double = 0.9, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .nonNegative),
      Hyperparameter("momentum", momentum, .fraction),
      Hyperparameter("weightDecay", weightDecay, .nonNegative),
    ]
  }

  public func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let g = decayed(gradient, parameter, by: weightDecay, in: scope)
    let velocity = scope.state("velocity", symbol: "v")
    let factor = scope.constant(momentum, "μ")
    let v = velocity * factor + g
    scope.update(velocity, with: v)
    return parameter - scope.learningRate * (g + v * factor)
  }
}
