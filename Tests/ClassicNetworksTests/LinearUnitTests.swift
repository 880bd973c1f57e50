import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

@Suite struct McCullochPittsNeuronTests {
  private let inputs: [[Double]] = (0..<8).map {
    [$0 >> 2 & 1, $0 >> 1 & 1, $0 & 1].map(Double.init)
  }

  @Test func theDefaultIsDecidedByItsFirstInput() throws {
    let data = classified(inputs, [0, 0, 0, 0, 1, 1, 1, 1])
    let fitted = try McCullochPittsNeuron().fit(data, seed: 0)
    #expect(try fitted.figures(on: data).first?.value == 1)
    #expect(
      try fitted.remarks(on: data) == [
        "0 0 0: 0 < 5, 0", "0 0 1: 2 < 5, 0", "0 1 0: 2 < 5, 0", "0 1 1: 4 < 5, 0",
        "1 0 0: 6 ≥ 5, 1", "1 0 1: 8 ≥ 5, 1", "1 1 0: 8 ≥ 5, 1", "1 1 1: 10 ≥ 5, 1",
      ])
  }

  @Test func withALowerThresholdTheOthersDecideTogether() throws {
    let data = classified(inputs, [0, 0, 0, 1, 1, 1, 1, 1])
    let fitted = try McCullochPittsNeuron(settings: [("threshold", "3")]).fit(data, seed: 0)
    #expect(
      try fitted.predict(data.features) == .classes([0, 0, 0, 1, 1, 1, 1, 1], names: ["0", "1"]))
  }

  @Test func inhibitionCanBeAbsolute() throws {
    let data = classified(inputs, [0, 0, 0, 0, 1, 0, 1, 0])
    let network = McCullochPittsNeuron(weights: [1, 1, -1], threshold: 1, absoluteInhibition: true)
    let fitted = try network.fit(data, seed: 0)
    // 0 1 0 fires too; 1 1 1 reaches the threshold, and does not.
    #expect(
      try fitted.predict(data.features) == .classes([0, 0, 1, 0, 1, 0, 1, 0], names: ["0", "1"]))
    #expect(try fitted.remarks(on: data).last == "1 1 1: 1 ≥ 1, but inhibited, 0")
  }

  @Test func otherNumbersThanYesAndNoAreRefused() throws {
    let data = classified([[0, 1, 0.5], [1, 1, 1]], [0, 1])
    #expect(
      throws: TrainingError.data("rows, row 1: found 0.5, mcculloch-pitts-neuron expects 0 or 1")
    ) {
      try McCullochPittsNeuron().fit(data, seed: 0)
    }
    #expect(throws: TrainingError.self) {
      try McCullochPittsNeuron().fit(classified([[0, 1]], [1]), seed: 0)
    }
    let fitted = try McCullochPittsNeuron().fit(
      classified(inputs, [0, 0, 0, 0, 1, 1, 1, 1]), seed: 0)
    #expect(throws: TrainingError.self) { try fitted.predict(Tensor([[0, 2, 1]])) }
  }
}

@Suite struct AdalineTests {
  private struct Reference: Decodable {
    struct Run: Decodable {
      var epochs: Int
      var rate: Double
      var rule: Adaline.Rule
      var weights: [[Double]]
      var errors: [Double]
    }
    var adaline: [String: [Run]]
  }

