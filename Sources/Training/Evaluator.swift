import Datasets
import Execution
import Foundation
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
  private let plans: PlanCache
  /// Forward passes, predictions and judgments by their number of rows.
  private var passes: [Int: Executor] = [:]
  private var predictions: [Int: Executor] = [:]
  private var judgments: [Int: Executor] = [:]
  private var wholes: [Int: WholePrediction] = [:]

  /// Rows of one forward pass: enough for the products to be efficient.
  private static let batch = 250
  /// Outputs of sequences that are judged together.
  private static let judgedOutputs = 1 << 22
  /// Rows of a pass that reads them where they lie, of a network whose values for a batch of the
  /// usual size have no more bytes than this.
  private static let largeBatch = (rows: 1000, bytes: 1 << 19)

  /// An evaluator that shares the variables of a training run.
  init(
    _ program: StepProgram, variables: VariableStore, pool: ThreadPool?, threads: Int?,
    plans: PlanCache
  ) {
    self.program = program
    self.variables = variables
    self.pool = pool
    self.threads = threads
    self.plans = plans
  }

  /// An evaluator of a model.
  convenience init(_ model: TrainedModel, threads: Int?, plans: PlanCache = PlanCache()) throws {
    let variables = VariableStore()
    try model.parameters.check(
      against: model.model.declarations(input: model.inputShape, type: model.precision))
    for (name, tensor) in model.parameters { try variables.set(name, tensor) }
    self.init(
      model.program(SGD()), variables: variables, pool: nil, threads: threads, plans: plans)
  }

  /// What a prediction shows of rows: probabilities, where the loss defines them.
  func predict(_ features: Tensor) throws -> Tensor {
    let count = features.shape[0]
    guard count > 0 else {
      let row = try program.predictionShape()
      return .zeros(Shape([0] + row.dimensions), type: program.options.precision)
    }
    if count <= Self.batch { return try whole(count).run(features) }
    let row = try program.predictionShape()
    let shape = Shape([count] + row.dimensions)
    return try Tensor(shape: shape, type: program.options.precision) { outputs in
      try runBatches(of: .numbers(features), 0..<count, prediction, into: outputs)
    }
  }

  /// Runs all rows forward, and judges them together: the loss over them all is not always the
  /// mean of the losses over their parts.
  private func run(_ features: FeatureRows, _ range: Range<Int>, targets: Tensor) throws -> Result {
    let count = range.count
    var shape = try program.model.outputShape(input: program.inputShape)
    shape = Shape([count] + shape.dimensions)
    let judgment = try judgment(shape)
    try judgment.withInput(StepProgram.Name.output) { outputs in
      try runBatches(of: features, range, pass, into: outputs)
    }
    try judgment.setInput(StepProgram.Name.target, targets)
    judgment.run()
    return Result(
      outputs: try judgment.output(StepProgram.Name.output),
      loss: try judgment.output(StepProgram.Name.loss).scalar)
  }

  /// Runs rows through a graph, a batch at a time, and puts the outputs one behind the other.
  private func runBatches(
    of features: FeatureRows, _ range: Range<Int>, _ executor: (Int) throws -> Executor,
    into outputs: UnsafeMutableRawBufferPointer
  ) throws {
    var place = 0
    let batch = try isLarge(features, executor) ? Self.largeBatch.rows : Self.batch
    for start in stride(from: range.lowerBound, to: range.upperBound, by: batch) {
      let rows = start..<min(start + batch, range.upperBound)
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
    if data.target.shape.rank > 0, case .classes(let names) = model.outputs {
      return try evaluateSteps(data, names, for: model)
    }
    let result = try run(data.features, 0..<data.count, targets: data.targets)
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

  /// Loss and metrics where each step of a row has a class. A text's outputs are many, so they are
  /// judged a stretch of rows at a time; the loss is the mean over all steps.
  private func evaluateSteps(
    _ data: PreparedData, _ names: [String], for model: TrainedModel
  ) throws -> Evaluation {
    let steps = data.target.shape.count
    var metrics = try ClassificationMetrics(classes: model.form?.shown(names) ?? names)
    var sum = 0.0
    let size = max(1, Self.judgedOutputs / max(1, steps * names.count))
    for start in stride(from: 0, to: data.count, by: size) {
      let range = start..<min(start + size, data.count)
      let targets = data.targets.rows(range)
      let result = try run(data.features, range, targets: targets)
      sum += result.loss * Double(range.count)
      try metrics.add(labels: targets.integers, predictions: model.classes(of: result.outputs))
    }
    var evaluation = Evaluation(count: data.count, loss: sum / Double(max(1, data.count)))
    evaluation.classification = metrics
    evaluation.steps = steps
    if let entropy = model.loss as? CrossEntropy, entropy == CrossEntropy() {
      evaluation.bitsPerStep = evaluation.loss / log(2)
    }
    return evaluation
  }

  private func pass(rows: Int) throws -> Executor {
    try executor(\.passes, "pass", rows, program.forward)
  }

  /// The prediction of so many rows in one batch.
  private func whole(_ rows: Int) throws -> WholePrediction {
    if let known = wholes[rows] { return known }
    let whole = try WholePrediction(prediction(rows: rows))
    wholes[rows] = whole
    return whole
  }

  private func prediction(rows: Int) throws -> Executor {
    try executor(\.predictions, "prediction", rows, program.prediction)
  }

  private func judgment(_ shape: Shape) throws -> Executor {
    try executor(\.judgments, "judgment", shape[0]) { _ in try program.judgment(shape) }
  }

  /// The executor for so many rows, made when it is first asked for.
  private func executor(
    _ known: ReferenceWritableKeyPath<Evaluator, [Int: Executor]>, _ name: String, _ rows: Int,
    _ graph: (Int) throws -> Graph
  ) throws -> Executor {
    if let executor = self[keyPath: known][rows] { return executor }
    let executor = try Executor(
      plans.plan("\(name) \(rows)") { try graph(rows) }, variables: variables, pool: pool,
      threads: threads)
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
  /// The type of one row's target: for classes a number for each step that the outputs have.
  var target: TensorType {
    switch outputs {
    case .classes:
      TensorType(
        Shape(Array(((try? model.outputShape(input: inputShape))?.dimensions ?? []).dropLast())),
        .int32)
    case .values(let names): TensorType([names.count], precision)
    }
  }

  /// The graphs of the model.
  func program(_ optimizer: any TrainingRule) -> StepProgram {
    StepProgram(
      model: model, loss: loss, optimizer: optimizer,
      options: TrainingOptions(precision: precision), inputShape: inputShape, target: target)
  }
}
