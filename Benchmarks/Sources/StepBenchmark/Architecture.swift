import Backprop
import Foundation

/// A convolutional, a recurrent and an attention network, each with a batch: one whole training step
/// with Adam. The peers' are in `peers/architectures.py`; the networks are in `models/`.
enum Architecture: String {
  case cnn, lstm, transformer

  private static let models = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "models")

  /// The compiled step on a batch like the peers': every row stands twice, with different targets,
  /// so that gradients never die out.
  func step(threads: Int? = nil) throws -> TrainingStep {
    let model = try JSONDecoder().decode(
      LayerBox.self,
      from: Data(contentsOf: Self.models.appending(path: "\(rawValue).json")))
    let trainer = Trainer(model.layer, loss: CrossEntropy(), optimizer: Adam())
    let targets: Shape = self == .transformer ? input : []
    let step = try trainer.step(
      batch: batch, input: input, target: TensorType(targets, .int32), threads: threads)
    try step.set(Batch(inputs: inputs, targets: labels(targets)))
    return step
  }

  private var batch: Int { self == .transformer ? 16 : 64 }

  private var classes: Int { self == .transformer ? 65 : 10 }

  /// The shape of one row.
  private var input: Shape {
    switch self {
    case .cnn: [28, 28, 1]
    case .lstm: [28, 28]
    case .transformer: [64]
    }
  }

  /// Uniform numbers; for the transformer whole ones, its tokens.
  private var inputs: Tensor {
    var random = RandomStream(seed: 1, name: "benchmark")
    let distinct = (0..<batch / 2 * input.count).map { _ in
      let number = Float(random.uniform())
      guard self == .transformer else { return number }
      return min((number * Float(classes)).rounded(.down), Float(classes - 1))
    }
    return Tensor(distinct + distinct, shape: Shape([batch] + input.dimensions))
  }

  /// A class for each row, or for each place of a row the next token; in a row's second copy the
  /// class after it.
  private func labels(_ shape: Shape) -> Tensor {
    let tokens = inputs.integers
    let numbers = (0..<batch * shape.count).map { place -> Int32 in
      let (row, position) = (place / shape.count, place % shape.count)
      let number =
        self == .transformer
        ? tokens[row * shape.count + (position + 1) % shape.count] : row % (batch / 2)
      return Int32((number + (row < batch / 2 ? 0 : 1)) % classes)
    }
    return Tensor(numbers, shape: Shape([batch] + shape.dimensions))
  }
}

/// The compiled step of a case of either kind.
func benchmarkStep(_ name: String, threads: Int? = nil) throws -> TrainingStep {
  guard let architecture = Architecture(rawValue: name) else {
    return try StepCase.named(name).step(threads: threads)
  }
  return try architecture.step(threads: threads)
}
