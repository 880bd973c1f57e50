import Datasets
import Execution
import GraphIR
import Layers
import Tensors

/// Runs a network forward over rows, batch by batch.
final class Evaluator {
  /// What the rows gave.
  struct Result {
    /// What a prediction shows: probabilities, where the loss defines them.
    let outputs: Tensor
    /// The loss over all rows together, without penalties.
    let loss: Double
  }

  private let program: StepProgram
  private let variables: VariableStore
  private var pool: ThreadPool?
  private let threads: Int?
  /// Forward passes, predictions and judgments by their number of rows.
  private var passes: [Int: Executor] = [:]
  private var predictions: [Int: Executor] = [:]
  private var judgments: [Int: Executor] = [:]
  private var wholes: [Int: WholePrediction] = [:]

  /// Rows of one forward pass: enough for the products to be efficient.
  private static let batch = 250
  /// Rows of a pass that reads them where they lie, of a network whose values for a batch of the
  /// usual size have no more bytes than this.
  private static let largeBatch = (rows: 1000, bytes: 1 << 19)

  /// An evaluator that shares the variables of a training run.
  init(_ program: StepProgram, variables: VariableStore, pool: ThreadPool?, threads: Int?) {
    self.program = program
    self.variables = variables
    self.pool = pool
    self.threads = threads
  }

  /// An evaluator of a model.
  convenience init(_ model: TrainedModel, threads: Int?) throws {
    let variables = VariableStore()
    try model.parameters.check(
      against: model.model.declarations(input: model.inputShape, type: model.precision))
    for (name, tensor) in model.parameters { try variables.set(name, tensor) }
    self.init(model.program(SGD()), variables: variables, pool: nil, threads: threads)
  }

  /// What a prediction shows of rows: probabilities, where the loss defines them.
  func predict(_ features: Tensor) throws -> Tensor {
    let count = features.shape[0]
    guard count > 0 else {
      let row = try program.model.outputShape(input: program.inputShape)
      return .zeros(Shape([0] + row.dimensions), type: program.options.precision)
    }
    if count <= Self.batch { return try whole(count).run(features) }
    let row = try program.model.outputShape(input: program.inputShape)
    let shape = Shape([count] + row.dimensions)
    return try Tensor(shape: shape, type: program.options.precision) { outputs in
      try runBatches(of: .numbers(features), prediction, into: outputs)
    }
  }

  /// Runs all rows forward, and judges them together: the loss over them all is not always the
  /// mean of the losses over their parts.
  private func run(_ features: FeatureRows, targets: Tensor) throws -> Result {
    let count = features.shape[0]
    var shape = try program.model.outputShape(input: program.inputShape)
    shape = Shape([count] + shape.dimensions)
    let judgment = try judgment(shape)
    try judgment.withInput(StepProgram.Name.output) { outputs in
      try runBatches(of: features, pass, into: outputs)
    }
    try judgment.setInput(StepProgram.Name.target, targets)
    judgment.run()
    return Result(
      outputs: try judgment.output(StepProgram.Name.output),
      loss: try judgment.output(StepProgram.Name.loss).scalar)
  }

  /// Runs rows through a graph, a batch at a time, and puts the outputs one behind the other.
  private func runBatches(
    of features: FeatureRows, _ executor: (Int) throws -> Executor,
    into outputs: UnsafeMutableRawBufferPointer
  ) throws {
    var place = 0
    let batch = try isLarge(features, executor) ? Self.largeBatch.rows : Self.batch
    for start in stride(from: 0, to: features.shape[0], by: batch) {
      let rows = start..<min(start + batch, features.shape[0])
      let pass = try executor(rows.count)
      try features.run(pass, StepProgram.Name.input, rows)
      let bytes = try pass.outputBytes(StepProgram.Name.output)
      outputs[place..<(place + bytes.count)].copyBytes(from: bytes)
      place += bytes.count
    }
  }

  private func isLarge(
    _ features: FeatureRows, _ executor: (Int) throws -> Executor
  ) throws -> Bool {
    guard case .numbers = features, features.shape[0] >= Self.largeBatch.rows else { return false }
    return try executor(Self.batch).plan.arenaSize <= Self.largeBatch.bytes
  }

  /// Loss and metrics on prepared data.
  func evaluate(_ data: PreparedData, for model: TrainedModel) throws -> Evaluation {
    let result = try run(data.features, targets: data.targets)
    var evaluation = Evaluation(count: data.count, loss: result.loss)
    switch model.outputs {
    case .classes(let names):
      evaluation.classification = try ClassificationMetrics(
        labels: data.targets.integers, predictions: model.classes(of: result.outputs),
        classes: names)
    case .values(let names):
      evaluation.regression = try RegressionMetrics(
        targets: try model.targetScaling.inverse(of: data.targets),
        predictions: try model.targetScaling.inverse(of: result.outputs),
        outputNames: names)
    }
    return evaluation
  }

  private func pass(rows: Int) throws -> Executor {
    try executor(\.passes, rows, program.forward)
  }

  /// The prediction of so many rows in one batch.
  private func whole(_ rows: Int) throws -> WholePrediction {
    if let known = wholes[rows] { return known }
    let whole = try WholePrediction(prediction(rows: rows))
    wholes[rows] = whole
    return whole
  }

  private func prediction(rows: Int) throws -> Executor {
    try executor(\.predictions, rows, program.prediction)
  }

  private func judgment(_ shape: Shape) throws -> Executor {
    try executor(\.judgments, shape[0]) { _ in try program.judgment(shape) }
  }

  /// The executor for so many rows, made when it is first asked for.
  private func executor(
    _ known: ReferenceWritableKeyPath<Evaluator, [Int: Executor]>, _ rows: Int,
    _ graph: (Int) throws -> Graph
  ) throws -> Executor {
    if let executor = self[keyPath: known][rows] { return executor }
    let executor = try Executor(
      Plan(graph(rows)), variables: variables, pool: pool, threads: threads)
    pool = executor.pool
    self[keyPath: known][rows] = executor
    return executor
  }
}

/// A prediction of one batch, its addresses looked up: what a server runs for each request.
private struct WholePrediction {
  let executor: Executor
  let type: TensorType
  let input: UnsafeMutableRawBufferPointer
  let output: UnsafeRawBufferPointer

  init(_ executor: Executor) throws {
    self.executor = executor
    type = try executor.outputType(StepProgram.Name.output)
    input = try executor.withInput(StepProgram.Name.input) { $0 }
    output = try executor.outputBytes(StepProgram.Name.output)
  }

  func run(_ features: Tensor) -> Tensor {
    features.withUnsafeBytes { input.copyMemory(from: $0) }
    executor.run()
    return Tensor(shape: type.shape, type: type.scalarType) { $0.copyMemory(from: output) }
  }
}

extension TrainedModel {
  /// The type of one row's target.
  var target: TensorType {
    switch outputs {
    case .classes: TensorType(.scalar, .int32)
    case .values(let names): TensorType([names.count], precision)
    }
  }

  /// The graphs of the model.
  func program(_ optimizer: any Optimizer) -> StepProgram {
    StepProgram(
      model: model, loss: loss, optimizer: optimizer,
      options: TrainingOptions(precision: precision), inputShape: inputShape, target: target)
  }
}