  /// The three rules beside NumPy, from zero weights, rows in their order.
  @Test(arguments: ["iris", "versicolor and virginica", "petal width from the rest"])
  func theWeightsAreThoseOfNumPy(name: String) throws {
    let iris = try Dataset.builtIn("iris")
    var data = name == "iris" ? iris : iris.part(50..<150, fromClass: 1, to: 2)
    if name.hasPrefix("petal") {
      let numbers = Matrix(rows: 150, columns: 4, iris.features.doubles)
      data = Dataset(
        name: name,
        features: Tensor((0..<150).flatMap { numbers[row: $0].prefix(3) }, shape: [150, 3]),
        targets: .values(Tensor((0..<150).map { numbers[$0, 3] }), names: ["petal width"]))
    }
    let runs = try #require(referenceNumbers("linear-units", as: Reference.self).adaline[name])
    for run in runs {
      let fitted = try Adaline(
        epochs: run.epochs, learningRate: run.rate, rule: run.rule, shuffles: false
      ).fit(data, seed: 0)
      #expect(largestDifference(fitted.weights.doubles, run.weights.flatMap { $0 }) < 1e-12)
      let errors = fitted.facts.curves["mean squared error"] ?? []
      #expect(largestDifference(errors, run.errors) < 1e-12)
    }
  }

  /// A row's error shrinks to the part 1 − η of itself by the normalized rule.
  @Test func theNormalizedRuleTakesAPartOfTheErrorAway() throws {
    let data = Dataset(
      name: "one", features: Tensor([[3.0, -4]]), targets: .values(Tensor([10.0]), names: ["y"]))
    let fitted = try Adaline(epochs: 1, learningRate: 0.25, rule: .normalized, scaling: .none)
      .fit(data, seed: 0)
    guard case .values(let found) = try fitted.predict(data.features) else { throw NoValues() }
    #expect(abs(found.doubles[0] - 2.5) < 1e-12)
  }

  @Test func aRateThatIsTooHighIsToldOf() throws {
    let iris = try Dataset.builtIn("iris")
    #expect(throws: TrainingError.self) {
      try Adaline(epochs: 2000, learningRate: 500, rule: .batch).fit(iris, seed: 0)
    }
    #expect(throws: TrainingError.self) {
      try Adaline(learningRate: 2, rule: .normalized).fit(iris, seed: 0)
    }
    #expect(throws: TrainingError.self) {
      var bare = iris
      bare.targets = .values(Tensor([], shape: [150, 0]), names: [])
      _ = try Adaline().fit(bare, seed: 0)
    }
  }

  @Test func itStopsWhereNothingChanges() throws {
    let iris = try Dataset.builtIn("iris")
    let fitted = try Adaline(epochs: 500, learningRate: 0.3, rule: .batch, tolerance: 1e-4)
      .fit(iris, seed: 0)
    #expect(fitted.facts.curves["mean squared error", default: []].count < 100)
  }

  private struct NoValues: Error {}
}

@Suite struct MadalineTests {
  /// The exclusive or from 50 seeds. What Rule II cannot leave are weights of which no unit's reversal
  /// helps; more hidden units make that rarer.
  @Test func theExclusiveOrIsSolvedFromMostSeeds() throws {
    let xor = try Dataset.builtIn("xor")
    func solved(_ hidden: Int) throws -> Int {
      try (0..<50).reduce(0) { count, seed in
        let fitted = try Madaline(hidden: [hidden], epochs: 200).fit(xor, seed: UInt64(seed))
        return count + (try fitted.figures(on: xor)[0].value == 1 ? 1 : 0)
      }
    }
    #expect(try solved(2) >= 35)
    #expect(try solved(4) >= 45)
  }

  @Test func overlappingClassesAreLearnedWell() throws {
    let iris = try Dataset.builtIn("iris")
    for hidden in [[4], [6, 4]] {
      let fitted = try Madaline(hidden: hidden, epochs: 20).fit(iris, seed: 1)
      #expect(try fitted.figures(on: iris)[0].value >= 0.95)
      #expect(fitted.warnings.count == 1)
    }
  }

  @Test func groupsComeInTheOrderOfTheirEffort() {
    #expect(ThresholdLayers.groups([3, 1, 2], 1) == [[1], [2], [0]])
    #expect(ThresholdLayers.groups([3, 1, 2], 2) == [[1, 2], [1, 0], [2, 0]])
    #expect(ThresholdLayers.groups([3, 1, 2], 3) == [[1, 2, 0]])
    #expect(ThresholdLayers.groups([Double](repeating: 1, count: 30), 2).count == 45)
  }
}
