import Backprop

/// A recurrent network that learns step by step or sequence by sequence, and says what it makes of
/// others.
final class SequenceLearner {
  private let step: TrainingStep
  private let reader: Executor
  private let carried: [(name: String, zeros: Tensor)]

  /// - Parameters:
  ///   - model: What learns, in batches of one.
  ///   - input: The shape of what it is given.
  ///   - reader: The same network over whole sequences.
  ///   - sequences: What that is given, [rows, steps, features].
  init(
    _ model: any Layer, input: Shape, targets: Int, loss: any Loss = HalfSquaredError(),
    optimizer: any Optimizer, seed: UInt64, reader: any Layer, sequences: Shape
  ) throws {
    let options = TrainingOptions(batchSize: 1, precision: .float64, seed: seed)
    step = try Trainer(model, loss: loss, optimizer: optimizer, options).step(
      batch: 1, input: input, target: TensorType([targets], .float64), threads: 1)
    let builder = GraphBuilder()
    let given = builder.input("input", TensorType(sequences, .float64))
    builder.output("output", trace(reader, input: given, training: false).output)
    let variables = step.executor.variables
    self.reader = try Executor(Plan(builder.finish()), variables: variables, threads: 1)
    carried = variables.names.filter { $0.hasPrefix(Scope.carriedPrefix) }.compactMap { name in
      variables[name].map {
        (name, Tensor([Double](repeating: 0, count: $0.count), shape: $0.shape))
      }
    }
  }

  /// One step of learning.
  func learn(_ input: some Collection<Double>, _ targets: some Collection<Double>) throws {
    try set("input", input)
    try set("target", targets)
    step.run()
  }

  private func set(_ name: String, _ numbers: some Collection<Double>) throws {
    try step.executor.withInput(name) { bytes in
      _ = bytes.bindMemory(to: Double.self).update(fromContentsOf: numbers)
    }
  }

  /// Begins a new sequence.
  func forget() throws {
    for (name, zeros) in carried { try step.executor.variables.set(name, zeros) }
  }

  /// What the network gives for sequences.
  func outputs(_ sequences: Tensor) throws -> [Double] {
    try reader.setInput("input", sequences)
    reader.run()
    return try reader.output("output").doubles
  }
}

/// Half the squared error over the targets that there are: one below 0 stands for none, behind the end
/// of a sequence.
struct PresentHalfSquaredError: Loss {
  static let kind = "presentHalfSquaredError"

  func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    let isThere = step(target + 0.5)
    return ((target - output) * isThere).squared().sum() * (0.5 / Double(output.shape[0]))
  }
}
