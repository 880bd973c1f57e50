import Datasets
import Layers
import Tensors

/// What happened in a run: settings, history and results, as a value that can be stored as JSON
/// and drawn as a page.
public struct TrainingReport: Codable, Hashable, Sendable {
  /// One data set of the run, in words.
  public struct Data: Codable, Hashable, Sendable {
    public var name: String
    public var rows: Int
    public var source: String
    public var attribution: String
  }

  /// A row that the model got wrong, or was most wrong about.
  public struct Mistake: Codable, Hashable, Sendable {
    /// The row's number in the data set before it was split, from 1.
    public var row: Int
    /// The class or value that is right.
    public var actual: String
    /// The class or value that the model gave.
    public var predicted: String
    /// The probability or score that the model gave its answer; nil for values.
    public var score: Double?
    /// The row's features, unscaled.
    public var features: [Double]
  }

  /// A number that the model predicted, beside the number that is right.
  public struct Prediction: Codable, Hashable, Sendable {
    /// The row's number in the data set before it was split, from 1.
    public var row: Int
    /// The output's place among ``outputs``.
    public var output: Int
    /// The value that is right.
    public var actual: Double
    /// The value that the model gave.
    public var predicted: Double
    /// The row's feature, unscaled, where it has but one.
    public var feature: Double?
  }

  /// The layers, with output shapes and parameter counts.
  public var summary: ModelSummary
  /// The architecture, as in an architecture file.
  public var model: LayerBox
  /// What training made small.
  public var loss: LossBox
  /// How parameters were updated.
  public var optimizer: OptimizerBox
  /// All other settings, with the seed.
  public var options: TrainingOptions
  /// The shape of one row of features.
  public var inputShape: Shape
  /// The names of the features; empty for images.
  public var featureNames: [String]
  /// How features were scaled.
  public var scaling: Scaling
  /// How the targets of a regression were scaled.
  public var targetScaling: Scaling
  /// The names of the classes or values.
  public var outputs: TrainedModel.Outputs
  /// The data learned from.
  public var training: Data
  /// The data watched while training.
  public var validation: Data?
  /// The data tested on afterwards.
  public var test: Data?
  /// What each epoch came to.
  public var history: [EpochRecord] = []
  /// The epoch whose parameters the model has, where early stopping chose one.
  public var bestEpoch: Int?
  /// Why the run ended; nil where it was interrupted.
  public var end: TrainingProgress.End?
  /// What the training rule says of its end, where it ended the run.
  public var endReason: String?
  /// How the model does on the validation rows.
  public var validationResult: Evaluation?
  /// How the model does on the test rows.
  public var testResult: Evaluation?
  /// The worst mistakes on the test rows, or on the validation rows where there are none.
  public var mistakes: [Mistake] = []
  /// Predicted numbers of at most 500 rows, evenly spread over those that the mistakes are from;
  /// empty for classes.
  public var predictions: [Prediction] = []
  /// What each of several starts came to, where this run is the best of them.
  public var starts: StartSpread?
  /// The folds by which λ was chosen, or the settings tried, before this run.
  public var crossValidation: CrossValidationResult?
  /// Steps in all.
  public var steps = 0
  /// Seconds that this process trained.
  public var seconds = 0.0
  /// Training rows a second in this process, validation included.
  public var rowsPerSecond = 0.0
  /// Where the seconds went; nil in reports of files from before it was measured.
  public var times: TrainingTimes?

  init(
    _ trainer: Trainer, _ trained: TrainedModel, training: Dataset, validation: Dataset?
  ) throws {
    summary = try trainer.model.summary(input: trained.inputShape)
    model = LayerBox(trainer.model)
    loss = LossBox(trainer.loss)
    optimizer = OptimizerBox(trainer.optimizer)
    options = trainer.options
    inputShape = trained.inputShape
    featureNames = trained.featureNames
    scaling = trained.scaling
    targetScaling = trained.targetScaling
    outputs = trained.outputs
    self.training = Data(training)
    self.validation = validation.map(Data.init)
  }

  /// Takes in how the run ended.
  mutating func finish(
    _ trained: TrainedModel, _ progress: TrainingProgress, validation: Evaluation?,
    seconds: Double, rowsSeen: Int, _ times: TrainingTimes
  ) {
    history = progress.history
    bestEpoch = progress.bestEpoch
    (end, endReason) = (progress.end, progress.endReason)
    steps = progress.step
    validationResult = validation
    self.seconds = seconds
    rowsPerSecond = Double(rowsSeen) / max(1e-9, seconds)
    self.times = times
  }
}

extension TrainingReport.Data {
  init(_ data: Dataset) {
    self.init(
      name: data.name, rows: data.count, source: data.source, attribution: data.attribution)
  }
}
