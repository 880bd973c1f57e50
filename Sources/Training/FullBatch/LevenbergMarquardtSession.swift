/// ``LevenbergMarquardt`` at work.
struct LevenbergMarquardtSession: FullBatchSession {
  private let rule: LevenbergMarquardt
  /// f of E = f Σe².
  private let factor: Double
  /// What the penalty λ₂ puts on the diagonal.
  private let decay: [Double]
  private let errorCount: Int

  private var mu: Double
  /// E at the weights; nil before the first iteration.
  private var loss: Double?
  private var alpha = 0.0
  private var beta = 1.0
  private var effective: Double
  /// JᵀJ and Jᵀe at the weights; it follows from them, and is no part of the state.
  private var linearized: LinearizedErrors?

  /// No step can be told from Gauss's and Newton's below this.
  private static let leastMu = 1e-20

  init(rule: LevenbergMarquardt, factor: Double, decay: [Double], errorCount: Int) {
    (self.rule, self.factor, self.decay, self.errorCount) = (rule, factor, decay, errorCount)
    mu = rule.mu
    effective = Double(decay.count)
  }

  private var isBayesian: Bool { rule.regularization == .bayesian }

  mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
    -> FullBatchIteration
  {
    let before = objective.evaluations
    let start = try loss ?? objective.loss(at: weights)
    loss = start
    guard start.isFinite else { return FullBatchIteration(loss: start) }
    let here = try linearized ?? objective.linearized(at: weights)
    linearized = here

    let slope = slope(here, weights)
    if let end = flatEnd(slope) { return iteration(slope, 0, end: end) }
    let curvature = curvature(here)
    let value = value(start, weights)
    while mu <= rule.muLimit {
      if let factor = Cholesky(
        curvature, size: weights.count, addingToDiagonal: mu + (isBayesian ? alpha : 0))
      {
        let next = adding(weights, -1, factor.solve(slope))
        let reached = try objective.loss(at: next)
        if self.value(reached, next) < value {
          (weights, loss) = (next, reached)
          mu = max(mu / rule.muDecrease, Self.leastMu)
          let there = try objective.linearized(at: next)
          linearized = there
          if isBayesian { estimate(there, next) }
          let slope = self.slope(there, next)
          return iteration(slope, objective.evaluations - before, end: flatEnd(slope))
        }
      }
      mu *= rule.muIncrease
    }
    return iteration(slope, objective.evaluations - before, end: FullBatchEnd.noDescent)
  }

  private func flatEnd(_ slope: [Double]) -> String? {
    largestMagnitude(slope) <= rule.gradientTolerance
      ? FullBatchEnd.gradient(below: rule.gradientTolerance) : nil
  }

  /// What becomes small: E, or F.
  private func value(_ loss: Double, _ weights: [Double]) -> Double {
    isBayesian ? beta * loss / factor + alpha * product(weights, weights) : loss
  }

  /// Half the gradient of V or F.
  private func slope(_ linearized: LinearizedErrors, _ weights: [Double]) -> [Double] {
    let scale = isBayesian ? beta : 1
    return weights.indices.map {
      scale * linearized.slope[$0] + (isBayesian ? alpha : decay[$0]) * weights[$0]
    }
  }

  /// Half the curvature of V or F as Gauss and Newton have it, but for α on the diagonal.
  private func curvature(_ linearized: LinearizedErrors) -> [Double] {
    var curvature = linearized.curvature
    if isBayesian {
      for place in curvature.indices { curvature[place] *= beta }
    } else {
      let size = decay.count
      for place in decay.indices { curvature[place * (size + 1)] += decay[place] }
    }
    return curvature
  }

  /// What the data say of γ, α and β. What cannot be told – of errors that are all 0, of fewer errors
  /// than effective parameters – stays as it was.
  private mutating func estimate(_ linearized: LinearizedErrors, _ weights: [Double]) {
    let size = weights.count
    if alpha > 0 {
      guard
        let factor = Cholesky(curvature(linearized), size: size, addingToDiagonal: alpha)
      else { return }
      effective = Double(size) - alpha * factor.traceOfInverse
    }
    let (ofWeights, ofErrors) = (product(weights, weights), (loss ?? 0) / self.factor)
    let (newAlpha, newBeta) = (
      effective / (2 * ofWeights), (Double(errorCount) - effective) / (2 * ofErrors)
    )
    if newAlpha > 0, newAlpha.isFinite { alpha = newAlpha }
    if newBeta > 0, newBeta.isFinite { beta = newBeta }
  }

  private func iteration(_ slope: [Double], _ evaluations: Int, end: String?) -> FullBatchIteration
  {
    var figures = [
      TrainingFigure("mu", mu), TrainingFigure("gradient", largestMagnitude(slope)),
      TrainingFigure("evaluations", Double(evaluations)),
    ]
    if isBayesian {
      figures += [
        TrainingFigure("effectiveParameters", effective), TrainingFigure("alpha", alpha),
        TrainingFigure("beta", beta),
      ]
    }
    return FullBatchIteration(loss: loss ?? 0, figures: figures, end: end)
  }

  var state: FullBatchState {
    var state = FullBatchState()
    state.set("mu", mu)
    state["loss"] = loss.map { [$0] } ?? []
    if isBayesian {
      state.set("effectiveParameters", effective)
      state.set("alpha", alpha)
      state.set("beta", beta)
    }
    return state
  }

  mutating func restore(_ state: FullBatchState) throws {
    mu = try state.number("mu")
    loss = try state.vector("loss", count: 1).first
    if isBayesian {
      effective = try state.number("effectiveParameters")
      alpha = try state.number("alpha")
      beta = try state.number("beta")
    }
    guard mu > 0, alpha >= 0, beta > 0 else {
      throw TrainingError.data("the checkpoint's mu, alpha or beta is below 0")
    }
  }
}
