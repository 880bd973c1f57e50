import GraphIR

/// Gradient descent on mini-batches: every parameter takes a step against its gradient.
///
/// w ← w − η g, with η the learning rate (0.01) and g = ∂E/∂w. With weight decay λ (0), λw is
/// added to g first.
///
/// Source: H. Robbins, S. Monro, "A stochastic approximation method", Annals of Mathematical
/// Statistics 22 (1951), doi:10.1214/aoms/1177729586; for networks D. Rumelhart, G. Hinton,
/// R. Williams, Nature 323 (1986), doi:10.1038/323533a0.
public struct SGD: Optimizer {
  public static let kind = "sgd"
  public static let standard = SGD()

  public var learningRate: Double
  /// λ.
  public var weightDecay: Double

  public init(learningRate: Double = 0.01, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .nonNegative),
      Hyperparameter("weightDecay", weightDecay, .nonNegative),
    ]
  }

  public func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let g = decayed(gradient, parameter, by: weightDecay, in: scope)
    return parameter - scope.learningRate * g
  }
}
