import Layers
import Tensors

/// What a run needs to go on as if it had never stopped.
public struct Checkpoint: Sendable {
  /// The settings of the run, by name, as text: a run is resumed with equal settings only.
  public var settings: [String: String]
  /// How far the run has come.
  public var progress: TrainingProgress
  /// The optimizer's state and what steps leave to one another, by name.
  public var states: ParameterSet
  /// The parameters to go on with, where the model's own are others (the best so far).
  public var parameters: ParameterSet?

  public init(
    settings: [String: String], progress: TrainingProgress, states: ParameterSet,
    parameters: ParameterSet?
  ) {
    self.settings = settings
    self.progress = progress
    self.states = states
    self.parameters = parameters
  }
}

/// How far a run has come.
public struct TrainingProgress: Codable, Hashable, Sendable {
  /// Why a run ended.
  public enum End: String, Codable, Sendable {
    /// All epochs were done.
    case completed
    /// The validation loss had not become better for as long as patience allowed.
    case stoppedEarly
    /// The training rule found nothing left to do.
    case converged
  }

  /// Finished epochs.
  public var epoch = 0
  /// Finished batches of the current epoch.
  public var batch = 0
  /// Finished steps in all.
  public var step = 0
  /// The losses of the current epoch's rows so far, summed.
  public var lossSum = 0.0
  /// The rows that `lossSum` is over.
  public var lossRows = 0
  /// What each finished epoch came to.
  public var history: [EpochRecord] = []
  /// The epoch (from 1) with the best validation loss.
  public var bestEpoch: Int?
  /// The best validation loss.
  public var bestLoss: Double?
  /// Why the run ended; nil while it goes on.
  public var end: End?
  /// What the training rule says of its end, in words; nil where it was not the rule that ended the
  /// run.
  public var endReason: String?

  public init() {}

  /// - Throws: ``TrainingError/data(_:)`` where the numbers cannot come from a run.
  func check() throws {
    let counts = [epoch, batch, step, lossRows, bestEpoch ?? 0]
    guard counts.allSatisfy({ (0...(1 << 53)).contains($0) }), history.count == epoch,
      lossSum.isFinite, bestEpoch.map({ (1...max(1, epoch)).contains($0) }) ?? true
    else {
      throw TrainingError.data(
        "its progress is damaged: epoch \(epoch), batch \(batch), step \(step), "
          + "\(history.count) epochs of history")
    }
  }
}

/// What one epoch came to.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// The epoch's number, from 1.
  public var epoch: Int
  /// The learning rate of its last step; nil for rules that have none.
  public var learningRate: Double?
  /// The loss averaged over the training rows as they were seen, penalties included; for a
  /// ``FullBatchRule`` the loss that its iteration came to.
  public var trainingLoss: Double
  /// The loss on the validation rows after the epoch.
  public var validationLoss: Double?
  /// The accuracy on the validation rows, for classes.
  public var validationAccuracy: Double?
  /// The root mean squared error on the validation rows, for numbers.
  public var validationRMSE: Double?
  /// What the training rule tells of its iteration, such as µ; nil where it tells nothing.
  public var figures: [TrainingFigure]?

  /// A figure by its name; nil where the rule does not tell it.
  public func figure(_ name: String) -> Double? {
    figures?.first { $0.name == name }?.value
  }
}

/// A number by which one can follow a training rule at work.
public struct TrainingFigure: Codable, Hashable, Sendable {
  /// What it is: `mu`, `effectiveParameters`.
  public let name: String
  public let value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}
