import Datasets
import Foundation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Rules that move all weights at once, as a trainer drives them.
@Suite struct FullBatchTests {
  static let rules: [any FullBatchRule] = Optimizers.all.compactMap {
    $0.standard as? any FullBatchRule
  }

  /// A curve with a little noise, from 40 points.
  static func curve(_ count: Int = 40) -> Dataset {
    var random = RandomStream(seed: 7, name: "curve")
    let x = (0..<count).map { Double($0) / Double(count) * 4 - 2 }
    let y = x.map { sin(2 * $0) + 0.3 * $0 + random.uniform(-0.05, 0.05) }
    return Dataset(
      name: "curve", features: Tensor(x, shape: [count, 1]),
      targets: .values(Tensor(y, shape: [count, 1]), names: ["y"]))
  }

  static func network(_ units: Int = 5) -> Sequential {
    Sequential {
      Dense(units: units, activation: .tanh, name: "hidden")
      Dense(units: 1, name: "output")
    }
  }

  static func trainer(_ rule: any FullBatchRule, _ options: TrainingOptions = .fullBatch())
    -> Trainer
  {
    Trainer(network(), loss: MeanSquaredError(), optimizer: rule, options)
  }

  @Test(arguments: rules.indices)
  func `every rule lowers the loss from iteration to iteration, and says why it ends`(_ place: Int)
    throws
  {
    let result = try Self.trainer(Self.rules[place], .fullBatch(epochs: 400, seed: 1))
      .fit(Self.curve())
    let losses = result.report.history.map(\.trainingLoss)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $1 <= $0 })
    // A random walk comes near the minimum, not into it.
    #expect(losses.last! < (Self.rules[place] is SimulatedAnnealing ? 0.05 : 0.01))
    #expect(result.report.history.allSatisfy { $0.learningRate == nil })
    if result.report.end == .converged { #expect(result.report.endReason?.isEmpty == false) }
    let loss = try result.model.evaluate(Self.curve()).loss
    #expect(abs(loss - losses.last!) <= 1e-12 * loss)
  }

  @Test(arguments: rules.indices)
  func `the same bits at any number of threads, and after any pause`(_ place: Int) throws {
    let rule = Self.rules[place]
    let (data, options) = (Self.curve(), TrainingOptions.fullBatch(epochs: 12, l2: 1e-4, seed: 2))
    let whole = try Self.trainer(rule, options).fit(data, TrainingSetup(threads: 1))
    let other = try Self.trainer(rule, options).fit(data, TrainingSetup(threads: 3))
    #expect(whole.model.parameters == other.model.parameters)

    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "run.safetensors").path
    var short = options
    for epochs in [0, 1, 5] {
      short.epochs = epochs
      let setup = TrainingSetup(
        resuming: epochs == 0 ? nil : try TrainedModel(contentsOf: path), checkpointPath: path)
      _ = try Self.trainer(rule, short).fit(data, setup)
    }
    let resumed = try Self.trainer(rule, options)
      .fit(data, TrainingSetup(resuming: try TrainedModel(contentsOf: path)))
    #expect(resumed.model.parameters == whole.model.parameters)
    #expect(resumed.report.history == whole.report.history)
    #expect(resumed.model.checkpoint?.states == whole.model.checkpoint?.states)
  }

  @Test func `a run that is stopped goes on with the history that it would have had`() throws {
    let (data, options) = (Self.curve(), TrainingOptions.fullBatch(epochs: 9, seed: 2))
    let whole = try Self.trainer(LevenbergMarquardt(), options).fit(data)
    var model: TrainedModel?
    var stops = 0
    repeat {
      // Asked to stop at every chance.
      let part = try Self.trainer(LevenbergMarquardt(), options)
        .fit(data, TrainingSetup(resuming: model, shouldStop: { true }))
      model = part.model
      stops += part.wasInterrupted ? 1 : 0
      guard part.wasInterrupted else { break }
    } while stops < 20
    #expect(stops == 8)
    #expect(model?.parameters == whole.model.parameters)
    #expect(model?.checkpoint?.progress == whole.model.checkpoint?.progress)
  }

  @Test func `settings for batches are refused in words`() throws {
    func error(_ change: (inout TrainingOptions) -> Void) -> String {
      var options = TrainingOptions.fullBatch()
      change(&options)
      return message { try Self.trainer(LBFGS(), options).fit(Self.curve()) }
    }
    #expect(
      error { $0.batchSize = 8 }
        == "batch size: found 8, expected all 40 rows: lbfgs moves all weights at once")
    #expect(
      error { $0.clipping = .norm(1) }
        == "gradient clipping: found norm at most 1, expected none: lbfgs moves all weights at once"
    )
    #expect(
      error { $0.schedule = ScheduleBox(CosineSchedule()) }.hasPrefix("schedule: found cosine"))
    #expect(error { $0.order = .streams }.hasPrefix("the order of the rows: found streams"))
    #expect(
      message { try Optimizers.named("lbfgs", learningRate: 0.1) }
        == "lbfgs, learningRate: found 0.1, expected none: the rule finds the length of its steps "
        + "itself")
    #expect(
      message { try Optimizers.optimizer(named: "L-BFGS") }
        == "optimizer: found lbfgs, which moves all weights at once, expected one that has an update "
        + "for each weight: \(Optimizers.batchKinds.joined(separator: ", "))")
    #expect(
      message {
        try Self.trainer(LBFGS()).step(batch: 4, input: [1], target: TensorType([1], .float64))
      }.hasPrefix("optimizer: found lbfgs"))
  }

  @Test func `losses that depend on more than the weights are refused in words`() throws {
    func error(_ layer: any Layer) -> String {
      let model = Sequential([Dense(units: 4), layer, Dense(units: 1)])
      return message {
        try Trainer(model, loss: MeanSquaredError(), optimizer: LBFGS()).fit(Self.curve())
      }
    }
    #expect(
      error(Dropout(0.5))
        == "the network: found random numbers in training (dropout, noise), expected none: lbfgs "
        + "needs a loss that depends on the weights alone")
    #expect(error(BatchNormalization()).contains("statistics that training leaves behind"))
    #expect(error(LayerNormalization()) == "no error")
  }

  @Test func `patience keeps the best iteration`() throws {
    let (training, validation) = Self.curve().split(fraction: 0.5, seed: 3)
    let result = try Trainer(
      Self.network(20), loss: MeanSquaredError(), optimizer: LBFGS(gradientTolerance: 0),
      .fullBatch(epochs: 1000, patience: 5, seed: 1)
    ).fit(training, validation: validation)
    let best = try #require(result.report.bestEpoch)
    let losses = result.report.history.compactMap(\.validationLoss)
    #expect(losses[best - 1] == losses.min())
    #expect(result.report.end == .stoppedEarly)
    #expect(result.report.history.count == best + 5)
  }

  @Test func `damaged checkpoints are refused in words`() throws {
    let data = Self.curve()
    let trainer = Self.trainer(LBFGS(), .fullBatch(epochs: 3))
    let good = try trainer.fit(data).model
    func error(_ name: String, _ tensor: Tensor?) -> String {
      var bad = good
      bad.checkpoint?.states["optimizer/\(name)"] = tensor
      return message { try trainer.fit(data, TrainingSetup(resuming: bad)) }
    }
    #expect(error("loss", nil) == "the checkpoint lacks the optimizer's loss")
    #expect(
      error("gradient", Tensor([1.0, 2]))
        == "the checkpoint's gradient has 2 numbers, expected 16")
    #expect(error("steps", Tensor([1.0])) == "the checkpoint lacks the optimizer's steps")
    #expect(
      error("loss", Tensor(Double.nan))
        == "the checkpoint's optimizer/loss is damaged, expected finite numbers")
  }
}
