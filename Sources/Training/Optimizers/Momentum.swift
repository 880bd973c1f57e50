import GraphIR

/// Gradient descent with momentum: steps build up where gradients agree and cancel where they
/// alternate.
///
/// v ← μ v + g, w ← w − η v, with η the learning rate (0.01), μ the momentum (0.9), g = ∂E/∂w and
/// v the velocity, zero at the start. With weight decay λ (0), λw is added to g first. A constant
/// gradient reaches the step η g / (1 − μ). (The textbook form Δw ← α Δw − η g has the same steps
/// as long as η does not change.)
///
/// Source: B. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
/// Computational Mathematics and Mathematical Physics 4 (1964), doi:10.1016/0041-5553(64)90137-5.
public struct Momentum: Optimizer {
  public static let kind = "momentum"
  public static let standard = Momentum()

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
    let v = velocity * scope.constant(momentum, "μ") + g
    scope.update(velocity, with: v)
    return parameter - scope.learningRate * v
  }
}
