import GraphIR

/// Resilient propagation: every weight has a step size of its own, which grows while the sign of its
/// gradient stays and shrinks when it turns; how large the gradient is does not matter.
///
/// With g = ∂E/∂w over all rows and g₋ that of the step before, element by element:
///
/// Δ ← min(η⁺ Δ, Δmax) where g₋ g > 0, max(η⁻ Δ, Δmin) where g₋ g < 0, else Δ;
/// w ← w − sign(g) Δ.
///
/// What becomes of a weight whose gradient has turned is the ``Variant``. Δ starts as the learning
/// rate Δ₀ (0.1); η⁺ = 1.2, η⁻ = 0.5, Δmax = 50, Δmin = 10⁻⁶. A schedule's factor multiplies the
/// steps. It compares gradients, so it needs all rows in every step.
///
/// Source: M. Riedmiller, H. Braun, "A direct adaptive method for faster backpropagation learning:
/// the RPROP algorithm", IEEE International Conference on Neural Networks (1993), 586–591,
/// doi:10.1109/ICNN.1993.298623; the variants C. Igel, M. Hüsken, "Empirical evaluation of the
/// improved Rprop learning algorithms", Neurocomputing 50 (2003), 105–123,
/// doi:10.1016/S0925-2312(01)00700-7.
public struct Rprop: Optimizer {
  public static let kind = "rprop"
  public static let standard = Rprop()

  /// What becomes of a weight whose gradient has turned, beside its smaller step size.
  public enum Variant: String, Codable, Hashable, Sendable, CaseIterable {
    /// Rprop⁺: its last step is taken back, and g counts as 0 in the next step.
    case plus
    /// Rprop⁻: nothing; it takes the smaller step.
    case minus
    /// iRprop⁺: as Rprop⁺, but its step is taken back only if E has grown; else it stays where it is.
    case improvedPlus
    /// iRprop⁻: it stays where it is, and g counts as 0 in the next step.
    case improvedMinus

    /// The papers' name, in letters of a keyboard: `irprop+`.
    public var name: String {
      switch self {
      case .plus: "rprop+"
      case .minus: "rprop-"
      case .improvedPlus: "irprop+"
      case .improvedMinus: "irprop-"
      }
    }
  }

  public static var forms: [(name: String, optimizer: Rprop)] {
    Variant.allCases.map { ($0.name, Rprop(variant: $0)) }
  }

  public var variant: Variant
  /// Δ₀.
  public var learningRate: Double
  /// η⁺.
  public var increase: Double
  /// η⁻.
  public var decrease: Double
  /// Δmin.
  public var smallestStep: Double
  /// Δmax.
  public var largestStep: Double

  public init(
    variant: Variant = .improvedMinus, learningRate: Double = 0.1, increase: Double = 1.2,
    decrease: Double = 0.5, smallestStep: Double = 1e-6, largestStep: Double = 50
  ) {
    self.variant = variant
    self.learningRate = learningRate
    self.increase = increase
    self.decrease = decrease
    self.smallestStep = smallestStep
    self.largestStep = largestStep
  }

  public var needsFullBatch: Bool { true }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("learningRate", learningRate, .positive),
      Hyperparameter("increase", increase, .oneOrMore),
      Hyperparameter("decrease", decrease, .fraction),
      Hyperparameter("smallestStep", smallestStep, .nonNegative),
      Hyperparameter("largestStep", largestStep, .positive),
    ]
  }

  public var choices: [RuleChoice] {
    [RuleChoice("variant", variant.rawValue, Variant.allCases.map(\.rawValue))]
  }

  public func update(_ parameter: Expression, gradient g: Expression, in scope: OptimizerScope)
    -> Expression
  {
    let last = scope.state("lastGradient", symbol: "g")
    let sizes = scope.state("stepSize", symbol: "Δ", start: learningRate)
    let turn = scope.named("p", last * g)
    let grown = minimum(
      sizes * scope.constant(increase, "η⁺"), scope.constant(largestStep, "Δ_max"))
    let shrunk = maximum(
      sizes * scope.constant(decrease, "η⁻"), scope.constant(smallestStep, "Δ_min"))
    let size = scope.either(turn .> 0, grown, scope.either(turn .< 0, shrunk, sizes))
    scope.update(sizes, with: size)
    scope.update(last, with: remembered(g, turn, in: scope))

    return parameter - step(g, size, turn, in: scope)
  }

  /// What the next step takes as this one's gradient.
  private func remembered(_ g: Expression, _ turn: Expression, in scope: OptimizerScope)
    -> Expression
  {
    variant == .minus ? g : scope.either(turn .< 0, g.constant(0), g)
  }

  /// What is taken off the weight.
  private func step(
    _ g: Expression, _ size: Expression, _ turn: Expression, in scope: OptimizerScope
  ) -> Expression {
    let full = scope.scheduled(sign(g) * size, from: learningRate)
    let stay = g.constant(0)
    switch variant {
    case .minus: return full
    case .improvedMinus: return scope.either(turn .< 0, stay, full)
    case .plus:
      let lastStep = scope.state("lastStep", symbol: "s")
      let step = scope.either(turn .< 0, -lastStep, full)
      scope.update(lastStep, with: step)
      return step
    case .improvedPlus:
      let lastStep = scope.state("lastStep", symbol: "s")
      let (loss, lastLoss) = scope.lossAndLast
      let back = scope.either(loss .> lastLoss, -lastStep, stay)
      let step = scope.either(turn .>= 0, full, back)
      scope.update(lastStep, with: step)
      return step
    }
  }
}
