import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

@Suite struct BoltzmannMachineTests {
  private func bits(_ rows: [[Double]]) -> Dataset {
    Dataset(
      name: "bits", features: Tensor(rows),
      targets: .values(Tensor.zeros([rows.count, 0], type: .float64), names: []))
  }

  /// Four rows with one bit of each half on.
  private var encoder: Dataset {
    bits((0..<4).map { row in (0..<8).map { $0 % 4 == row ? 1 : 0 } })
  }

  @Test func theEncoderFindsFourCodes() throws {
    let network = BoltzmannMachine(
      hidden: 2, groups: [4, 4], joinsHidden: false, cycles: 500, stopsWhenSolved: true)
    for seed in [2, 8, 11] as [UInt64] {
      let fitted = try network.fit(encoder, seed: seed)
      let figures = try fitted.figures(on: encoder)
      #expect(figures.first { $0.name == "codes" }?.value == 4)
      #expect(figures.first { $0.name == "bits completed" }?.value == 1)
      let codes = try fitted.remarks(on: encoder).map { $0.suffix(2) }
      #expect(Set(codes).count == 4)
      guard case .patterns(let rows) = try fitted.predict(encoder.features) else {
        Issue.record("no patterns")
        return
      }
      #expect(zip(rows.doubles, encoder.features.doubles).allSatisfy { ($0 >= 0.5) == ($1 == 1) })
    }
  }

  /// Two units that are always on together, learned by the gradient: G has its least at 0.
  @Test func theGradientRuleFollowsTheDistribution() throws {
    let data = bits([[0, 0], [1, 1], [0, 0], [1, 1]])
    let network = BoltzmannMachine(
      hidden: 0, cycles: 300, rule: .gradient, step: 1, annealings: 10, temperatures: [2, 1],
      times: [2, 2], turnsOff: 0.02, turnsOn: 0.02)
    let fitted = try network.fit(data, seed: 3)
    let divergence = try #require(
      fitted.figures(on: data).first { $0.name == "G" }?.value)
    #expect(divergence > 0 && divergence < 0.1, "G = \(divergence)")
    // Joined by a positive weight, with biases that make both states as likely: b = −w/2.
    let weights = fitted.weights.doubles
    #expect(weights[1] > 3)
    #expect(abs(weights[2] + weights[1] / 2) < 1)
    #expect(abs(weights[5] + weights[1] / 2) < 1)
  }

  /// The probabilities that it gives are those of its weights: P(last | others) of two units is
  /// 1 / (1 + exp(−(w s + b) / T)).
  @Test func answersFollowFromTheWeights() throws {
    let data = bits([[0, 0], [1, 1], [1, 0]])
    let network = BoltzmannMachine(hidden: 0, cycles: 12, temperatures: [4], times: [3])
    let fitted = try network.fit(data, seed: 1)
    let weights = fitted.weights.doubles
    guard case .patterns(let rows) = try fitted.predict(Tensor([[1.0, 0.0]])) else {
      Issue.record("no patterns")
      return
    }
    let net = (weights[1] + weights[5]) / 4
    #expect(abs(rows[0, 1] - 1 / (1 + exp(-net))) < 1e-12)
  }

  @Test func oddSettingsAndRowsAreRefused() throws {
    #expect(throws: TrainingError.self) {
      try BoltzmannMachine(groups: [4, 3]).fit(encoder, seed: 1)
    }
    #expect(throws: TrainingError.self) {
      try BoltzmannMachine().fit(bits([[0.5, 1], [0, 1]]), seed: 1)
    }
    #expect(BoltzmannMachine(temperatures: [10], times: [1, 2]).problem != nil)
    #expect(BoltzmannMachine(temperatures: [10, -1, 1, 1]).problem != nil)
    #expect(BoltzmannMachine(turnsOn: 0.7).problem != nil)
    let fitted = try BoltzmannMachine(hidden: 1, cycles: 2).fit(encoder, seed: 1)
    #expect(fitted.warnings == ["1 hidden unit has 2 states, fewer than the 4 rows that differ"])
  }
}
