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
    /// The loss over all rows together, without penalties; nil without targets.
    let loss: Double?
  }

  private let program: StepProgram
  private let variables: VariableStore
  private var pool: ThreadPool?
  private let threads: Int?
  /// Forward passes by their number of rows.
  private var passes: [Int: Executor] = [:]
  /// Judgments by their number of rows, with targets and without.
  private var judgments: [Judgment: Executor] = [:]

  private struct Judgment: Hashable {
    let rows: Int
    let hasTargets: Bool
  }

  /// Rows of one forward pass: enough for the products to be efficient.
  private static let batch = 250

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

  /// Runs all rows forward, and judges them together: the loss over them all is not always the
  /// mean of the losses over their parts.
  func run(_ features: Tensor, targets: Tensor? = nil) throws -> Result {
    let count = features.shape[0]
    var shape = try program.model.outputShape(input: program.inputShape)
    shape = Shape([count] + shape.dimensions)
    guard count > 0 else {
      return Result(outputs: .zeros(shape, type: program.options.precision), loss: nil)
    }
    let judgment = try judgment(shape, hasTargets: targets != nil)
    try judgment.withInput(StepProgram.Name.output) { outputs in
      for start in stride(from: 0, to: count, by: Self.batch) {
        let rows = start..<min(start + Self.batch, count)
        let pass = try pass(rows: rows.count)
        try pass.withInput(StepProgram.Name.input) { features.gatherRows(rows, into: $0) }
        pass.run()
        let bytes = try pass.outputBytes(StepProgram.Name.output)
        let offset = start * (bytes.count / rows.count)
        outputs[offset..<(offset + bytes.count)].copyBytes(from: bytes)
      }
    }
    if let targets { try judgment.setInput(StepProgram.Name.target, targets) }
    judgment.run()
    return Result(
      outputs: try judgment.output(StepProgram.Name.output),
      loss: targets == nil ? nil : try judgment.output(StepProgram.Name.loss).scalar)
  }

  /// Loss and metrics on prepared data.
  func evaluate(_ data: PreparedData, for model: TrainedModel) throws -> Evaluation {
    let result = try run(data.features, targets: data.targets)
    var evaluation = Evaluation(count: data.count, loss: result.loss ?? 0)
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
    if let known = passes[rows] { return known }
    let executor = try executor(try program.forward(batch: rows))
    passes[rows] = executor
    return executor
  }

  private func judgment(_ shape: Shape, hasTargets: Bool) throws -> Executor {
    let key = Judgment(rows: shape[0], hasTargets: hasTargets)
    if let known = judgments[key] { return known }
    let executor = try executor(try program.judgment(shape, hasTargets: hasTargets))
    judgments[key] = executor
    return executor
  }

  private func executor(_ graph: Graph) throws -> Executor {
    let executor = try Executor(Plan(graph), variables: variables, pool: pool, threads: threads)
    pool = executor.pool
    return executor
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
