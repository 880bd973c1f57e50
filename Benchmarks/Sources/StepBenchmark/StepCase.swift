import Backprop

/// A network, a batch and a rule: one whole training step – forward, loss, backward, update. The
/// peers' are in `peers/cases.py`.
struct StepCase {
  let layers: [Int]
  let batch: Int
  let isSigmoid: Bool
  var rate = 0.1

  static func named(_ name: String) throws -> StepCase {
    guard let known = all[name] else { throw BenchmarkError("there is no case \(name)") }
    return known
  }

  private static let all = [
    "2-2-2": StepCase(layers: [2, 2, 2], batch: 1, isSigmoid: true, rate: 0.5),
    "784-16-10": StepCase(layers: [784, 16, 10], batch: 32, isSigmoid: true),
    "784-30-10": StepCase(layers: [784, 30, 10], batch: 10, isSigmoid: true, rate: 3),
    "784-128-10": StepCase(layers: [784, 128, 10], batch: 64, isSigmoid: false),
    "784-512-512-10": StepCase(layers: [784, 512, 512, 10], batch: 128, isSigmoid: false),
    "1024-2048-2048-2048-1000": StepCase(
      layers: [1024, 2048, 2048, 2048, 1000], batch: 256, isSigmoid: false),
  ]

  /// The compiled step on a batch like the peers': uniform inputs, every row twice with different
  /// targets, so that gradients never die out.
  func step(threads: Int? = nil) throws -> TrainingStep {
    guard let inputs = layers.first, let outputs = layers.last else {
      throw BenchmarkError("a case without layers")
    }
    let model = Sequential(
      layers.indices.dropFirst().map { index in
        let isLast = index == layers.count - 1
        return Dense(
          units: layers[index], activation: isSigmoid ? .sigmoid : isLast ? .linear : .relu)
      })
    let trainer = Trainer(
      model, loss: isSigmoid ? HalfSquaredError() : CrossEntropy(),
      optimizer: isSigmoid ? SGD(learningRate: rate) : Adam())
    let step = try trainer.step(
      batch: batch, input: [inputs],
      target: isSigmoid ? TensorType([outputs], .float32) : TensorType(.scalar, .int32),
      threads: threads)
    try step.set(Batch(inputs: rows(of: inputs), targets: targets(of: outputs)))
    return step
  }

  private var distinct: Int { max(1, batch / 2) }

  private func rows(of width: Int) -> Tensor {
    var random = RandomStream(seed: 1, name: "benchmark")
    // In the memory that they stay in: what grew would leave holes, which count as the step's memory.
    let values = [Float](unsafeUninitializedCapacity: batch * width) { values, count in
      for index in 0..<batch * width {
        values[index] =
          index < distinct * width
          ? Float(random.uniform()) : values[index - distinct * width]
      }
      count = batch * width
    }
    return Tensor(values, shape: [batch, width])
  }

  private func targets(of outputs: Int) -> Tensor {
    let labels = (0..<batch).map { row in
      Int32((row < distinct ? row : row - distinct + 1) % outputs)
    }
    let targets = Tensor(labels)
    return isSigmoid ? targets.oneHot(depth: outputs, type: .float32) : targets
  }
}
