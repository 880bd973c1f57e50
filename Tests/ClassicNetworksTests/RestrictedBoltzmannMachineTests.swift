import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// Beside scikit-learn's BernoulliRBM and plain NumPy: see `References`.
@Suite struct RestrictedBoltzmannMachineTests {
  private struct Reference: Decodable {
    struct Machine: Decodable {
      var weights: [Double]
      var visibleBias: [Double]
      var hiddenBias: [Double]
      var hidden: [Double]?
      var pseudoLikelihood: [Double]?
      var freeEnergy: [Double]?
      var logPartition: [Double]?
    }
    var same: Machine
    var gaussian: Machine
    var pseudoLikelihoods: [Double]

    init() throws {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "References/restricted_boltzmann_machine.json")
      self = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: path))
    }
  }

  private func unlabeled(_ rows: Tensor) -> Dataset {
    Dataset(
      name: "rows", features: rows,
      targets: .values(Tensor.zeros([rows.shape[0], 0], type: .float64), names: []))
  }

  /// The digits' pixels from 0 to 1.
  private func digits(_ count: Int) throws -> Dataset {
    let digits = try Dataset.builtIn("digits").rows(Array(0..<count))
    return unlabeled(Tensor(digits.features.doubles.map { $0 / 16 }, shape: [count, 64]))
  }

  private func distance(_ tensor: Tensor, _ expected: [Double]) -> Double {
    #expect(tensor.count == expected.count)
    return zip(tensor.doubles, expected).map { abs($0 - $1) }.max() ?? 0
  }

  private func figure(_ name: String, _ figures: [ClassicFigure]) throws -> Double {
    try #require(figures.first { $0.name == name }?.value)
  }

  @Test func persistentChainsTakeTheStepsOfBernoulliRBM() throws {
    let reference = try Reference().same
    let data = try digits(200)
    let network = RestrictedBoltzmannMachine(
      hidden: 6, method: .pcd, epochs: 3, batchSize: 10, learningRate: 0.1, shuffles: false,
      precision: .float64, scaling: .none)
    let fitted = try network.fit(data, seed: 5)
    #expect(distance(fitted.weights, reference.weights) < 1e-11)
    #expect(distance(fitted.visibleBias, reference.visibleBias) < 1e-11)
    #expect(distance(fitted.hiddenBias, reference.hiddenBias) < 1e-11)
    guard case .values(let hidden) = try fitted.predict(data.features.rows([0, 1, 2])) else {
      Issue.record("no values")
      return
    }
    #expect(distance(hidden, reference.hidden ?? []) < 1e-11)
    let figures = try fitted.figures(on: data)
    for (name, expected) in [
      ("ln pseudo-likelihood", reference.pseudoLikelihood), ("free energy", reference.freeEnergy),
      ("ln Z", reference.logPartition),
    ] {
      #expect(abs(try figure(name, figures) - (expected?.first ?? .nan)) < 1e-9, "\(name)")
    }
  }

  @Test func gaussianUnitsTakeTheStepsOfNumPy() throws {
    let reference = try Reference().gaussian
    let rows = Tensor((0..<36).map { (Double($0 % 7) - 3) / 2 }, shape: [12, 3])
    let network = RestrictedBoltzmannMachine(
      hidden: 4, units: .gaussian, steps: 2, epochs: 4, batchSize: 5, learningRate: 0.05,
      momentum: 0.5, weightDecay: 0.01, sparsityCost: 0.1, sparsityTarget: 0.2, shuffles: false,
      precision: .float64, scaling: .none)
    let fitted = try network.fit(unlabeled(rows), seed: 9)
    #expect(distance(fitted.weights, reference.weights) < 1e-11)
    #expect(distance(fitted.visibleBias, reference.visibleBias) < 1e-11)
    #expect(distance(fitted.hiddenBias, reference.hiddenBias) < 1e-11)
  }

  @Test func digitsGetThePseudoLikelihoodOfBernoulliRBM() throws {
    let reference = try Reference().pseudoLikelihoods
    let mean = reference.reduce(0, +) / Double(reference.count)
    let spread =
      (reference.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      / Double(reference.count - 1)).squareRoot()
    let data = try digits(1797)
    let network = RestrictedBoltzmannMachine(
      hidden: 32, method: .pcd, epochs: 10, batchSize: 20, learningRate: 0.05, scaling: .none)
    for seed in [1, 2] as [UInt64] {
      let fitted = try network.fit(data, seed: seed)
      let found = try fitted.logPseudoLikelihoods(data.features)
      let own = found.reduce(0, +) / Double(found.count)
      #expect(abs(own - mean) < 4 * spread, "\(own), expected \(mean) ± \(spread)")
    }
  }

  @Test func sampledPartitionsAgreeWithExactOnes() throws {
    let data = try digits(200)
    for network in [
      RestrictedBoltzmannMachine(hidden: 10, epochs: 10, batchSize: 10, learningRate: 0.1),
      RestrictedBoltzmannMachine(
        hidden: 8, units: .gaussian, epochs: 5, batchSize: 10, learningRate: 0.01),
    ] {
      let fitted = try network.fit(data, seed: 2)
      let exact = try #require(fitted.exactLogPartition)
      let sampled = try fitted.logPartition(
        from: network.units == .bernoulli ? data : nil, chains: 100, temperatures: 400, seed: 3)
      #expect(sampled.deviation < 0.3, "\(sampled)")
      #expect(
        abs(sampled.value - exact) < 4 * sampled.deviation, "\(sampled), expected \(exact)")
    }
  }

  /// Z of one Gaussian unit beside a plain sum over its values.
  @Test func theGaussianPartitionIsTheIntegral() throws {
    let rows = Tensor([[1.0], [3], [-2], [0.5]])
    let network = RestrictedBoltzmannMachine(
      hidden: 2, units: .gaussian, epochs: 30, batchSize: 2, precision: .float64, scaling: .none)
    let fitted = try network.fit(unlabeled(rows), seed: 4)
    let values = (0...40_000).map { -20 + Double($0) / 1000 }
    let energies = try fitted.freeEnergies(Tensor(values, shape: [values.count, 1]))
    let sum = energies.reduce(0) { $0 + exp(-$1) / 1000 }
    #expect(abs(try #require(fitted.exactLogPartition) - log(sum)) < 1e-9)
  }

  /// The likelihoods of all rows that there can be add up to 1.
  @Test func likelihoodsAddUpToOne() throws {
    let all = Tensor(
      (0..<16).flatMap { row in (0..<4).map { Double(row >> $0 & 1) } }, shape: [16, 4])
    let data = unlabeled(all.rows([0, 3, 12, 15, 15, 3]))
    let network = RestrictedBoltzmannMachine(
      hidden: 3, epochs: 2000, batchSize: 6, learningRate: 0.3, precision: .float64)
    let fitted = try network.fit(data, seed: 1)
    let whole = try #require(fitted.exactLogPartition)
    let total = try fitted.freeEnergies(all).reduce(0) { $0 + exp(-$1 - whole) }
    #expect(abs(total - 1) < 1e-12)
    let start = try RestrictedBoltzmannMachine(hidden: 3, epochs: 1, learningRate: 1e-9)
      .fit(data, seed: 1)
    #expect(
      try figure("ln likelihood", fitted.figures(on: data))
        > figure("ln likelihood", start.figures(on: data)) + 0.5)
  }

  @Test func narrowNumbersGiveTheSameMachine() throws {
    let data = try digits(100)
    let wide = RestrictedBoltzmannMachine(hidden: 5, epochs: 2, precision: .float64, scaling: .none)
    var narrow = wide
    narrow.precision = .float32
    let (first, second) = (try wide.fit(data, seed: 1), try narrow.fit(data, seed: 1))
    #expect(distance(second.weights, first.weights.doubles) < 1e-5)
  }

  @Test func dreamsAreProbabilities() throws {
    let data = try digits(50)
    let fitted = try RestrictedBoltzmannMachine(hidden: 5, epochs: 2, scaling: .none)
      .fit(data, seed: 1)
    let dream = try fitted.dream(from: data.features, steps: 3, seed: 1)
    #expect(dream.shape == [50, 64])
    #expect(dream.doubles.allSatisfy { (0...1).contains($0) })
    #expect(try dream == fitted.dream(from: data.features, steps: 3, seed: 1))
  }

  @Test func oddSettingsAndRowsAreRefused() throws {
    let rows = unlabeled(Tensor([[0.0, 12], [1, -7]]))
    #expect(throws: TrainingError.self) {
      try RestrictedBoltzmannMachine(scaling: .none).fit(rows, seed: 1)
    }
    let warned = try RestrictedBoltzmannMachine(
      hidden: 1, units: .gaussian, epochs: 1, learningRate: 0.001, scaling: .none
    ).fit(rows, seed: 1)
    #expect(warned.warnings.count == 1)
    #expect(throws: TrainingError.self) {
      try RestrictedBoltzmannMachine(
        hidden: 4, units: .gaussian, epochs: 200, learningRate: 50, scaling: .none
      ).fit(rows, seed: 1)
    }
    #expect(RestrictedBoltzmannMachine(momentum: 1).problem != nil)
    #expect(RestrictedBoltzmannMachine(precision: .int32).problem != nil)
    #expect(RestrictedBoltzmannMachine(steps: 0).problem != nil)
  }
}
