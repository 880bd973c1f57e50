import Backprop

/// A network whose training step is timed, on random data.
struct BenchSubject {
  let name: String
  let parameters: Int
  let optimizer: any Optimizer
  private let trainer: Trainer
  private let input: Shape
  private let target: TensorType
  private let classes: Int

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
    classes = output.count
    target = isChoice ? TensorType(.scalar, .int32) : TensorType(output, precision)
    parameters = try model.parameterCount(input: input)
    trainer = Trainer(
      model, loss: loss, optimizer: optimizer, TrainingOptions(precision: precision))
  }

  /// A compiled step with a batch of random rows: uniform inputs, and targets in turn.
  func step(batch: Int, threads: Int?) throws -> TrainingStep {
    let shape = Shape([batch] + input.dimensions)
    guard let count = shape.checkedCount, count <= 1 << 30 else {
      throw UsageError("--batch: \(batch.grouped) rows of this network are too many to measure")
    }
    let step = try trainer.step(batch: batch, input: input, target: target, threads: threads)
    var random = RandomStream(seed: 1, name: "bench")
    let inputs = Tensor((0..<count).map { _ in Float(random.uniform()) }, shape: shape)
    let targets: Tensor =
      target.scalarType == .int32
      ? Tensor((0..<batch).map { Int32($0 % classes) })
      : .zeros(Shape([batch] + target.shape.dimensions), type: target.scalarType)
    try step.set(Batch(inputs: inputs, targets: targets))
    step.set(rate: optimizer.learningRate, step: 0)
    return step
  }
}

/// How long a step takes.
struct StepTime {
  let median: Double
  let best: Double

  /// Times blocks of steps of about 2 ms each.
  init(of step: TrainingStep, seconds: Double) {
    let clock = ContinuousClock()
    var number = 0
    func time(_ count: Int) -> Double {
      let start = clock.now
      for _ in 0..<count {
        step.set(rate: step.rate, step: number)
        step.run()
        number += 1
      }
      return (clock.now - start) / .seconds(1)
    }
    var count = 1
    while time(count) < 0.002 { count *= 2 }
    var (times, total): ([Double], Double) = ([], 0)
    while total < seconds || times.count < 5 {
      let elapsed = time(count)
      total += elapsed
      times.append(elapsed / Double(count))
    }
    times.sort()
    median = times[times.count / 2]
    best = times[0]
  }

  /// How many runs fit a time, 3 to 1,000.
  func runs(in seconds: Double) -> Int {
    Int(max(3, min(1000, seconds / max(median, 1e-9))))
  }
}
