import Tensors

/// The limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno: the inverse
/// curvature is what the last few steps and changes of the gradient say of it.
///
/// With sₖ = wₖ₊₁ − wₖ, yₖ = gₖ₊₁ − gₖ, ρₖ = 1 / (yₖᵀ sₖ), the direction is d = −H g, where H takes in
/// the last m pairs (`memory`, 10), H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, from
/// H₀ = (sᵀ y / yᵀ y) I; it is computed from g by two loops over the pairs. The step satisfies the
/// strong Wolfe conditions with c₁ = 10⁻⁴, c₂ = 0.9; α = 1 is tried first (min(1, 1 / ‖g‖₁) in the
/// first iteration). Pairs with sᵀ y ≤ 10⁻¹⁰ ‖s‖ ‖y‖ are not kept.
///
/// It ends where max |gᵢ| is at most `gradientTolerance` (10⁻⁶), or no step makes E smaller.
///
/// Source: J. Nocedal, "Updating quasi-Newton matrices with limited storage", Mathematics of
/// Computation 35 (1980), doi:10.1090/S0025-5718-1980-0572855-7; D. Liu, J. Nocedal, "On the limited
/// memory BFGS method for large scale optimization", Mathematical Programming 45 (1989),
/// doi:10.1007/BF01589116.
public struct LBFGS: FullBatchRule {
  public static let kind = "lbfgs"
  public static let standard = LBFGS()

  /// m.
  public var memory: Int
  /// The largest element of a gradient that counts as none.
  public var gradientTolerance: Double

  public init(memory: Int = 10, gradientTolerance: Double = 1e-6) {
    self.memory = memory
    self.gradientTolerance = gradientTolerance
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("memory", Double(memory), .count),
      Hyperparameter("gradientTolerance", gradientTolerance, .nonNegative),
    ]
  }

  public func session(for objective: Objective) throws -> any FullBatchSession {
    Session(rule: self, count: objective.weightCount)
  }

  private struct Session: FullBatchSession {
    let rule: LBFGS
    let count: Int
    var loss = 0.0
    /// g; empty before the first iteration.
    var gradient: [Double] = []
    /// s and y of the last steps, the oldest first.
    var steps: [[Double]] = []
    var changes: [[Double]] = []

    init(rule: LBFGS, count: Int) { (self.rule, self.count) = (rule, count) }

    mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
      -> FullBatchIteration
    {
      let before = objective.evaluations
      if gradient.isEmpty { (loss, gradient) = try objective.gradient(at: weights) }
      if largestMagnitude(gradient) <= rule.gradientTolerance {
        return iteration(objective.evaluations - before, end: below(rule.gradientTolerance))
      }
      let norm = gradient.reduce(0) { $0 + abs($1) }
      let search = LineSearch(curvature: 0.9)
      var place = try search.search(
        objective, from: weights, loss: loss, gradient: gradient, along: direction(),
        first: steps.isEmpty ? min(1, 1 / norm) : 1)
      if place == nil, !steps.isEmpty {
        // The pairs may mislead; the gradient does not.
        (steps, changes) = ([], [])
        place = try search.search(
          objective, from: weights, loss: loss, gradient: gradient, along: direction(),
          first: min(1, 1 / norm))
      }
      guard let place else {
        return iteration(objective.evaluations - before, end: FullBatchEnd.noDescent)
      }
      remember(adding(place.weights, -1, weights), adding(place.gradient, -1, gradient))
      (weights, loss, gradient) = (place.weights, place.loss, place.gradient)
      return iteration(
        objective.evaluations - before,
        end: largestMagnitude(gradient) <= rule.gradientTolerance
          ? below(rule.gradientTolerance) : nil)
    }

    private func below(_ tolerance: Double) -> String { FullBatchEnd.gradient(below: tolerance) }

    private func iteration(_ evaluations: Int, end: String?) -> FullBatchIteration {
      FullBatchIteration(
        loss: loss,
        figures: [
          TrainingFigure("gradient", largestMagnitude(gradient)),
          TrainingFigure("evaluations", Double(evaluations)),
        ], end: end)
    }

    private mutating func remember(_ step: [Double], _ change: [Double]) {
      let curvature = product(step, change)
      let size = (product(step, step) * product(change, change)).squareRoot()
      guard curvature > 1e-10 * size else { return }
      steps.append(step)
      changes.append(change)
      if steps.count > rule.memory {
        steps.removeFirst()
        changes.removeFirst()
      }
    }

    /// −H g, by the two loops.
    private func direction() -> [Double] {
      var d = gradient.map { -$0 }
      guard let step = steps.last, let change = changes.last else { return d }
      var shares = [Double](repeating: 0, count: steps.count)
      for place in steps.indices.reversed() {
        shares[place] = product(steps[place], d) / product(changes[place], steps[place])
        d = adding(d, -shares[place], changes[place])
      }
      let scale = product(step, change) / product(change, change)
      d = d.map { $0 * scale }
      for place in steps.indices {
        let share = product(changes[place], d) / product(changes[place], steps[place])
        d = adding(d, shares[place] - share, steps[place])
      }
      return d
    }

    var state: FullBatchState {
      var state = FullBatchState()
      state.set("loss", loss)
      state["gradient"] = gradient
      state["steps"] = Array(steps.joined())
      state["changes"] = Array(changes.joined())
      return state
    }

    mutating func restore(_ state: FullBatchState) throws {
      loss = try state.number("loss")
      gradient = try state.vector("gradient", count: count)
      steps = try state.vectors("steps", count: count)
      changes = try state.vectors("changes", count: count)
      guard steps.count == changes.count else {
        throw TrainingError.data("the checkpoint's steps and changes differ in number")
      }
    }
  }
}
