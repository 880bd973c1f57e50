import Datasets
import Layers
import Tensors

/// Trains a network: a model, a loss, a training rule, and how to use them.
///
/// ```swift
/// let digits = try Dataset.builtIn("digits")
/// let (training, test) = digits.split(fraction: 0.8, seed: 1)
/// let model = Sequential {
///   Dense(units: 64, activation: .relu)
///   Dense(units: 10)
/// }
/// let trainer = Trainer(model, loss: CrossEntropy(), optimizer: Adam(), TrainingOptions(epochs: 20))
/// let result = try trainer.fit(training)
/// print(try result.model.evaluate(test).accuracy!)
/// ```
public struct Trainer: Sendable {
  /// The architecture.
  public var model: any Layer
  /// What training makes small.
  public var loss: any Loss
  /// How parameters are updated: an ``Optimizer`` or a ``FullBatchRule``.
  public var optimizer: any TrainingRule
  /// All other settings.
  public var options: TrainingOptions

  /// - Parameter options: All other settings; unless given, those that suit the rule: the defaults,
  ///   or ``TrainingOptions/fullBatch(epochs:l1:l2:patience:scaling:targetScaling:seed:)``.
  public init(
    _ model: any Layer, loss: any Loss, optimizer: any TrainingRule,
    _ options: TrainingOptions? = nil
  ) {
    self.model = model
    self.loss = loss
    self.optimizer = optimizer
    self.options =
      options ?? (optimizer is any FullBatchRule ? .fullBatch() : TrainingOptions())
  }

  /// Trains on a data set.
  ///
  /// - Parameters:
  ///   - training: The rows to learn from.
  ///   - validation: Rows to watch, which early stopping goes by.
  ///   - setup: Starting parameters, checkpoints, threads, and who is told.
  /// - Returns: The trained model, and a report.
  /// - Throws: ``TrainingError``, `GraphError` where the network does not fit the data,
  ///   `InterchangeError` where a checkpoint cannot be written.
  public func fit(
    _ training: Dataset, validation: Dataset? = nil, _ setup: TrainingSetup = TrainingSetup()
  ) throws -> TrainingResult {
    let run = try TrainingRun(self, training, validation, setup)
    return try run.run()
  }
}

/// What a run is given beside its settings: none of it changes the result of a run that starts
/// anew, but for the starting parameters.
public struct TrainingSetup: Sendable {
  /// Starting parameters by name, in place of random ones.
  public var initial: ParameterSet?
  /// Weights that are 0 and stay so; a run that is continued keeps its own.
  public var removed: RemovedWeights
  /// A model whose run is to be continued.
  public var resuming: TrainedModel?
  /// Where to save the model while training, and at the end; nil saves nothing.
  public var checkpointPath: String?
  /// Seconds between two savings, at least.
  public var checkpointInterval: Double
  /// How a table's cells became features, to be stored with the model.
  public var encoder: TableEncoder?
  /// Threads to use at most; all processors by default.
  public var threads: Int?
  /// Asked after every step: whether to save and stop.
  public var shouldStop: @Sendable () -> Bool
  /// Told what happens.
  public var observe: @Sendable (TrainingEvent) -> Void
  /// Plans to share with other runs of the same network and settings.
  var plans: PlanCache?

  public init(
    initial: ParameterSet? = nil, removed: RemovedWeights = RemovedWeights(),
    resuming: TrainedModel? = nil, checkpointPath: String? = nil,
    checkpointInterval: Double = 2, encoder: TableEncoder? = nil, threads: Int? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) {
    self.initial = initial
    self.removed = removed
    self.resuming = resuming
    self.checkpointPath = checkpointPath
    self.checkpointInterval = checkpointInterval
    self.encoder = encoder
    self.threads = threads
    self.shouldStop = shouldStop
    self.observe = observe
  }

  /// The setup of one of several runs.
  init(
    initial: ParameterSet?, threads: Int, plans: PlanCache,
    shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.init(initial: initial, threads: threads, shouldStop: shouldStop)
    self.plans = plans
  }
}

/// What a run ends with.
public struct TrainingResult: Sendable {
  /// The model: with the best parameters where early stopping watched, else the last.
  public var model: TrainedModel
  /// What happened.
  public var report: TrainingReport
  /// Whether the run was asked to stop before its end.
  public var wasInterrupted: Bool
}
