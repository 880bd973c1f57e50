import Foundation
import Tensors

/// Simulated annealing at work.
struct AnnealingSession: FullBatchSession {
  private let rule: SimulatedAnnealing
  private let count: Int
  private let seed: UInt64
  /// Where the walk is, and E there; empty before the first sweep.
  private var place: [Double] = []
  private var loss = 0.0
  /// E at the best place, whose weights are the run's own.
  private var bestLoss = 0.0
  private var startTemperature = 0.0
  private var stepSize: Double
  /// Finished sweeps, and the last ones of them that kept no move.
  private var sweep = 0
  private var still = 0

  /// So many sweeps without a move are the end.
  private static let mostStill = 50
  /// The fewest moves that T₀ is found from.
  private static let fewestTrials = 100

  init(rule: SimulatedAnnealing, count: Int, seed: UInt64) {
    (self.rule, self.count, self.seed) = (rule, count, seed)
    stepSize = rule.stepSize
  }

  mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
    -> FullBatchIteration
  {
    if place.isEmpty {
      place = weights
      loss = try objective.loss(at: place)
      bestLoss = loss
      startTemperature = try temperature(on: objective)
    }
    let temperature = rule.temperature(ofSweep: sweep, from: startTemperature)
    let length = rule.cooling == .fast ? stepSize * temperature / startTemperature : stepSize
    var random = RandomStream(seed: seed, name: "annealing sweep \(sweep)")
    var kept = 0
    for index in 0..<count {
      let before = place[index]
      place[index] = before + length * move(&random)
      let chance = random.uniform()
      guard abs(place[index]) <= max(rule.bound, abs(before)) else {
        place[index] = before
        continue
      }
      let other = try objective.loss(at: place)
      // A loss that is not a number is never kept.
      guard other <= loss || chance < exp((loss - other) / temperature) else {
        place[index] = before
        continue
      }
      loss = other
      kept += 1
      if loss < bestLoss { (weights, bestLoss) = (place, loss) }
    }
    let share = Double(kept) / Double(count)
    let figures = [
      TrainingFigure("temperature", temperature), TrainingFigure("acceptance", share),
      TrainingFigure("currentLoss", loss), TrainingFigure("stepSize", length),
    ]
    adapt(to: share)
    sweep += 1
    still = kept == 0 ? still + 1 : 0
    return FullBatchIteration(
      loss: bestLoss, figures: figures,
      end: still >= Self.mostStill ? "no move was kept in \(Self.mostStill) sweeps" : nil)
  }

  /// A random move of scale 1.
  private func move(_ random: inout RandomStream) -> Double {
    rule.cooling == .fast ? tan(.pi * (random.uniform() - 0.5)) : random.normal()
  }

  private mutating func adapt(to share: Double) {
    guard rule.steps == .adapted, rule.cooling != .fast else { return }
    if share > 0.6 { stepSize *= 1 + 2 * (share - 0.6) / 0.4 }
    if share < 0.4 { stepSize /= 1 + 2 * (0.4 - share) / 0.4 }
    stepSize = min(max(stepSize, rule.stepSize * 1e-6), rule.stepSize)
  }

  /// T₀: the one given, or that at which the wished share of uphill moves from the start is kept.
  private func temperature(on objective: Objective) throws -> Double {
    guard rule.temperature == 0 else { return rule.temperature }
    var random = RandomStream(seed: seed, name: "annealing start")
    var climbs: [Double] = []
    for trial in 0..<max(Self.fewestTrials, count) {
      var other = place
      other[trial % count] += stepSize * move(&random)
      let climb = try objective.loss(at: other) - loss
      if climb > 0, climb.isFinite { climbs.append(climb) }
    }
    guard let highest = climbs.max() else {
      // Nothing is uphill: the loss itself is the scale.
      return loss > 0 && loss.isFinite ? loss : 1
    }
    func share(_ temperature: Double) -> Double {
      climbs.reduce(0) { $0 + exp(-$1 / temperature) } / Double(climbs.count)
    }
    // The share grows with T. At the upper end even the highest climb is kept often enough.
    var (low, high) = (0.0, -highest / log(rule.acceptance))
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if share(middle) < rule.acceptance { low = middle } else { high = middle }
    }
    return high
  }

  var state: FullBatchState {
    var state = FullBatchState()
    state["place"] = place
    state.set("loss", loss)
    state.set("bestLoss", bestLoss)
    state.set("startTemperature", startTemperature)
    state.set("stepSize", stepSize)
    state.set("sweep", Double(sweep))
    state.set("still", Double(still))
    return state
  }

  mutating func restore(_ state: FullBatchState) throws {
    place = try state.vector("place", count: count)
    loss = try state.number("loss")
    bestLoss = try state.number("bestLoss")
    startTemperature = try state.number("startTemperature")
    stepSize = try state.number("stepSize")
    sweep = try state.count("sweep")
    still = try state.count("still")
  }
}
