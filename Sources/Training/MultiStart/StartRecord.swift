/// What one of several starts came to.
public struct StartRecord: Codable, Hashable, Sendable {
  /// The start's number, from 1.
  public var number: Int
  /// Its seed.
  public var seed: UInt64
  /// Finished epochs.
  public var epochs = 0
  /// The epoch whose parameters the model has, where early stopping chose one.
  public var bestEpoch: Int?
  /// How the model that it ended with does on the training rows; without penalties.
  public var trainingLoss: Double?
  /// The share of training rows whose class is right.
  public var trainingAccuracy: Double?
  /// How the model does on the validation rows.
  public var validationLoss: Double?
  /// The share of validation rows whose class is right.
  public var validationAccuracy: Double?
  /// Why the run ended; nil where it was interrupted or failed.
  public var end: TrainingProgress.End?
  /// Why it failed, in words.
  public var failure: String?
  /// Its epochs: of long runs about 200, evenly spread, with the last.
  public var history: [EpochRecord] = []

  /// The loss that starts are compared by: on the validation rows, or else on the training rows; nil
  /// where the start failed.
  public var loss: Double? { validationLoss ?? trainingLoss }

  /// The accuracy on the same rows.
  public var accuracy: Double? { validationLoss == nil ? trainingAccuracy : validationAccuracy }

  init(_ number: Int, seed: UInt64) {
    self.number = number
    self.seed = seed
  }

  /// Takes in how a run ended.
  init(_ number: Int, seed: UInt64, _ report: TrainingReport, training: Evaluation) {
    self.init(number, seed: seed)
    epochs = report.history.count
    bestEpoch = report.bestEpoch
    trainingLoss = training.loss
    trainingAccuracy = training.accuracy
    validationLoss = report.validationResult?.loss
    validationAccuracy = report.validationResult?.accuracy
    end = report.end
    history = Self.thinned(report.history)
  }

  /// The most epochs that are kept, about.
  private static let keptEpochs = 200

  private static func thinned(_ history: [EpochRecord]) -> [EpochRecord] {
    let stride = max(1, (history.count + keptEpochs - 1) / keptEpochs)
    return history.enumerated().filter { place, _ in
      place % stride == 0 || place == history.count - 1
    }.map(\.element)
  }
}
