import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

@Suite struct ART2Tests {
  @Test(arguments: ["fast", "slow"]) func thePapersEquationsGiveTheSame(name: String) throws {
    let expected = try ResonanceReference.read()["art2 \(name)"]
    let settings = try #require(expected.settings)
    func setting(_ name: String) throws -> Double { try #require(settings[name]) }
    let all = try ResonanceReference.mixedIris()
    // Scaled with all flowers, as the reference was.
    let scaling = try Scaling.learn(.minMax, from: all.features)
    var data = all.rows(Array(0..<60))
    data.features = try scaling.apply(to: data.features)
    let network = ART2(
      vigilance: try setting("rho"), inputFeedback: try setting("a"),
      upperFeedback: try setting("b"), resetFeedback: try setting("c"), signal: try setting("d"),
      smallest: try setting("e"), threshold: try setting("theta"), start: try setting("initial"),
      learning: name == "fast" ? .fast : .slow, steps: Int(try setting("steps")),
      epochs: Int(try setting("epochs")), scaling: .none)
    let fitted = try network.fit(data, seed: 1)
    let trace = try network.trace(data, seed: 1)
    #expect(lastCategories(trace, rows: 60) == expected.labels)
    #expect(difference(fitted.topDownWeights, try #require(expected.down)) < 1e-9)
    #expect(difference(fitted.bottomUpWeights, try #require(expected.up)) < 1e-9)
    let matches = trace.steps.suffix(60).compactMap { $0.events.last?.match }
    for (match, other) in zip(matches, try #require(expected.matches)) {
      #expect(abs(match - other) < 1e-9)
    }
  }

  @Test func aCategoryRestsAtItsRow() throws {
    let data = Dataset(
      name: "one", features: Tensor([[3, 4.0]]),
      targets: .values(Tensor.zeros([1, 0], type: .float64), names: []))
    let fitted = try ART2(scaling: .none).fit(data, seed: 1)
    // u is the row's direction, z = u / (1 − d).
    for (value, expected) in zip(fitted.topDownWeights.doubles, [6.0, 8]) {
      #expect(abs(value - expected) < 1e-6)
    }
    // Length has no say.
    #expect(try fitted.predict(Tensor([[0.3, 0.4], [30, 40], [0, 0]])) == .units([0, 0, -1]))
  }

  @Test func moreVigilanceTellsMoreApart() throws {
    let iris = try ResonanceReference.mixedIris().rows(Array(0..<30))
    let counts = try [0.75, 0.98, 0.995].map {
      try ART2(vigilance: $0, epochs: 1).fit(iris, seed: 1).topDownWeights.shape[0]
    }
    #expect(counts[0] < counts[1] && counts[1] < counts[2])
  }

  @Test func whatDoesNotSuitIsSaid() throws {
    let iris = try Dataset.builtIn("iris")
    let error = #expect(throws: TrainingError.self) {
      try ART2(scaling: .standard).fit(iris, seed: 1)
    }
    #expect(error?.description.contains("expects 0 or more: scaling=min-max") == true)
    #expect(ART2(resetFeedback: 1).problem?.hasPrefix("resetFeedback · signal") == true)
    #expect(ART2(signal: 1).problem != nil)
    #expect(ART2(start: 0).problem != nil)
    // Four equal numbers are 0.5 each once they are normalized.
    let flat = Dataset(
      name: "flat", features: Tensor([[1, 1, 1, 1], [1, 0, 0, 0.0]]),
      targets: .values(Tensor.zeros([2, 0], type: .float64), names: []))
    let fitted = try ART2(threshold: 0.6, scaling: .none).fit(flat, seed: 1)
    #expect(fitted.warnings.contains { $0.hasPrefix("1 row found no category: nothing of them") })
  }
}
