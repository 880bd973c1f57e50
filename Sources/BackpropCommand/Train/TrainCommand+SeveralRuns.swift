import Backprop

extension TrainCommand {
  /// Refuses what several runs leave no room for.
  func checkSeveralRuns() throws {
    guard runs.starts != nil else { return }
    if keeping.resume {
      throw UsageError(
        "--starts begins several runs anew, and --resume goes on with one; expected one of them")
    }
    if network.initial != nil {
      throw UsageError(
        "--starts draws starting parameters for each start, and --initial gives some; expected one "
          + "of them")
    }
  }

  /// The cross-validation that was asked for, done and shown; nil where none was.
  func crossValidate(
    _ trainer: Trainer, _ parts: DatasetParts, _ setup: TrainingSetup,
    _ voice: TrainingDisplay.Voice
  ) throws -> CrossValidationResult? {
    guard let plan = runs.crossValidation(of: trainer, learning.l2) else { return nil }
    guard case .count(let folds) = plan.folds, folds <= parts.training.count else {
      throw CommandError(
        "\(data): there are \(counted(parts.training.count, "row")) to learn from; expected at least "
          + "as many as --folds")
    }
    let display = SeveralRunsDisplay(
      voice: voice, count: plan.l2.count * folds, rows: parts.training.count,
      epochs: trainer.options.epochs)
    do {
      let result = try plan.run(on: parts.training, setup) { display.observe($0) }
      display.show(result)
      return result
    } catch is CancellationError {
      guard let signal = Interruption.signal else { throw ClosedPipe() }
      display.interruptedBeforeTraining(signal: signal)
      throw EarlyExit(status: 128 + signal)
    }
  }

  /// Trains from several starts, and returns the best.
  func fitFromSeveralStarts(
    _ trainer: Trainer, _ starts: Int, _ parts: DatasetParts, _ setup: TrainingSetup,
    _ voice: TrainingDisplay.Voice
  ) throws -> TrainingResult {
    let display = SeveralRunsDisplay(
      voice: voice, count: starts, rows: parts.training.count, epochs: trainer.options.epochs)
    let result = try MultiStart(trainer, starts: starts).fit(
      parts.training, validation: parts.validation.count > 0 ? parts.validation : nil, setup
    ) { display.observe($0) }
    if result.wasInterrupted {
      guard let signal = Interruption.signal else { throw ClosedPipe() }
      display.interrupted(result, output: keeping.output, signal: signal)
      throw EarlyExit(status: 128 + signal)
    }
    return result.best
  }
}
