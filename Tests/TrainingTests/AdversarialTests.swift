import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Two networks against each other.
@Suite struct AdversarialTests {
  /// Half of the numbers around 1, half around 3, each with a deviation of 0.25: mean 2, deviation
  /// √(1 + 0.25²) ≈ 1.031.
  private static let mixture: Tensor = {
    var random = RandomStream(seed: 1, name: "mixture")
    return Tensor(
      (0..<2048).map { ($0 % 2 == 0 ? 1 : 3) + 0.25 * random.normal() }, shape: [2048, 1])
  }()

  private static func trainer(epochs: Int, precision: ScalarType = .float32) -> AdversarialTrainer {
    AdversarialTrainer(
      generator: Sequential {
        Dense(units: 16, activation: .tanh)
        Dense(units: 1)
      },
      discriminator: Sequential {
        Dense(units: 32, activation: .leakyReLU)
        Dense(units: 32, activation: .leakyReLU)
        Dense(units: 1)
      }, latent: 4,
      generatorOptimizer: Adam(learningRate: 1e-3, beta1: 0.5),
      discriminatorOptimizer: Adam(learningRate: 2e-3, beta1: 0.5),
      AdversarialOptions(epochs: epochs, batchSize: 128, precision: precision, seed: 3))
  }

  private func statistics(_ rows: Tensor) -> (mean: Double, deviation: Double) {
    let values = rows.doubles
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot())
  }

  @Test func `a generator learns the mean and the spread of a mixture`() throws {
    let before = try Self.trainer(epochs: 0).fit(Self.mixture)
    let start = statistics(try before.samples(2000, seed: 9))
    #expect(abs(start.mean - 2) > 1)

    let model = try Self.trainer(epochs: 120).fit(Self.mixture)
    let made = try model.samples(2000, seed: 9)
    #expect(made.shape == [2000, 1])
    let found = statistics(made)
    #expect(abs(found.mean - 2) < 0.25, "mean \(found.mean)")
    #expect(abs(found.deviation - 1.031) < 0.25, "deviation \(found.deviation)")
    #expect(model.history.count == 120)
    // Where neither wins, neither loss is near 0.
    #expect(model.history.suffix(10).allSatisfy { $0.discriminatorLoss > 0.7 })

    // Numbers far from all of the data's are known to be made.
    let chances = try model.probabilities(ofReal: Tensor([[2.9], [-30]]).cast(to: .float32)).doubles
    #expect(chances[0] > chances[1])
  }

  @Test func `the same seed gives the same bits, at any number of threads`() throws {
    let trainer = Self.trainer(epochs: 3)
    let one = try trainer.fit(Self.mixture, threads: 1)
    let two = try trainer.fit(Self.mixture, threads: 2)
    #expect(one.parameters == two.parameters)
    #expect(one.history == two.history)
    #expect(try one.samples(5, seed: 4) == two.samples(5, seed: 4))
    #expect(try one.samples(300, seed: 4).rows(0..<5) == one.samples(5, seed: 4))
    #expect(try one.samples(5, seed: 5) != one.samples(5, seed: 4))
    var other = trainer
    other.options.seed = 4
    #expect(try other.fit(Self.mixture).parameters != one.parameters)
  }

  @Test func `a run goes on from its file as if it had never stopped`() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "adversarial-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try Self.trainer(epochs: 4).fit(Self.mixture)
    _ = try Self.trainer(epochs: 2).fit(Self.mixture, checkpointPath: path)
    let half = try AdversarialModel(contentsOf: path)
    #expect(half.history.count == 2)
    let rest = try Self.trainer(epochs: 4).fit(Self.mixture, resuming: half)
    #expect(rest.parameters == whole.parameters)
    #expect(rest.history == whole.history)

    var other = Self.trainer(epochs: 4)
    other.options.batchSize = 64
    #expect(throws: TrainingError.self) { try other.fit(Self.mixture, resuming: half) }
    #expect(throws: (any Error).self) {
      try Self.trainer(epochs: 4).fit(Self.mixture.rows(0..<512), resuming: half)
    }
  }

  @Test func `what does not fit is said`() throws {
    func message(_ change: (inout AdversarialTrainer) -> Void, _ rows: Tensor = Self.mixture)
      -> String
    {
      var trainer = Self.trainer(epochs: 1)
      change(&trainer)
      do {
        _ = try trainer.fit(rows)
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    #expect(message { $0.latent = 0 } == "latent: found 0, expected 1 or more numbers")
    #expect(message { $0.options.batchSize = 0 } == "batch size: found 0, expected 1 or more rows")
    #expect(message { $0.options.labelSmoothing = 1 }.contains("expected at least 0 and less than"))
    #expect(
      message { $0.generator = Dense(units: 2) }
        == "generator: gives rows of shape [2], expected [1], as the data have")
    #expect(
      message { $0.discriminator = Dense(units: 2) }
        .hasPrefix("discriminator: gives float32 [256, 2], expected one output for each row"))
    #expect(
      message {
        $0.discriminator = Sequential {
          ReshapeTo([1, 1])
          GRU(units: 2, recurrence: Recurrence(output: .last, carriesState: true))
          Dense(units: 1)
        }
      }.hasSuffix("rows that are made follow no others; set carriesState to false"))
    #expect(message({ _ in }, Tensor([1.0, 2])).hasPrefix("the rows have shape [2]; expected"))
    let model = try Self.trainer(epochs: 0).fit(Self.mixture)
    #expect(throws: TrainingError.self) { try model.samples(-1, seed: 0) }
    #expect(try model.samples(0, seed: 0).shape == [0, 1])
    #expect(throws: TrainingError.self) { try model.probabilities(ofReal: Tensor([[1, 2]])) }
    #expect(throws: (any Error).self) { try AdversarialModel(contentsOf: "/nowhere") }
  }

  @Test func `a discriminator may step more often, and rows may be scaled`() throws {
    var trainer = Self.trainer(epochs: 2, precision: .float64)
    trainer.options.discriminatorSteps = 3
    trainer.options.labelSmoothing = 0.1
    trainer.options.scaling = .standard
    let model = try trainer.fit(Self.mixture)
    #expect(model.history.allSatisfy { $0.discriminatorLoss.isFinite && $0.generatorLoss > 0 })
    // Unscaled, what an untrained generator makes lies around the data's mean.
    #expect(abs(statistics(try model.samples(500, seed: 1)).mean - 2) < 2)
  }
}
