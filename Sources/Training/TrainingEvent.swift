import Execution
import Tensors

/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// What each step will run, told right before the start; not told of rules that move all weights at
  /// once.
  case compiled(Plan, TrainingStart)
  /// The run begins, perhaps not at its first epoch: the first batch is next.
  case started(TrainingStart)
  /// The run is in the middle of an epoch. At most ten a second.
  case progressed(BatchProgress)
  /// An epoch is done.
  case epoch(EpochRecord, seconds: Double)
  /// A checkpoint was written to this path.
  case saved(String)
}

/// What a run begins with.
public struct TrainingStart: Codable, Hashable, Sendable {
  /// Epochs of the whole run.
  public var epochs: Int
  /// Epochs that were done before.
  public var finishedEpochs: Int
  /// Steps of an epoch.
  public var stepsPerEpoch: Int
  /// Steps that are left to do, if nothing ends the run before its last epoch.
  public var stepsLeft: Int
  /// Training rows.
  public var rows: Int
  /// The numbers that the network computes in.
  public var precision: ScalarType
  /// Numbers that are trained.
  public var parameterCount: Int
}

/// Where a run is within an epoch.
public struct BatchProgress: Codable, Hashable, Sendable {
  /// The current epoch, from 1.
  public var epoch: Int
  /// Epochs of the whole run.
  public var epochs: Int
  /// Finished batches of this epoch.
  public var batch: Int
  /// Batches of an epoch.
  public var batches: Int
  /// The mean loss of this epoch so far.
  public var loss: Double
  /// Training rows a second, in this process.
  public var rowsPerSecond: Double
  /// Seconds until the last epoch ends at this speed.
  public var secondsLeft: Double
}
