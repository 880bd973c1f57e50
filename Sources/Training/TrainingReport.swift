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
    /// The row's number in its data set, from 0.
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
  /// How features were scaled.
  public var scaling: Scaling
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
  /// How the model does on the validation rows.
  public var validationResult: Evaluation?
  /// How the model does on the test rows.
  public var testResult: Evaluation?
  /// The worst mistakes on the test rows, or on the validation rows where there are none.
  public var mistakes: [Mistake] = []
  /// Steps in all.
  public var steps = 0
  /// Seconds that this process trained.
  public var seconds = 0.0
  /// Training rows a second in this process, validation included.
  public var rowsPerSecond = 0.0

  init(
    _ trainer: Trainer, _ trained: TrainedModel, training: Dataset, validation: Dataset?
  ) throws {
    summary = try trainer.model.summary(input: trained.inputShape)
    model = LayerBox(trainer.model)
    loss = LossBox(trainer.loss)
    optimizer = OptimizerBox(trainer.optimizer)
    options = trainer.options
    inputShape = trained.inputShape
    scaling = trained.scaling
    outputs = trained.outputs
    self.training = Data(training)
    self.validation = validation.map(Data.init)
  }

  /// Takes in how the run ended.
  mutating func finish(
    _ trained: TrainedModel, _ progress: TrainingProgress, validation: Evaluation?,
    seconds: Double, rowsSeen: Int
  ) {
    history = progress.history
    bestEpoch = progress.bestEpoch
    end = progress.end
    steps = progress.step
    validationResult = validation
    self.seconds = seconds
    rowsPerSecond = Double(rowsSeen) / max(1e-9, seconds)
  }

  /// Takes in how the model does on rows that training never saw.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where the data do not fit the model.
  public mutating func test(_ model: TrainedModel, on data: Dataset, threads: Int? = nil) throws {
    test = Data(data)
    testResult = try model.evaluate(data, threads: threads)
    try findMistakes(of: model, on: data, threads: threads)
  }

  /// Takes in the rows that the model is most wrong about: of wrong classes those with the highest
  /// score, of values those furthest off.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where the data do not fit the model.
  public mutating func findMistakes(
    of model: TrainedModel, on data: Dataset, most count: Int = 24, threads: Int? = nil
  ) throws {
    let predictions = try model.predict(data.features, threads: threads)
    let width = predictions.shape[-1]
    let scores = predictions.doubles
    func row(_ row: Int, _ actual: String, _ predicted: String, _ score: Double?) -> Mistake {
      Mistake(
        row: row, actual: actual, predicted: predicted, score: score,
        features: data.features.rows([row]).doubles)
    }
    switch data.targets {
    case .classes(let labels, let names):
      let actual = labels.integers
      let predicted = model.classes(of: predictions)
      func score(_ row: Int) -> Double {
        if width > 1 { return scores[row * width + predicted[row]] }
        return predicted[row] == 1 ? scores[row] : 1 - scores[row]
      }
      let wrong = actual.indices.filter { actual[$0] != predicted[$0] }
      mistakes = wrong.sorted { (score($0), $1) > (score($1), $0) }.prefix(count).map {
        row($0, names[actual[$0]], names[predicted[$0]], score($0))
      }
    case .values(let values, _):
      let actual = values.doubles
      func distance(_ row: Int) -> Double {
        (0..<width).reduce(0) { $0 + abs(actual[row * width + $1] - scores[row * width + $1]) }
      }
      func text(_ values: [Double], _ row: Int) -> String {
        (0..<width).map { "\(Float(values[row * width + $0]))" }.joined(separator: ", ")
      }
      mistakes = (0..<data.count).sorted { (distance($0), $1) > (distance($1), $0) }
        .prefix(count).map { row($0, text(actual, $0), text(scores, $0), nil) }
    }
  }
}

extension TrainingReport.Data {
  init(_ data: Dataset) {
    self.init(
      name: data.name, rows: data.count, source: data.source, attribution: data.attribution)
  }
}
