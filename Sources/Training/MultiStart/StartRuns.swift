import Datasets
import Synchronization

/// The starts under way: takes in what each comes to, and keeps the best.
final class StartRuns: Sendable {
  private struct State {
    var records: [StartRecord] = []
    var best: (record: StartRecord, result: TrainingResult)?
    var failure: (number: Int, error: TrainingError)?
  }

  private let planned: Int
  private let isByValidation: Bool
  private let path: String?
  private let tellSaving: @Sendable (TrainingEvent) -> Void
  private let observe: (@Sendable (MultiStartEvent) -> Void)?
  private let state = Mutex(State())

  init(
    planned: Int, byValidation isByValidation: Bool, path: String?,
    _ tellSaving: @escaping @Sendable (TrainingEvent) -> Void,
    _ observe: (@Sendable (MultiStartEvent) -> Void)?
  ) {
    self.planned = planned
    self.isByValidation = isByValidation
    self.path = path
    self.tellSaving = tellSaving
    self.observe = observe
  }

  /// Does one start.
  ///
  /// - Throws: What `fit` throws, but for a loss or a parameter that became infinite or not a number.
  func run(
    _ number: Int, _ trainer: Trainer, _ training: Dataset, _ validation: Dataset?,
    _ setup: TrainingSetup
  ) throws {
    let seed = trainer.options.seed
    do {
      let result = try trainer.fit(training, validation: validation, setup)
      let scores = try result.model.evaluate(
        training, threads: setup.threads, plans: setup.plans ?? PlanCache())
      let record = StartRecord(number, seed: seed, result.report, training: scores)
      guard let loss = record.loss, loss.isFinite else {
        throw TrainingError.diverged(
          epoch: record.epochs, batch: 0, loss: record.loss ?? .nan)
      }
      try take(record, result)
    } catch let error as TrainingError where error.isDivergence {
      var record = StartRecord(number, seed: seed)
      record.failure = error.description
      take(record, error)
    }
  }

  private func take(_ record: StartRecord, _ result: TrainingResult) throws {
    let isBest = try state.withLock { state in
      state.records.append(record)
      if let best = state.best?.record, !record.isBetter(than: best) { return false }
      state.best = (record, result)
      if let path {
        try result.model.save(to: path)
        tellSaving(.saved(path))
      }
      return true
    }
    observe?(.ended(record, isBest: isBest))
  }

  private func take(_ record: StartRecord, _ error: TrainingError) {
    state.withLock { state in
      state.records.append(record)
      if record.number < state.failure?.number ?? .max { state.failure = (record.number, error) }
    }
    observe?(.ended(record, isBest: false))
  }

  /// The best of all, once they have ended.
  ///
  /// - Throws: The first start's error where every start failed.
  func result() throws -> MultiStartResult {
    try state.withLock { state in
      guard let (record, result) = state.best else {
        throw state.failure?.error ?? TrainingError.data("no start was made")
      }
      let spread = StartSpread(
        planned: planned, starts: state.records.sorted { $0.number < $1.number },
        isByValidation: isByValidation, best: record.number)
      var best = result
      best.report.starts = spread
      best.wasInterrupted = spread.wasInterrupted
      return MultiStartResult(best: best, spread: spread)
    }
  }
}

extension StartRecord {
  /// Whether its loss is lower; of equal ones the first start is better, so that the order in which
  /// they end does not matter.
  fileprivate func isBetter(than other: StartRecord) -> Bool {
    (loss ?? .infinity, number) < (other.loss ?? .infinity, other.number)
  }
}

extension TrainingError {
  /// Whether numbers became infinite or not a number: a run's own fate, which others need not share.
  var isDivergence: Bool {
    switch self {
    case .diverged, .notFinite: true
    default: false
    }
  }
}
