import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Simulated annealing: move for move beside a NumPy script of the papers, and what it does and refuses.
@Suite struct AnnealingTests {
  /// What `References/simulated-annealing.py` wrote.
  private struct Reference: Decodable {
    struct Run: Decodable {
      let cooling: String
      let steps: String
      let temperature: Double
      /// Best loss, T, share of kept moves, loss, length of moves: every fifth sweep.
      let sweeps: [[Double]]
      let weights: [Double]
    }
    let seed: UInt64
    let start: [Double]
    let runs: [Run]
  }

  private static let names = ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]

  private static let network = Sequential {
    Dense(units: 2, activation: .sigmoid, name: "hidden")
    Dense(units: 1, activation: .sigmoid, name: "output")
  }

  private static let xor = Dataset(
    name: "xor", features: Tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]),
    targets: .values(Tensor([[0.0], [1], [1], [0]]), names: ["xor"]))

  private static func options(_ epochs: Int, seed: UInt64) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: nil, scaling: Scaling.Kind.none, precision: .float64, seed: seed)
  }

  private static func trainer(_ rule: SimulatedAnnealing, _ epochs: Int, seed: UInt64 = 1)
    -> Trainer
  {
    Trainer(
      network, loss: MeanSquaredError(), optimizer: rule, options(epochs, seed: seed))
  }

  @Test func `every sweep is that of the papers`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/simulated-annealing.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    #expect(reference.runs.count == 2 * SimulatedAnnealing.Cooling.allCases.count)
    let w = reference.start
    let initial = ParameterSet([
      ("hidden.weight", Tensor(Array(w[0..<4]), shape: [2, 2])),
      ("hidden.bias", Tensor(Array(w[4..<6]))),
      ("output.weight", Tensor(Array(w[6..<8]), shape: [2, 1])),
      ("output.bias", Tensor(Array(w[8...]))),
    ])
    var worst = 0.0
    for run in reference.runs {
      let rule = SimulatedAnnealing(
        cooling: try #require(.init(rawValue: run.cooling)), temperature: run.temperature,
        sweeps: 50, stepSize: 1, bound: 3, steps: try #require(.init(rawValue: run.steps)))
      let result = try Self.trainer(rule, 60, seed: reference.seed)
        .fit(Self.xor, TrainingSetup(initial: initial))
      for (place, expected) in run.sweeps.enumerated() {
        let record = result.report.history[5 * place]
        let found =
          [record.trainingLoss]
          + ["temperature", "acceptance", "currentLoss", "stepSize"].map {
            record.figure($0) ?? .nan
          }
        for (a, b) in zip(found, expected) { worst = max(worst, abs(a - b)) }
      }
      let weights = Self.names.flatMap { result.model.parameters[$0]?.doubles ?? [] }
      #expect(weights.count == run.weights.count)
      for (a, b) in zip(weights, run.weights) { worst = max(worst, abs(a - b)) }
    }
    #expect(worst < 1e-12)
  }

  @Test func `the model is the best place that was visited`() throws {
    let result = try Self.trainer(SimulatedAnnealing(cooling: .logarithmic), 200).fit(Self.xor)
    let history = result.report.history
    let present = history.compactMap { $0.figure("currentLoss") }
    #expect(zip(present, present.dropFirst()).contains { $1 > $0 })
    #expect(zip(history, history.dropFirst()).allSatisfy { $1.trainingLoss <= $0.trainingLoss })
    let loss = try result.model.evaluate(Self.xor).loss
    #expect(loss == history.last?.trainingLoss)
  }

  @Test func `no weight leaves the bounds`() throws {
    let rule = SimulatedAnnealing(cooling: .logarithmic, temperature: 10, bound: 1.5)
    let weights = try Self.trainer(rule, 50).fit(Self.xor).model.parameters
      .flatMap { $0.tensor.doubles }
    #expect(weights.count == 9 && weights.allSatisfy { abs($0) <= 1.5 })
    // Weights that begin outside may come in, and may not go farther out.
    var far = ParameterSet()
    far["hidden.weight"] = Tensor([[40.0, -3], [2, 1]])
    far["hidden.bias"] = Tensor([0.0, 0])
    far["output.weight"] = Tensor([[1.0], [1]])
    far["output.bias"] = Tensor([0.0])
    let moved = try Self.trainer(SimulatedAnnealing(stepSize: 30), 200)
      .fit(Self.xor, TrainingSetup(initial: far)).model.parameters
    #expect(moved.allSatisfy { $0.tensor.doubles.allSatisfy { abs($0) <= 40 } })
  }

  @Test func `the first temperature keeps the wished share of uphill moves`() throws {
    // So cold or hot that one sweep says it: T₀ grows with the share.
    let temperatures = try [0.1, 0.5, 0.8, 0.99].map { share in
      try Self.trainer(SimulatedAnnealing(acceptance: share), 1).fit(Self.xor).report.history[0]
        .figure("temperature") ?? .nan
    }
    #expect(zip(temperatures, temperatures.dropFirst()).allSatisfy { $0 < $1 })
    let given = try Self.trainer(SimulatedAnnealing(temperature: 0.25), 1).fit(Self.xor)
    #expect(given.report.history[0].figure("temperature") == 0.25)
  }

  @Test func `linear cooling ends as a descent, and where nothing moves`() throws {
    // A bowl: the nearer to its bottom, the fewer moves of this length go down.
    let line = Dataset(
      name: "line", features: Tensor([[0.0], [1], [2]]),
      targets: .values(Tensor([[1.0], [3], [5]]), names: ["y"]))
    let result = try Trainer(
      Sequential { Dense(units: 1) }, loss: MeanSquaredError(),
      optimizer: SimulatedAnnealing(cooling: .linear, sweeps: 20, steps: .fixed),
      Self.options(5000, seed: 1)
    ).fit(line)
    let cold = result.report.history.dropFirst(20)
    #expect(cold.allSatisfy { $0.figure("temperature") == 0 })
    let losses = cold.compactMap { $0.figure("currentLoss") }
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $1 <= $0 })
    #expect(result.report.end == .converged)
    #expect(result.report.endReason == "no move was kept in 50 sweeps")
  }

  @Test func `a minimum with an outlet is left`() throws {
    // From these weights gradient descent ends at a mean squared error of 1/6.
    let stuck = ParameterSet([
      ("hidden.weight", Tensor([[5.0, 5], [-5, -5]])), ("hidden.bias", Tensor([-2.5, -2.5])),
      ("output.weight", Tensor([[4.0], [4]])), ("output.bias", Tensor([-0.7])),
    ])
    let descent = try Trainer(
      Self.network, loss: MeanSquaredError(), optimizer: LBFGS(), Self.options(300, seed: 1)
    ).fit(Self.xor, TrainingSetup(initial: stuck))
    let stuckLoss = try #require(descent.report.history.last?.trainingLoss)
    #expect(stuckLoss > 0.1)
    let annealed = try (1...6).map { seed in
      try Self.trainer(SimulatedAnnealing(factor: 0.99), 600, seed: seed)
        .fit(Self.xor, TrainingSetup(initial: descent.model.parameters)).report.history.last?
        .trainingLoss ?? 1
    }
    #expect(annealed.allSatisfy { $0 <= stuckLoss })
    #expect(annealed.contains { $0 < 0.01 })
  }

  @Test func `settings that make no sense are refused in words`() throws {
    func error(_ rule: SimulatedAnnealing) -> String {
      do {
        _ = try Self.trainer(rule, 1).fit(Self.xor)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(error(SimulatedAnnealing(temperature: -1)).contains("temperature: found -1"))
    #expect(error(SimulatedAnnealing(acceptance: 1)).contains("acceptance: found 1"))
    #expect(error(SimulatedAnnealing(acceptance: 0)).contains("above 0, or a temperature"))
    #expect(error(SimulatedAnnealing(temperature: 1, acceptance: 0)) == "none")
    #expect(error(SimulatedAnnealing(factor: 1.5)).contains("factor: found 1.5"))
    #expect(error(SimulatedAnnealing(sweeps: 0)).contains("sweeps: found 0"))
    #expect(error(SimulatedAnnealing(stepSize: 0)).contains("stepSize: found 0"))
    #expect(error(SimulatedAnnealing(bound: 0)).contains("bound: found 0"))
  }
}
