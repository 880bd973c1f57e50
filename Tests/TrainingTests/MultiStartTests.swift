import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Several starts of one trainer: which is taken, what is told of the others, and what is refused.
@Suite struct MultiStartTests {
  private func trainer(_ options: TrainingOptions, rate: Double = 0.05) -> Trainer {
    Trainer(
      Sequential {
        Dense(units: 3, activation: .tanh, name: "hidden")
        Dense(units: 3, name: "output")
      }, loss: CrossEntropy(), optimizer: Adam(learningRate: rate), options)
  }

  private func iris() throws -> (Dataset, Dataset) {
    try Dataset.builtIn("iris").split(fraction: 0.8, seed: 1)
  }

  @Test func `the best start is the trainer's own run with its seed`() throws {
    let (training, validation) = try iris()
    let options = TrainingOptions(epochs: 8, seed: 40)
    let result = try MultiStart(trainer(options), starts: 5).fit(training, validation: validation)
    #expect(result.spread.starts.map(\.number) == [1, 2, 3, 4, 5])
    #expect(result.spread.starts.map(\.seed) == [40, 41, 42, 43, 44])
    #expect(!result.wasInterrupted && result.spread.failed.isEmpty)

    for start in result.spread.starts {
      var own = options
      own.seed = start.seed
      let alone = try trainer(own).fit(training, validation: validation)
      #expect(start.validationLoss == alone.report.validationResult?.loss)
      #expect(start.trainingLoss == (try alone.model.evaluate(training).loss))
      #expect(start.history == alone.report.history)
      if start.number == result.spread.best {
        #expect(result.model.parameters == alone.model.parameters)
      }
    }
    let losses = result.spread.starts.compactMap(\.validationLoss).sorted()
    #expect(result.spread.losses == losses && losses.count == 5)
    #expect(result.spread.bestLoss == losses[0] && result.spread.worst == losses[4])
    #expect(result.spread.median == losses[2])
    #expect(result.best.report.starts == result.spread)
  }

  @Test func `without validation rows the training loss decides`() throws {
    let (training, _) = try iris()
    let result = try MultiStart(trainer(TrainingOptions(epochs: 3, seed: 1)), starts: 4)
      .fit(training)
    #expect(!result.spread.isByValidation)
    #expect(result.spread.bestLoss == (try result.model.evaluate(training).loss))
    #expect(result.spread.losses.count == 4)
    let median = try #require(result.spread.median)
    #expect(median == (result.spread.losses[1] + result.spread.losses[2]) / 2)
  }

  @Test func `the same bits at any number of threads`() throws {
    let (training, validation) = try iris()
    let starts = MultiStart(
      trainer(TrainingOptions(epochs: 4, batchSize: 9, patience: 2, seed: 7)), starts: 6)
    let results = try [1, 2, 3, 16].map { threads in
      try starts.fit(training, validation: validation, TrainingSetup(threads: threads))
    }
    for other in results.dropFirst() {
      #expect(other.spread == results[0].spread)
      #expect(other.model.parameters == results[0].model.parameters)
    }
  }

  @Test func `a start that diverges is listed, and the others go on`() throws {
    // The first weights decide whether this rate lets the squares grow without bound.
    let data = Dataset(
      name: "line", features: Tensor([[1.0], [2.0]]),
      targets: .values(Tensor([[1.0], [2.0]]), names: ["y"]))
    var options = TrainingOptions(
      epochs: 60, batchSize: nil, scaling: Scaling.Kind.none, precision: .float64, seed: 1)
    func starts(_ rate: Double) -> MultiStart {
      MultiStart(
        Trainer(
          Sequential {
            Dense(units: 1, weight: .normal(mean: 0, deviation: 3))
            Dense(units: 1, weight: .normal(mean: 0, deviation: 3))
          }, loss: MeanSquaredError(), optimizer: SGD(learningRate: rate), options), starts: 12)
    }
    let result = try starts(0.02).fit(data)
    let failed = result.spread.failed
    #expect(!failed.isEmpty && failed.count < 12)
    #expect(failed.allSatisfy { $0.loss == nil && $0.failure?.contains("became") == true })
    #expect(result.spread.ranked.count == 12 - failed.count)
    #expect(result.description.contains("failed"))

    options.epochs = 300
    #expect(throws: TrainingError.self) { try starts(1e6).fit(data) }
  }

  @Test func `asked to stop, the best so far is the result`() throws {
    let (training, validation) = try iris()
    let starts = MultiStart(trainer(TrainingOptions(epochs: 50, seed: 1)), starts: 20)
    let ended = Ended()
    let result = try starts.fit(
      training, validation: validation,
      TrainingSetup(threads: 2, shouldStop: { ended.count >= 3 })
    ) { event in
      if case .ended = event { ended.add() }
    }
    #expect(result.wasInterrupted)
    #expect((3...5).contains(result.spread.starts.count))
    #expect(result.spread.bestLoss == result.spread.starts.compactMap(\.validationLoss).min())

    let first = try starts.fit(training, TrainingSetup(shouldStop: { true }))
    #expect(first.spread.starts.count == 1 && first.wasInterrupted)
  }

  @Test func `the file holds the best start`() throws {
    let (training, validation) = try iris()
    let path = NSTemporaryDirectory() + "starts-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let result = try MultiStart(trainer(TrainingOptions(epochs: 2, seed: 3)), starts: 6)
      .fit(training, validation: validation, TrainingSetup(checkpointPath: path))
    #expect(try TrainedModel(contentsOf: path).parameters == result.model.parameters)
  }

  @Test func `what makes no sense is refused`() throws {
    let (training, _) = try iris()
    let trainer = trainer(TrainingOptions(epochs: 1))
    func error(_ starts: Int, _ setup: TrainingSetup = TrainingSetup()) -> String {
      do {
        _ = try MultiStart(trainer, starts: starts).fit(training, setup)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(error(0) == "starts: found 0, expected 1 to 100,000")
    #expect(error(1_000_000).hasPrefix("starts: found 1000000"))
    #expect(error(2, TrainingSetup(initial: ParameterSet())).contains("each start draws its own"))
    let model = try trainer.fit(training).model
    #expect(error(2, TrainingSetup(resuming: model)).contains("a run to resume"))
  }

  @Test func `the report shows all starts, and is read back`() throws {
    let (training, validation) = try iris()
    let report = try MultiStart(trainer(TrainingOptions(epochs: 3, seed: 3)), starts: 3)
      .fit(training, validation: validation).best.report
    #expect(try TrainingReport(json: report.json()) == report)
    let page = report.page()
    for text in ["The starts", "the best of 3", "Every start in numbers", "Where they ended"] {
      #expect(page.contains(text), "\(text)")
    }
  }
}

/// Counts from several threads.
private final class Ended: @unchecked Sendable {
  private let lock = NSLock()
  private var number = 0
  var count: Int { lock.withLock { number } }
  func add() { lock.withLock { number += 1 } }
}
