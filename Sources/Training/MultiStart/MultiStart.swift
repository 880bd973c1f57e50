import Datasets
import Layers
import Tensors

/// Trains one network from several random starts, several at a time, and takes the best: the plain way
/// out of a local minimum is to begin elsewhere.
///
/// Start k (from 1) is the trainer's own run with the seed s + k − 1, where s is the trainer's seed; the
/// initial parameters, the order of the rows and dropout follow from it. The best start is the one whose
/// model has the lowest loss on the validation rows, or on the training rows where there are no others;
/// of equals the first. If one start ends in a good minimum with probability p, one of n does with
/// 1 − (1 − p)ⁿ.
///
/// ```swift
/// let result = try MultiStart(trainer, starts: 8).fit(training, validation: validation)
/// print(result)                 // every start's losses, the median and the worst
/// try result.model.save(to: "best.safetensors")
/// ```
///
/// The runs share one compiled step, and go on one thread each where there are as many starts as
/// threads. The result does not depend on the number of threads.
public struct MultiStart: Sendable {
  /// How many starts there may be.
  public static let allowedStarts = 1...100_000

  /// What each start runs; its seed is that of the first start.
  public var trainer: Trainer
  /// How many starts; 8 unless told otherwise.
  public var starts: Int

  public init(_ trainer: Trainer, starts: Int = 8) {
    self.trainer = trainer
    self.starts = starts
  }

  /// The seed of a start, counted from 1.
  public func seed(ofStart number: Int) -> UInt64 {
    trainer.options.seed &+ UInt64(truncatingIfNeeded: number - 1)
  }

  /// Trains from every start.
  ///
  /// A start whose loss becomes infinite or not a number is listed as failed, and the others go on.
  /// Asked to stop, every run under way ends after its batch, no other begins, and the best so far is
  /// the result.
  ///
  /// - Parameters:
  ///   - training: The rows to learn from.
  ///   - validation: Rows to choose by, and to watch.
  ///   - setup: Threads, when to stop, and where to save: the best model so far, whenever a start has
  ///     ended in a better one. Starting parameters and a run to resume have no meaning here; of its
  ///     `observe` only savings are told.
  ///   - observe: Told what happens, from several threads.
  /// - Returns: The best start's result, and the spread of all.
  /// - Throws: ``TrainingError`` where a setting makes no sense or every start failed, and what
  ///   ``Trainer/fit(_:validation:_:)`` throws.
  public func fit(
    _ training: Dataset, validation: Dataset? = nil, _ setup: TrainingSetup = TrainingSetup(),
    observe: (@Sendable (MultiStartEvent) -> Void)? = nil
  ) throws -> MultiStartResult {
    try check(setup)
    let runs = StartRuns(
      planned: starts, byValidation: validation != nil, path: setup.checkpointPath, setup.observe,
      observe)
    let plans = PlanCache()
    let threads = ParallelRuns.threadsOfEach(starts, threads: setup.threads)
    try ParallelRuns.forEach(starts, threads: setup.threads) { index in
      // The first start ends after its first batch, so that there is a result.
      if index > 0, setup.shouldStop() { return }
      let number = index + 1
      var trainer = trainer
      trainer.options.seed = seed(ofStart: number)
      var own = setup
      own.checkpointPath = nil
      own.threads = threads
      own.plans = plans
      own.observe = { event in observe?(.training(start: number, event)) }
      observe?(.began(start: number, seed: trainer.options.seed))
      try runs.run(number, trainer, training, validation, own)
    }
    return try runs.result()
  }

  private func check(_ setup: TrainingSetup) throws {
    func refuse(_ name: String, _ found: String, _ expected: String) -> TrainingError {
      .setting(name: name, found: found, expected: expected)
    }
    guard Self.allowedStarts.contains(starts) else {
      throw refuse("starts", "\(starts)", "1 to 100,000")
    }
    if setup.initial != nil {
      throw refuse(
        "starting parameters", "some, and \(starts) starts", "none: each start draws its own")
    }
    if setup.resuming != nil {
      throw refuse("starts", "\(starts), and a run to resume", "one of the two")
    }
  }
}

/// What several starts tell while they run.
public enum MultiStartEvent: Sendable {
  /// A start, counted from 1, begins.
  case began(start: Int, seed: UInt64)
  /// A start's own run goes on.
  case training(start: Int, TrainingEvent)
  /// A start has ended; whether it is the best of those that have ended so far.
  case ended(StartRecord, isBest: Bool)
}

/// What several starts end with.
public struct MultiStartResult: Sendable, CustomStringConvertible {
  /// The best start's model and report; the report holds the spread.
  public var best: TrainingResult
  /// What each start came to.
  public var spread: StartSpread

  /// The best start's model.
  public var model: TrainedModel { best.model }

  /// Whether the runs were asked to stop before their end.
  public var wasInterrupted: Bool { spread.wasInterrupted }

  /// Every start's losses as a table, and their spread.
  public var description: String { spread.description }
}
