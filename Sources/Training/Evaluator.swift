import Datasets
import Execution
import GraphIR
import Layers
import Tensors

/// Runs a network forward over rows, batch by batch.
final class Evaluator {
  private let program: StepProgram
  private let variables: VariableStore
  private var pool: ThreadPool?
  private let threads: Int?
  private var executors: [Key: Executor] = [:]

  private struct Key: Hashable {
    let rows: Int
    let hasTargets: Bool
  }

  /// Rows of one evaluation step: enough for the products to be efficient.
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
    var options = TrainingOptions()
    options.precision = model.precision
    let variables = VariableStore()
    let declarations = try model.model.declarations(
      input: model.inputShape, type: model.precision)
    try model.parameters.check(against: declarations)
    for (name, tensor) in model.parameters { try variables.set(name, tensor) }
    self.init(
      StepProgram(
        model: model.model, loss: model.loss, optimizer: SGD(), options: options,
        inputShape: model.inputShape, target: model.target),
      variables: variables, pool: nil, threads: threads)
  }

  private func executor(rows: Int, hasTargets: Bool) throws -> Executor {
    let key = Key(rows: rows, hasTargets: hasTargets)
    if let known = executors[key] { return known }
    let graph = try program.evaluation(batch: rows, hasTargets: hasTargets).graph
    let executor = try Executor(Plan(graph), variables: variables, pool: pool, threads: threads)
    pool = executor.pool
    executors[key] = executor
    return executor
  }

  /// The outputs for scaled features.
  func outputs(_ features: Tensor) throws -> Tensor {
    try run(features, targets: nil).outputs
  }

  /// Loss and metrics on prepared data.
  func evaluate(_ data: PreparedData, for model: TrainedModel) throws -> Evaluation {
    let (outputs, loss) = try run(data.features, targets: data.targets)
    var evaluation = Evaluation(count: data.count, loss: loss)
    switch model.outputs {
    case .classes(let names):
      evaluation.classification = try ClassificationMetrics(
        labels: data.targets.integers, predictions: model.classes(of: outputs), classes: names)
    case .values(let names):
      evaluation.regression = try RegressionMetrics(
        targets: try model.targetScaling.inverse(of: data.targets),
        predictions: try model.targetScaling.inverse(of: outputs).reshaped(data.targets.shape),
        outputNames: names)
    }
    return evaluation
  }

  /// Runs all rows forward.
  private func run(_ features: Tensor, targets: Tensor?) throws -> (outputs: Tensor, loss: Double) {
    let count = features.shape[0]
    var outputs: [Tensor] = []
    var loss = 0.0
    for start in stride(from: 0, to: count, by: Self.batch) {
      let rows = start..<min(start + Self.batch, count)
      let executor = try executor(rows: rows.count, hasTargets: targets != nil)
      try executor.withInput(StepProgram.Name.input) { features.gatherRows(rows, into: $0) }
      if let targets {
        try executor.withInput(StepProgram.Name.target) { targets.gatherRows(rows, into: $0) }
      }
      executor.run()
      outputs.append(try executor.output(StepProgram.Name.output))
      if targets != nil {
        loss += try executor.output(StepProgram.Name.loss).scalar * Double(rows.count)
      }
    }
    return (joined(outputs), loss / Double(max(1, count)))
  }

  /// Tensors one after the other along the first axis.
  private func joined(_ parts: [Tensor]) -> Tensor {
    guard let first = parts.first else { return .zeros([0, 1], type: program.options.precision) }
    var shape = first.shape
    shape[0] = parts.reduce(0) { $0 + $1.shape[0] }
    return Tensor(shape: shape, type: first.scalarType) { bytes in
      var offset = 0
      for part in parts {
        part.withUnsafeBytes { source in
          bytes[offset..<(offset + source.count)].copyBytes(from: source)
          offset += source.count
        }
      }
    }
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
}
