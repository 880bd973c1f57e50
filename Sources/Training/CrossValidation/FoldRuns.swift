import Datasets
import Synchronization

/// The runs of a cross-validation under way: each holds out one fold, and its score is kept.
final class FoldRuns: Sendable {
  private struct State {
    var scores: [[FoldScore?]]
    var failure: (number: Int, error: TrainingError)?
  }

  private let data: Dataset
  private let held: [[Int]]
  private let l2: [Double]
  private let observe: (@Sendable (FoldEvent) -> Void)?
  private let state: Mutex<State>

  init(
    _ data: Dataset, _ held: [[Int]], _ l2: [Double], _ observe: (@Sendable (FoldEvent) -> Void)?
  ) {
    self.data = data
    self.held = held
    self.l2 = l2
    self.observe = observe
    state = Mutex(
      State(
        scores: [[FoldScore?]](
          repeating: [FoldScore?](repeating: nil, count: held.count), count: l2.count)))
  }

  /// Learns from all rows but those of a fold, and tries them.
  ///
  /// - Throws: `CancellationError` where it was asked to stop; what `fit` throws, but for a loss or a
  ///   parameter that became infinite or not a number.
  func run(_ penalty: Int, _ fold: Int, _ trainer: Trainer, _ setup: TrainingSetup) throws {
    var score = FoldScore(fold: fold + 1, rows: held[fold].count)
    do {
      let out = Set(held[fold])
      let training = data.rows((0..<data.count).filter { !out.contains($0) })
      let tried = data.rows(held[fold])
      let result = try trainer.fit(
        training, validation: trainer.options.patience == nil ? nil : tried, setup)
      if result.wasInterrupted { throw CancellationError() }
      let evaluation = try result.model.evaluate(
        tried, threads: setup.threads, plans: setup.plans ?? PlanCache())
      guard evaluation.loss.isFinite else {
        throw TrainingError.diverged(
          epoch: result.report.history.count, batch: 0, loss: evaluation.loss)
      }
      score.epochs = result.report.history.count
      score.loss = evaluation.loss
      score.accuracy = evaluation.accuracy
      score.rootMeanSquaredError = evaluation.regression?.rootMeanSquaredError
    } catch let error as TrainingError where error.isDivergence {
      score.failure = error.description
      let number = penalty * held.count + fold
      state.withLock { state in
        if number < state.failure?.number ?? .max { state.failure = (number, error) }
      }
    }
    let kept = score
    state.withLock { $0.scores[penalty][fold] = kept }
    observe?(.ended(kept, l2: l2[penalty]))
  }

  /// What all runs came to.
  ///
  /// - Throws: The first failure where no λ could be learned with.
  func result() throws -> CrossValidationResult {
    try state.withLock { state in
      let scores = zip(l2, state.scores).map { l2, folds in
        PenaltyScore(l2: l2, folds: folds.compactMap(\.self))
      }
      guard let result = CrossValidationResult(rows: data.count, scores) else {
        throw state.failure?.error ?? TrainingError.data("no fold was learned without")
      }
      return result
    }
  }
}
