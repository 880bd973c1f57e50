import Formulas
import GraphIR

/// Gradient descent with a learning rate for every weight, which grows by steps while the gradient
/// keeps its sign and shrinks at once when it turns.
///
/// With g = ∂E/∂w over all rows and ḡ₋ a moving average of those before, element by element:
///
/// r ← r + κ where ḡ₋ g > 0, (1 − φ) r where ḡ₋ g < 0, else r;
/// w ← w − r g; ḡ ← (1 − θ) g + θ ḡ₋.
///
/// r starts as the learning rate (0.1); κ = 0.01, φ = 0.1, θ = 0.7, which suit few problems as they
/// are. A schedule's factor multiplies the steps. It compares gradients, so it needs all rows in
/// every step.
///
/// Source: R. A. Jacobs, "Increased rates of convergence through learning rate adaptation", Neural
/// Networks 1 (1988), 295–307, doi:10.1016/0893-6080(88)90003-2.
public struct DeltaBarDelta: Optimizer {
  public static let kind = "delta-bar-delta"
  public static let standard = DeltaBarDelta()

  public var learningRate: Double
  /// κ.
  public var increase: Double
  /// φ.
  public var decrease: Double
  /// θ.
  public var memory: Double

  public init(
    learningRate: Double = 0.1, increase: Double = 0.01, decrease: Double = 0.1,
    memory: Double = 0.7
  ) {
    self.learningRate = learningRate
    self.increase = increase
    self.decrease = decrease
    self.memory = memory
  }

  public var needsFullBatch: Bool { true }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .positive),
      Hyperparameter("increase", increase, .nonNegative),
      Hyperparameter("decrease", decrease, .fraction),
      Hyperparameter("memory", memory, .fraction),
    ]
  }

  public func update(_ parameter: Expression, gradient g: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let rates = scope.state("rate", symbol: "r", start: learningRate)
    let average = scope.state("averageGradient", symbol: "ḡ")
    let turn = scope.named("p", average * g)
    let rate = scope.either(
      turn .> 0, rates + scope.constant(increase, "κ"),
      scope.either(turn .< 0, rates * scope.constant(1 - decrease, 1 - "φ"), rates))
    scope.update(rates, with: rate)
    scope.update(
      average,
      with: g * scope.constant(1 - memory, 1 - "θ") + average * scope.constant(memory, "θ"))
    return parameter - scope.scheduled(rate * g, from: learningRate)
  }
}
