/// Møller's scaled conjugate gradients: conjugate directions with a step length from the curvature
/// along them, in place of a line search.
///
/// Along p the curvature is δ = pᵀ (g(w + σ' p) − g(w)) / σ' + (λ − λ̄) |p|², σ' = σ / |p|, made
/// positive by a larger λ where it is not. With r = −g and µ = pᵀ r the step is α = µ / δ, and
///
/// Δ = 2 δ (E(w) − E(w + α p)) / µ²
///
/// says how well E is the parabola that δ makes of it. With Δ ≥ 0, w ← w + α p,
/// p ← r′ + (|r′|² − r′ᵀ r) / µ p (and p ← r′ after each as many iterations as there are weights); else
/// w stays. λ is divided by 4 for Δ ≥ 0.75, and grows by δ (1 − Δ) / |p|² for Δ < 0.25.
///
/// Defaults: σ = 10⁻⁴ (`sigma`), λ = 10⁻⁶ at the start (`lambda`). It ends where max |gᵢ| is at most
/// `gradientTolerance` (10⁻⁶), or a step no longer changes E. An iteration takes one or two gradients
/// and one E.
///
/// Figures: `lambda`, `gradient`, `comparison` (Δ), `evaluations`.
///
/// Source: M. Møller, "A scaled conjugate gradient algorithm for fast supervised learning", Neural
/// Networks 6 (1993), doi:10.1016/S0893-6080(05)80056-5.
public struct ScaledConjugateGradient: FullBatchRule {
  public static let kind = "scaled-conjugate-gradient"
  public static let standard = ScaledConjugateGradient()

  /// σ, above 0.
  public var sigma: Double
  /// λ at the start.
  public var lambda: Double
  /// The largest element of a gradient that counts as none.
  public var gradientTolerance: Double

  public init(sigma: Double = 1e-4, lambda: Double = 1e-6, gradientTolerance: Double = 1e-6) {
    self.sigma = sigma
    self.lambda = lambda
    self.gradientTolerance = gradientTolerance
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("sigma", sigma, .positive), Hyperparameter("lambda", lambda, .positive),
      Hyperparameter("gradientTolerance", gradientTolerance, .nonNegative),
    ]
  }

  public func session(for objective: Objective) throws -> any FullBatchSession {
    Session(rule: self, count: objective.weightCount)
  }

  private struct Session: FullBatchSession {
    let rule: ScaledConjugateGradient
    let count: Int
    var iterations = 0
    var loss = 0.0
    /// r and p; empty before the first iteration.
    var descent: [Double] = []
    var direction: [Double] = []
    /// pᵀ s, kept while steps fail.
    var curvature = 0.0
    var lambda: Double
    /// λ̄.
    var raised = 0.0
    var hasMoved = true

    init(rule: ScaledConjugateGradient, count: Int) {
      (self.rule, self.count) = (rule, count)
      lambda = rule.lambda
    }

    mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
      -> FullBatchIteration
    {
      let before = objective.evaluations
      if descent.isEmpty {
        loss = try objective.loss(at: weights)
        descent = try objective.gradient(at: weights).gradient.map { -$0 }
        direction = descent
      }
      if let end = flatEnd { return iteration(0, 0, end: end) }
      iterations += 1
      let square = product(direction, direction)
      if hasMoved {
        let length = rule.sigma / square.squareRoot()
        let ahead = try objective.gradient(at: adding(weights, length, direction)).gradient
        curvature = (product(direction, ahead) + product(direction, descent)) / length
      }
      curvature += (lambda - raised) * square
      if curvature <= 0 {
        raised = 2 * (lambda - curvature / square)
        curvature = -curvature + lambda * square
        lambda = raised
      }
      let mu = product(direction, descent)
      let next = adding(weights, mu / curvature, direction)
      let reached = try objective.loss(at: next)
      let comparison = 2 * curvature * (loss - reached) / (mu * mu)
      var end: String?
      if comparison >= 0 {
        // What rounding makes of a step is the same E in the end.
        if reached == loss { end = FullBatchEnd.noDescent }
        try move(&weights, to: next, reached, mu, objective)
        end = flatEnd ?? end
        if comparison >= 0.75 { lambda /= 4 }
      } else {
        (raised, hasMoved) = (lambda, false)
        if next == weights { end = FullBatchEnd.noDescent }
      }
      if !(comparison >= 0.25) {
        let growth = curvature * (1 - comparison) / square
        // A step to where E is no number was much too long.
        lambda = growth.isFinite ? lambda + growth : 4 * max(lambda, curvature / square)
      }
      return iteration(comparison, objective.evaluations - before, end: end)
    }

    private mutating func move(
      _ weights: inout [Double], to next: [Double], _ reached: Double, _ mu: Double,
      _ objective: Objective
    ) throws {
      let found = try objective.gradient(at: next).gradient.map { -$0 }
      let share = (product(found, found) - product(found, descent)) / mu
      direction = iterations % count == 0 ? found : adding(found, share, direction)
      (weights, loss, descent) = (next, reached, found)
      (raised, hasMoved) = (0, true)
    }

    private var flatEnd: String? {
      largestMagnitude(descent) <= rule.gradientTolerance
        ? FullBatchEnd.gradient(below: rule.gradientTolerance) : nil
    }

    private func iteration(_ comparison: Double, _ evaluations: Int, end: String?)
      -> FullBatchIteration
    {
      FullBatchIteration(
        loss: loss,
        figures: [
          TrainingFigure("lambda", lambda), TrainingFigure("gradient", largestMagnitude(descent)),
          TrainingFigure("comparison", comparison),
          TrainingFigure("evaluations", Double(evaluations)),
        ], end: end)
    }

    var state: FullBatchState {
      var state = FullBatchState()
      state.set("iterations", Double(iterations))
      state.set("loss", loss)
      state["descent"] = descent
      state["direction"] = direction
      state.set("curvature", curvature)
      state.set("lambda", lambda)
      state.set("raised", raised)
      state.set("hasMoved", hasMoved ? 1 : 0)
      return state
    }

    mutating func restore(_ state: FullBatchState) throws {
      iterations = try state.count("iterations")
      loss = try state.number("loss")
      descent = try state.vector("descent", count: count)
      direction = try state.vector("direction", count: count)
      curvature = try state.number("curvature")
      lambda = try state.number("lambda")
      raised = try state.number("raised")
      hasMoved = try state.number("hasMoved") != 0
      guard descent.count == direction.count else {
        throw TrainingError.data("the checkpoint's descent and direction differ in size")
      }
    }
  }
}
