import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// What NumPy computes, as References/make-associative.py wrote it.
struct AssociativeReference: Decodable {
  struct Recalls: Decodable {
    var states: [[Double]]
    var energies: [[Double]]
  }

  struct Rule: Decodable {
    var weights: [[Double]]
    var asynchronous: Recalls
    var synchronous: Recalls
    var continuous: Recalls
  }

  struct Pairs: Decodable {
    var rows: [[Double]]
    var targets: [[Double]]
    var starts: [[Double]]
    var x: [[Double]]
    var y: [[Double]]
    var energies: [[Double]]
  }

  /// The mean overlap after recall in networks of 200 units, and how far single ones are from it.
  struct Capacity: Decodable {
    var load: Double
    var mean: Double
    var deviation: Double
  }

  var capacity: [Capacity]
  var patterns: [[Double]]
  var starts: [[Double]]
  var hebb: Rule
  var pseudoInverse: Rule
  var bam: Pairs

  static func read() throws -> AssociativeReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/associative.json")
    return try JSONDecoder().decode(AssociativeReference.self, from: Data(contentsOf: file))
  }
}

@Suite struct HopfieldTests {
  private func patterns(_ rows: [[Double]], name: String = "patterns") -> Dataset {
    Dataset(
      name: name, features: Tensor(rows),
      targets: .values(Tensor.zeros([rows.count, 0], type: .float64), names: []))
  }

  private func compare(
    _ found: [HopfieldRecall], _ expected: AssociativeReference.Recalls, _ tolerance: Double
  ) {
    #expect(found.count == expected.states.count)
    for (recall, (state, energies)) in zip(found, zip(expected.states, expected.energies)) {
      #expect(zip(recall.state, state).allSatisfy { abs($0 - $1) < tolerance })
      #expect(recall.energies.count == energies.count)
      #expect(zip(recall.energies, energies).allSatisfy { abs($0 - $1) < tolerance })
    }
  }

  @Test(arguments: Hopfield.Rule.allCases) func recallIsNumPys(rule: Hopfield.Rule) throws {
    let reference = try AssociativeReference.read()
    let expected = rule == .hebb ? reference.hebb : reference.pseudoInverse
    let data = patterns(reference.patterns)
    let fitted = try Hopfield(rule: rule).fit(data, seed: 1)
    #expect(
      zip(fitted.weights.doubles, expected.weights.flatMap { $0 }).allSatisfy {
        abs($0 - $1) < 1e-12
      })
    let starts = Matrix(rows: 5, columns: 40, reference.starts.flatMap { $0 })
    let weights = Matrix(rows: 40, columns: 40, fitted.weights.doubles)
    func recall(_ settings: Hopfield) -> [HopfieldRecall] {
      HopfieldDynamics(settings: settings, weights: weights).recall(starts) { _, _ in
        Array(0..<40)
      }
    }
    compare(recall(Hopfield(rule: rule)), expected.asynchronous, 1e-10)
    compare(recall(Hopfield(rule: rule, updates: .synchronous)), expected.synchronous, 1e-10)
    compare(
      recall(Hopfield(rule: rule, dynamics: .continuous, steps: 60)), expected.continuous, 1e-10)
  }

  @Test func energyNeverRises() throws {
    let reference = try AssociativeReference.read()
    let data = patterns(reference.patterns)
    for settings in [Hopfield(), Hopfield(rule: .pseudoInverse, dynamics: .continuous)] {
      let fitted = try settings.fit(data, seed: 1)
      for recall in try fitted.recall(Tensor(reference.starts)) {
        #expect(zip(recall.energies, recall.energies.dropFirst()).allSatisfy { $1 <= $0 + 1e-12 })
        #expect(recall.isAtRest)
      }
    }
  }

  @Test func thereIsAKneeNearTheLimit() throws {
    let expected = try AssociativeReference.read().capacity
    let curve = Hopfield()
      .capacityCurve(units: 200, loads: expected.map(\.load), trials: 2, seed: 4)
    for (point, expected) in zip(curve, expected) {
      #expect(abs(point.overlap - expected.mean) < 4 * expected.deviation)
    }
    #expect(curve[0].overlap > 0.98)
    #expect(curve[0].recalled > 0.95)
    #expect(curve[2].recalled < 0.65)
    #expect(curve[2].overlap < 0.92)
    // The pseudo-inverse keeps what Hebb's rule loses.
    let other = Hopfield(rule: .pseudoInverse)
      .capacityCurve(units: 100, loads: [0.18], trials: 1, seed: 4)
    #expect(other[0].overlap == 1)
  }

  @Test func digitsAreRecalledFromNoise() throws {
    let digits = try Dataset.builtIn("digits")
    // The first of each class, of which many resemble one another.
    let rows = digits.rows(Array(0..<10))
    let fitted = try Hopfield(rule: .pseudoInverse, threshold: 7).fit(rows, seed: 1)
    let figures = Dictionary(
      uniqueKeysWithValues: try fitted.figures(on: rows).map { ($0.name, $0.value) })
    #expect(figures["patterns at rest"] == 1)
    #expect(figures["rows recalled as a pattern"] == 1)
    #expect(figures["patterns recalled with 10 % noise"] ?? 0 >= 0.8)
    #expect(try fitted.pictures(with: rows).count == 4)
    let hebb = try Hopfield(threshold: 7).fit(rows, seed: 1)
    #expect(hebb.warnings.contains { $0.hasSuffix("are not at rest: recall leaves them") })
    #expect(hebb.warnings.contains { $0.contains("rule=pseudoInverse stores more") })
  }

  @Test func codingsAreKeptAndOthersRefused() throws {
    let fitted = try Hopfield().fit(patterns([[0, 1, 0, 1, 1, 0]]), seed: 1)
    let asked = Tensor([[0, 1, 0, 1, 1, 1.0]])
    #expect(try fitted.predict(asked) == .patterns(Tensor([[0, 1, 0, 1, 1, 0.0]])))
    #expect(throws: TrainingError.self) { try fitted.predict(Tensor([[0, -1, 0, 1, 1, 1.0]])) }
    let error = #expect(throws: TrainingError.self) {
      try Hopfield().fit(patterns([[0, 0.5]]), seed: 1)
    }
    #expect(
      error?.description == "patterns, row 1, column 2: found 0.5, hopfield expects 0 and 1, or -1 "
        + "and 1: threshold=… makes them of any numbers")
    #expect(Hopfield(step: 2).problem == "step is 2.0, expected more than 0 and at most 1")
    #expect(Hopfield(firstOutput: 1).problem != nil)
    #expect(throws: TrainingError.self) {
      try Hopfield().fit(patterns([[Double](repeating: 1, count: 8193)]), seed: 1)
    }
    let all = try Hopfield(rule: .pseudoInverse).fit(patterns([[1, 0], [1, 1]]), seed: 1)
    #expect(all.warnings.contains { $0.hasPrefix("the patterns span all 2 units") })
  }
}
