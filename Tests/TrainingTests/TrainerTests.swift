import Datasets
import Foundation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Runs of a trainer: what they end with, what they refuse, and how they go on.
@Suite struct TrainerTests {
  private func network(dropout: Double = 0.2) -> Sequential {
    Sequential {
      Dense(units: 16, activation: .gelu, name: "hidden")
      Dropout(dropout)
      Dense(units: 3, name: "output")
    }
  }

  private func trainer(_ options: TrainingOptions, rate: Double = 0.01) -> Trainer {
    Trainer(network(), loss: CrossEntropy(), optimizer: Adam(learningRate: rate), options)
  }

  private func iris() throws -> (Dataset, Dataset) {
    try Dataset.builtIn("iris").split(fraction: 0.8, seed: 1)
  }

  @Test func `a network learns iris`() throws {
    let (training, test) = try iris()
    let result = try trainer(TrainingOptions(epochs: 100, seed: 1)).fit(training)
    #expect(try result.model.evaluate(test).accuracy! >= 0.9)
    #expect(result.report.history.count == 100)
    #expect(result.report.end == .completed)
    let losses = result.report.history.map(\.trainingLoss)
    #expect(losses.last! < losses.first! / 3)
  }

  @Test func `a run ends where its goal is reached`() throws {
    let (training, _) = try iris()
    let result = try trainer(TrainingOptions(epochs: 100, goal: 0.3, seed: 1)).fit(training)
    let losses = result.report.history.map(\.trainingLoss)
    #expect(losses.count < 100)
    #expect(losses.dropLast().allSatisfy { $0 > 0.3 } && losses.last! <= 0.3)
    #expect(result.report.end == .converged)
    #expect(result.report.endReason == "the training loss was at most 0.3")
    #expect(throws: TrainingError.self) {
      try trainer(TrainingOptions(epochs: 1, goal: .nan)).fit(training)
    }
  }

  @Test func `many rows of bytes train to the same bits as their scaled numbers`() throws {
    let (rows, width) = (1100, 1000)  // enough to be kept as bytes
    let bytes = (0..<rows * width).map { (place: Int) -> Float in
      Float((place * 37 + place / 256) % 256)
    }
    let labels = Tensor((0..<rows).map { Int32($0 % 3) })
    func trained(_ values: [Float], _ scaling: Scaling.Kind) throws -> TrainingResult {
      let data = Dataset(
        name: "bytes", features: Tensor(values, shape: [rows, width]),
        targets: .classes(labels, names: ["a", "b", "c"]))
      return try trainer(TrainingOptions(epochs: 1, batchSize: 64, scaling: scaling, seed: 3))
        .fit(data, validation: data)
    }
    let kept = try trained(bytes, .divide(by: 255))
    let scaled = try trained(bytes.map { $0 / 255 }, .none)
    #expect(kept.model.parameters == scaled.model.parameters)
    #expect(kept.report.history[0].validationLoss == scaled.report.history[0].validationLoss)
  }

  @Test func `the same bits at any number of threads, with dropout`() throws {
    let (training, _) = try iris()
    let results = try [1, 2, 3, 8].map { threads in
      try trainer(TrainingOptions(epochs: 5, batchSize: 7, seed: 3))
        .fit(training, TrainingSetup(threads: threads)).model.parameters
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// Stops after a number of steps.
  private final class Countdown: @unchecked Sendable {
    private var left: Int
    init(_ steps: Int) { left = steps }
    func isOver() -> Bool {
      left -= 1
      return left <= 0
    }
  }

  @Test func `a run that is stopped in mid-epoch goes on to the bit`() throws {
    let (training, validation) = try iris()
    let trainer = trainer(
      TrainingOptions(epochs: 12, batchSize: 7, schedule: CosineSchedule(), patience: 12, seed: 5))
    let whole = try trainer.fit(training, validation: validation).model
    var part: TrainedModel?
    for steps in [5, 30, 77] {
      let countdown = Countdown(steps)
      let result = try trainer.fit(
        training, validation: validation,
        TrainingSetup(resuming: part, shouldStop: { countdown.isOver() }))
      #expect(result.wasInterrupted)
      part = result.model
    }
    let end = try trainer.fit(training, validation: validation, TrainingSetup(resuming: part))
    #expect(try end.model.file().serialized() == whole.file().serialized())
  }

  @Test func `another run is not resumed, path or no path`() throws {
    let (training, test) = try iris()
    let first = try trainer(TrainingOptions(epochs: 2)).fit(training).model
    #expect(throws: TrainingError.self) {
      try trainer(TrainingOptions(epochs: 4, seed: 9))
        .fit(training, TrainingSetup(resuming: first))
    }
    #expect(throws: TrainingError.self) {
      try trainer(TrainingOptions(epochs: 4)).fit(test, TrainingSetup(resuming: first))
    }
    let extended = try trainer(TrainingOptions(epochs: 4))
      .fit(training, TrainingSetup(resuming: first)).model
    let whole = try trainer(TrainingOptions(epochs: 4)).fit(training).model
    #expect(extended.parameters == whole.parameters)
  }

  @Test func `early stopping takes the best parameters, and more patience goes on`() throws {
    let (training, validation) = try iris()
    let short = try trainer(TrainingOptions(epochs: 500, patience: 2, seed: 2), rate: 0.1)
      .fit(training, validation: validation)
    #expect(short.report.end == .stoppedEarly)
    let best = try #require(short.report.bestEpoch)
    #expect(best < short.report.history.count)
    let losses = short.report.history.compactMap(\.validationLoss)
    #expect(losses.min() == losses[best - 1])
    #expect(
      abs(try short.model.evaluate(validation).loss - losses[best - 1]) < 1e-6)
    let long = try trainer(TrainingOptions(epochs: 500, patience: 20, seed: 2), rate: 0.1)
      .fit(training, validation: validation, TrainingSetup(resuming: short.model))
    #expect(long.report.history.count > short.report.history.count)
    #expect(throws: TrainingError.self) {
      try trainer(TrainingOptions(patience: 2)).fit(training)
    }
  }

  @Test func `a run that diverges ends without a model`() throws {
    let (training, _) = try iris()
    // The loss of the only step is finite; what its update leaves is not.
    let trainer = Trainer(
      network(), loss: CrossEntropy(), optimizer: SGD(learningRate: 1e39),
      TrainingOptions(epochs: 1, batchSize: nil))
    #expect(throws: TrainingError.self) { try trainer.fit(training) }
  }

  @Test func `settings that make no sense are refused`() throws {
    let (training, _) = try iris()
    for options in [
      TrainingOptions(epochs: .max), TrainingOptions(epochs: -1), TrainingOptions(batchSize: 0),
      TrainingOptions(l2: -1), TrainingOptions(precision: .int32),
      TrainingOptions(schedule: ExponentialSchedule(factor: -1)),
    ] {
      #expect(throws: TrainingError.self) { try trainer(options).fit(training) }
    }
    #expect(throws: TrainingError.self) {
      try trainer(TrainingOptions(), rate: -1).step(
        batch: 2, input: [4], target: TensorType(.scalar, .int32))
    }
  }

  @Test func `a weighted loss does not depend on the order of the rows`() throws {
    let (training, _) = try iris()
    let weighted = Trainer(
      network(dropout: 0), loss: CrossEntropy(classWeights: [5, 1, 0.1]), optimizer: Adam(),
      TrainingOptions(epochs: 2))
    let model = try weighted.fit(training).model
    let many = training.rows((0..<600).map { $0 % training.count })
    let sorted = many.rows(
      many.targets.tensor.integers.enumerated().sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0))
    #expect(abs(try model.evaluate(many).loss - model.evaluate(sorted).loss) < 1e-5)
  }

  @Test func `no rows give no predictions`() throws {
    let (training, _) = try iris()
    let model = try trainer(TrainingOptions(epochs: 1)).fit(training).model
    #expect(try model.predict(.zeros([0, 4], type: .float64)).shape == [0, 3])
    #expect(throws: TrainingError.self) { try model.predict(.zeros([2, 5], type: .float64)) }
  }

  @Test func `a damaged progress is refused`() throws {
    let (training, _) = try iris()
    let path = NSTemporaryDirectory() + "backprop-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try trainer(TrainingOptions(epochs: 1)).fit(training).model
    try model.save(to: path)
    #expect(try TrainedModel(contentsOf: path).parameters == model.parameters)
    for damage in [
      { (progress: inout TrainingProgress) in progress.batch = -1 }, { $0.step = .max },
      { $0.lossRows = .max }, { $0.history = [] }, { $0.lossSum = .infinity },
    ] as [(inout TrainingProgress) -> Void] {
      var damaged = model
      damage(&damaged.checkpoint!.progress)
      try damaged.save(to: path)
      #expect(throws: TrainingError.self) { try TrainedModel(contentsOf: path) }
    }
  }

  @Test func `a loop of one's own takes batches of a data set`() throws {
    let (training, _) = try iris()
    let step = try trainer(TrainingOptions()).step(
      batch: 8, input: [4], target: TensorType(.scalar, .int32))
    try step.set(training.batch(0..<8))
    let first = step.run()
    for number in 1..<100 {
      step.set(rate: 0.01, step: number)
      step.run()
    }
    #expect(step.run() < first)
  }
}
