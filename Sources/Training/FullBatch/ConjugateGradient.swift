/// Conjugate gradients in Polak's and Ribière's form, with a line search.
///
/// d ← −g′ + β d, β = max(0, g′ᵀ (g′ − g) / gᵀ g), w ← w + α d, where g and g′ are the gradients before
/// and after the last step. β = 0 – steepest descent – begins anew where the directions no longer fit
/// together; so it does after each as many iterations as there are weights, and where d does not go
/// down. α satisfies the strong Wolfe conditions with c₁ = 10⁻⁴ and c₂ = 0.1; the first α that is tried
/// is the one that would repeat the last decrease of E, 2.02 (E − E₋) / gᵀd, at most 1.
///
/// It ends where max |gᵢ| is at most `gradientTolerance` (10⁻⁶), or no step makes E smaller.
///
/// Figures: `gradient`, `evaluations`.
///
/// Source: E. Polak, G. Ribière, "Note sur la convergence de méthodes de directions conjuguées", Revue
/// française d'informatique et de recherche opérationnelle 3 (1969), doi:10.1051/m2an/196903R100351;
/// with β ≥ 0 J. Gilbert, J. Nocedal, SIAM Journal on Optimization 2 (1992), doi:10.1137/0802003.
public struct ConjugateGradient: FullBatchRule {
  public static let kind = "conjugate-gradient"
  public static let standard = ConjugateGradient()

  /// The largest element of a gradient that counts as none.
  public var gradientTolerance: Double

  public init(gradientTolerance: Double = 1e-6) { self.gradientTolerance = gradientTolerance }

  public var hyperparameters: [Hyperparameter] {
    [Hyperparameter("gradientTolerance", gradientTolerance, .nonNegative)]
  }

  public func session(for objective: Objective) throws -> any FullBatchSession {
    Session(rule: self, count: objective.weightCount)
  }

  private struct Session: FullBatchSession {
    let rule: ConjugateGradient
    let count: Int
    /// Iterations since the last new beginning.
    var iterations = 0
    var loss = 0.0
    /// E before the last step; E itself where there was none.
    var lossBefore = 0.0
    /// g and d; empty before the first iteration.
    var gradient: [Double] = []
    var direction: [Double] = []

    init(rule: ConjugateGradient, count: Int) { (self.rule, self.count) = (rule, count) }

    mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
      -> FullBatchIteration
    {
      let before = objective.evaluations
      if gradient.isEmpty {
        (loss, gradient) = try objective.gradient(at: weights)
        lossBefore = loss
        direction = gradient.map { -$0 }
      }
      if let end = flatEnd { return iteration(0, end: end) }
      let search = LineSearch(curvature: 0.1)
      func place(along direction: [Double], first: Double) throws -> LineSearch.Place? {
        try search.search(
          objective, from: weights, loss: loss, gradient: gradient, along: direction, first: first)
      }
      var found = try place(along: direction, first: firstStep)
      if found == nil, iterations > 0 {
        (iterations, lossBefore) = (0, loss)
        direction = gradient.map { -$0 }
        found = try place(along: direction, first: firstStep)
      }
      guard let found else {
        return iteration(objective.evaluations - before, end: FullBatchEnd.noDescent)
      }
      turn(found.gradient)
      (lossBefore, loss) = (loss, found.loss)
      weights = found.weights
      return iteration(objective.evaluations - before, end: flatEnd)
    }

    private var firstStep: Double {
      let slope = product(gradient, direction)
      let repeated = 2.02 * (loss - lossBefore) / slope
      if repeated > 0, repeated.isFinite { return min(1, repeated) }
      return min(1, 1 / gradient.reduce(0) { $0 + abs($1) })
    }

    /// The direction after a step to where the gradient is another.
    private mutating func turn(_ next: [Double]) {
      iterations += 1
      let share = (product(next, next) - product(next, gradient)) / product(gradient, gradient)
      var turned = next.map { -$0 }
      if share > 0, iterations < count {
        let mixed = adding(turned, share, direction)
        if product(mixed, next) < 0 { turned = mixed } else { iterations = 0 }
      } else {
        iterations = 0
      }
      (direction, gradient) = (turned, next)
    }

    private var flatEnd: String? {
      largestMagnitude(gradient) <= rule.gradientTolerance
        ? FullBatchEnd.gradient(below: rule.gradientTolerance) : nil
    }

    private func iteration(_ evaluations: Int, end: String?) -> FullBatchIteration {
      FullBatchIteration(
        loss: loss,
        figures: [
          TrainingFigure("gradient", largestMagnitude(gradient)),
          TrainingFigure("evaluations", Double(evaluations)),
        ], end: end)
    }

    var state: FullBatchState {
      var state = FullBatchState()
      state.set("iterations", Double(iterations))
      state.set("loss", loss)
      state.set("lossBefore", lossBefore)
      state["gradient"] = gradient
      state["direction"] = direction
      return state
    }

    mutating func restore(_ state: FullBatchState) throws {
      iterations = try state.count("iterations")
      loss = try state.number("loss")
      lossBefore = try state.number("lossBefore")
      gradient = try state.vector("gradient", count: count)
      direction = try state.vector("direction", count: count)
      guard gradient.count == direction.count else {
        throw TrainingError.data("the checkpoint's gradient and direction differ in size")
      }
    }
  }
}
