import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// Deep belief networks and stacked auto-encoders.
@Suite struct StackedNetworkTests {
  private struct Reference: Decodable {
    var weights: [Double]
    var visibleBias: [Double]
    var hiddenBias: [Double]
  }

  private func tensor(_ name: String, _ fitted: some FittedNetwork) throws -> Tensor {
    try #require(fitted.tensors.first { $0.name == name }?.tensor)
  }

  private func distance(_ tensor: Tensor, _ expected: [Double]) -> Double {
    #expect(tensor.count == expected.count)
    return zip(tensor.doubles, expected).map { abs($0 - $1) }.max() ?? 0
  }

  private func digits() throws -> (training: Dataset, test: Dataset) {
    let (training, test) = try Dataset.builtIn("digits").split(fraction: 0.8, seed: 1)
    return (training.rows(Array(0..<1000)), test)
  }

  /// Beside plain NumPy whose gradients are complex steps.
  @Test func autoencodersTakeTheStepsOfNumPy() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/stacked_autoencoder.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: path))
    let rows = Tensor((0..<60).map { Double($0 * 7 % 11) / 10 }, shape: [10, 6])
    let data = Dataset(
      name: "rows", features: rows,
      targets: .values(Tensor.zeros([10, 0], type: .float64), names: []))
    let network = StackedAutoencoder(
      layers: [4], corruption: 0.25, pretrainingEpochs: 3, pretrainingRate: 0.5,
      pretrainingBatchSize: 4, shuffles: false, precision: .float64, scaling: .none)
    let fitted = try network.fit(data, seed: 3)
    #expect(distance(try tensor("level1.weights", fitted), reference.weights) < 1e-11)
    #expect(distance(try tensor("level1.visible.bias", fitted), reference.visibleBias) < 1e-11)
    #expect(distance(try tensor("level1.hidden.bias", fitted), reference.hiddenBias) < 1e-11)
    guard case .values(let top) = try fitted.predict(rows) else {
      Issue.record("without classes it answers with the highest layer")
      return
    }
    #expect(top.shape == [10, 4])
  }

  /// The lowest layer is the machine that learns alone.
  @Test func theLowestLayerIsARestrictedBoltzmannMachine() throws {
    let data = try digits().training.rows(Array(0..<100))
    let network = DeepBeliefNetwork(layers: [8, 5], pretrainingEpochs: 2, epochs: 1)
    let fitted = try network.fit(data, seed: 4)
    let machine = RestrictedBoltzmannMachine(
      hidden: 8, epochs: 2, batchSize: 20, learningRate: 0.05, momentum: 0.5, weightDecay: 0.0002)
    let alone = try machine.fit(data, seed: 4)
    #expect(try tensor("level1.weights", fitted) == alone.weights)
    #expect(try tensor("level2.weights", fitted).shape == [8, 5])
  }

  @Test func digitsAreLearned() throws {
    let (training, test) = try digits()
    let belief = try DeepBeliefNetwork(
      layers: [60, 40], pretrainingEpochs: 8, epochs: 20, learningRate: 0.01, batchSize: 20
    ).fit(training, seed: 1)
    let coder = try StackedAutoencoder(
      layers: [60, 40], pretrainingEpochs: 8, epochs: 20, learningRate: 0.01, batchSize: 20
    ).fit(training, seed: 1)
    for figures in try [belief.figures(on: test), coder.figures(on: test)] {
      let accuracy = try #require(figures.first { $0.name == "accuracy" }).value
      #expect(accuracy > 0.93)
      #expect(try #require(figures.first { $0.name == "reconstruction error" }).value < 0.3)
    }
    let probabilities = try #require(try belief.probabilities(test.features))
    #expect(probabilities.shape == [test.count, 10])
    let first = probabilities.doubles.prefix(10).reduce(0, +)
    #expect(abs(first - 1) < 1e-5)
  }

  /// With 50 labels, layers that have seen all rows do better than layers that begin at random.
  @Test func pretrainingHelpsWhereLabelsAreFew() throws {
    let (training, test) = try digits()
    func accuracy(_ pretraining: Int) throws -> Double {
      let network = DeepBeliefNetwork(
        layers: [60], pretrainingEpochs: pretraining, epochs: 40, learningRate: 0.01,
        batchSize: 10, labeled: 50)
      return try #require(try network.fit(training, seed: 2).figures(on: test).first).value
    }
    let (with, without) = (try accuracy(10), try accuracy(0))
    #expect(with > without - 0.02, "\(with) with, \(without) without")
    #expect(with > 0.7, "\(with) with, \(without) without")
  }

  @Test func oddSettingsAndRowsAreRefused() throws {
    let data = try digits().training
    #expect(throws: TrainingError.self) { try DeepBeliefNetwork(scaling: .none).fit(data, seed: 1) }
    #expect(throws: TrainingError.self) {
      try StackedAutoencoder(scaling: .standard).fit(data, seed: 1)
    }
    #expect(throws: TrainingError.self) {
      try DeepBeliefNetwork(layers: [5], pretrainingEpochs: 0, labeled: 1).fit(data, seed: 1)
    }
    #expect(DeepBeliefNetwork(layers: []).problem != nil)
    #expect(DeepBeliefNetwork(layers: [0]).problem != nil)
    #expect(DeepBeliefNetwork(pretrainingEpochs: 0, epochs: 0).problem != nil)
    #expect(DeepBeliefNetwork(momentum: 2).problem != nil)
    #expect(StackedAutoencoder(corruption: 1).problem != nil)
    #expect(StackedAutoencoder(precision: .int32).problem != nil)
  }
}
