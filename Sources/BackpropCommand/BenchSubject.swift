import Backprop

/// A network whose training step is timed, on random data.
struct BenchSubject {
  let name: String
  let parameters: Int
  let optimizer: any Optimizer
  private let trainer: Trainer
  private let input: Shape
  private let target: TensorType

  /// A network of fully connected layers; classes are learned, or with one output a number.
  init(_ units: [Int], _ activation: Activation, _ optimizer: any Optimizer) throws {
    let outputs = units[units.count - 1]
    let hidden = units.dropFirst().dropLast().map { Dense(units: $0, activation: activation) }
    let model = Sequential(hidden + [Dense(units: outputs)])
    try self.init(
      name: units.map(String.init).joined(separator: "-"), model: model,
      loss: outputs > 1 ? CrossEntropy() : MeanSquaredError(), input: [units[0]],
      precision: .float32, optimizer: optimizer)
  }

  /// A saved network.
  init(_ model: TrainedModel, _ path: String, _ optimizer: any Optimizer) throws {
    try self.init(
      name: path, model: model.model, loss: model.loss, input: model.inputShape,
      precision: model.precision, optimizer: optimizer)
  }

  private init(
    name: String, model: any Layer, loss: any Loss, input: Shape, precision: ScalarType,
    optimizer: any Optimizer
  ) throws {
    let output = try model.outputShape(input: input)
    let isChoice = loss.isClassification && output.count > 1
    self.name = name
    self.optimizer = optimizer
    self.input = input
    target = isChoice ? TensorType(.scalar, .int32) : TensorType(output, precision)
    parameters = try model.parameterCount(input: input)
    trainer = Trainer(
      model, loss: loss, optimizer: optimizer, TrainingOptions(precision: precision))
  }

  /// A compiled step with a batch of random rows.
  func step(batch: Int, threads: Int?) throws -> TrainingStep {
    let shape = Shape([batch] + input.dimensions)
    guard let count = shape.checkedCount, count <= 1 << 30 else {
      throw UsageError("--batch: \(batch.grouped) rows of this network are too many to measure")
    }
    return try trainer.randomStep(batch: batch, input: input, target: target, threads: threads)
  }
}
