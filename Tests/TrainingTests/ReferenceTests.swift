import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Fifty steps from given weights, against PyTorch in Float64.
///
/// `Scripts/make-training-references.py` made the numbers; the file says with which versions.
@Suite struct ReferenceTests {
  @Test(arguments: [ScalarType.float64, .float32])
  func `losses and parameters agree with PyTorch`(precision: ScalarType) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/training-references.json")
    let references = try JSONDecoder().decode(References.self, from: Data(contentsOf: file))
    #expect(references.references.count >= 12)
    var worst = (loss: 0.0, parameter: 0.0)
    for reference in references.references {
      let result = try reference.trainer(precision).fit(
        reference.dataset, TrainingSetup(initial: reference.parameters(reference.initial)))
      let losses = result.report.history.map(\.trainingLoss)
      #expect(losses.count == reference.losses.count)
      for (found, expected) in zip(losses, reference.losses) {
        worst.loss = max(worst.loss, abs(found - expected))
      }
      for (name, expected) in reference.parameters(reference.final) {
        let found = try #require(result.model.parameters[name])
        for (a, b) in zip(found.doubles, expected.doubles) {
          worst.parameter = max(worst.parameter, abs(a - b))
        }
      }
      let tolerance = precision == .float64 ? 1e-10 : 2e-5
      #expect(worst.loss <= tolerance, "\(reference.name)")
      #expect(worst.parameter <= 10 * tolerance, "\(reference.name)")
    }
    print(
      "\(precision): \(references.references.count) runs of 50 steps against PyTorch: "
        + "worst loss difference \(worst.loss), worst parameter difference \(worst.parameter)")
  }
}

private struct References: Decodable {
  let references: [Reference]
}

private struct Reference: Decodable {
  struct OptimizerSettings: Decodable {
    let name: String
    let learningRate: Double
    let momentum: Double?
    let beta1: Double?
    let beta2: Double?
    let epsilon: Double?
    let decay: Double?
    let weightDecay: Double?
  }

  struct ScheduleSettings: Decodable {
    let name: String
    let every: Int?
    let factor: Double?
    let steps: Int?
    let minimum: Double?
  }

  let name: String
  let layers: [Int]
  let activations: [String]
  let loss: String
  let optimizer: OptimizerSettings
  let labelSmoothing: Double?
  let classWeights: [Double]?
  let l1: Double?
  let l2: Double?
  let clipNorm: Double?
  let schedule: ScheduleSettings?
  let initial: [String: Numbers]
  let final: [String: Numbers]
  let inputs: [[Double]]
  let targets: Numbers
  let losses: [Double]

  /// Parameters in the order of the layers.
  func parameters(_ values: [String: Numbers]) -> ParameterSet {
    ParameterSet(
      (1..<layers.count).flatMap { ["dense\($0).weight", "dense\($0).bias"] }
        .compactMap { name in values[name].map { (name, $0.tensor) } })
  }

  var dataset: Dataset {
    let targets: Dataset.Targets =
      if loss == "crossEntropy", case .vector(let labels) = targets {
        .classes(
          Tensor(labels.map { Int32($0) }), names: (0..<layers.last!).map { "\($0)" })
      } else {
        .values(
          targets.tensor.reshaped([inputs.count, layers.last!]),
          names: (0..<layers.last!).map { "\($0)" })
      }
    return Dataset(name: name, features: Tensor(inputs), targets: targets)
  }

  func trainer(_ precision: ScalarType) throws -> Trainer {
    var options = TrainingOptions(
      epochs: losses.count, batchSize: nil, clipping: clipNorm.map { .norm($0) } ?? .none,
      l1: l1 ?? 0, l2: l2 ?? 0, order: .sequential, scaling: Scaling.Kind.none, precision: precision
    )
    if let schedule { options.schedule = try made(schedule) }
    let model = Sequential(
      try zip(layers.dropFirst(), activations).map { units, name in
        Dense(units: units, activation: try #require(Activation(named: name)))
      })
    return Trainer(model, loss: try madeLoss(), optimizer: try madeOptimizer(), options)
  }

  private func madeLoss() throws -> any Loss {
    loss == "crossEntropy"
      ? CrossEntropy(labelSmoothing: labelSmoothing ?? 0, classWeights: classWeights)
      : try Losses.named(loss)
  }

  private func made(_ settings: ScheduleSettings) throws -> ScheduleBox {
    switch settings.name {
    case "step":
      ScheduleBox(StepSchedule(every: settings.every!, factor: settings.factor!))
    case "cosine":
      ScheduleBox(CosineSchedule(final: settings.minimum! / optimizer.learningRate))
    case "exponential": ScheduleBox(ExponentialSchedule(factor: settings.factor!))
    default: ScheduleBox(WarmUp(steps: settings.steps!, then: ScheduleBox(ConstantSchedule())))
    }
  }

  private func madeOptimizer() throws -> any Optimizer {
    let rate = optimizer.learningRate
    let decay = optimizer.weightDecay ?? 0
    return switch optimizer.name {
    case "sgd": SGD(learningRate: rate, weightDecay: decay)
    case "momentum":
      Momentum(learningRate: rate, momentum: optimizer.momentum!, weightDecay: decay)
    case "nesterov":
      Nesterov(learningRate: rate, momentum: optimizer.momentum!, weightDecay: decay)
    case "adagrad":
      Adagrad(learningRate: rate, epsilon: optimizer.epsilon!, weightDecay: decay)
    case "rmsprop":
      RMSprop(
        learningRate: rate, decay: optimizer.decay!, epsilon: optimizer.epsilon!,
        momentum: optimizer.momentum ?? 0, weightDecay: decay)
    case "adam":
      Adam(
        learningRate: rate, beta1: optimizer.beta1!, beta2: optimizer.beta2!,
        epsilon: optimizer.epsilon!, weightDecay: decay)
    default:
      AdamW(
        learningRate: rate, beta1: optimizer.beta1!, beta2: optimizer.beta2!,
        epsilon: optimizer.epsilon!, weightDecay: decay)
    }
  }
}
