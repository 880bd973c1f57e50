import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

@Suite struct ProbabilisticNetworkTests {
  private struct Reference: Decodable {
    struct Run: Decodable {
      var errors: [Double]
      var smoothing: Double
      var rows: [Int]
      var posteriors: [[Double]]
    }
    var probabilistic: [String: Run]
  }

  @Test(arguments: ProbabilisticNetwork.Priors.allCases)
  func smoothingAndProbabilitiesAreThoseOfNumPy(priors: ProbabilisticNetwork.Priors) throws {
    // Rows of unequal numbers would tell the priors apart better; iris tells them apart only where a
    // row is left out.
    let expected = try #require(
      referenceNumbers("radial-basis", as: Reference.self).probabilistic[priors.rawValue])
    let iris = try Dataset.builtIn("iris")
    let fitted = try ProbabilisticNetwork(priors: priors).fit(iris, seed: 0)
    #expect(abs(fitted.smoothing - expected.smoothing) < 1e-12)
    let errors = fitted.facts.curves["leave-one-out error"] ?? []
    #expect(largestDifference(errors, expected.errors) < 1e-12)
    let found = try fitted.probabilities(iris.features.rows(expected.rows))
    #expect(largestDifference(found.doubles, expected.posteriors.flatMap { $0 }) < 1e-12)
  }

  @Test func priorsCountWhereClassesDifferInSize() throws {
    // Halfway between one row of a class and two of the other.
    let data = classified([[-1], [1], [1]], [0, 1, 1])
    func probability(_ priors: ProbabilisticNetwork.Priors) throws -> [Double] {
      try ProbabilisticNetwork(smoothing: 0.7, priors: priors, scaling: .none)
        .fit(data, seed: 0).probabilities(Tensor([[0.0]])).doubles
    }
    #expect(largestDifference(try probability(.frequencies), [1 / 3.0, 2 / 3.0]) < 1e-12)
    #expect(largestDifference(try probability(.equal), [0.5, 0.5]) < 1e-12)
  }

  /// Far from all rows every window is below the smallest number; the nearest class answers still.
  @Test func aRowFarAwayHasAClass() throws {
    let data = classified([[0, 0], [1, 1]], [0, 1])
    let fitted = try ProbabilisticNetwork(smoothing: 0.01, scaling: .none).fit(data, seed: 0)
    #expect(try fitted.predict(Tensor([[1e4, 1e4]])) == .classes([1], names: ["0", "1"]))
    #expect(try fitted.probabilities(Tensor([[-1e4, 0]])).doubles == [1, 0])
  }

  @Test func theSpiralsAreLearned() throws {
    let spirals = try Dataset.builtIn("two-spirals")
    let fitted = try ProbabilisticNetwork().fit(spirals, seed: 0)
    #expect(try fitted.figures(on: spirals)[0].value == 1)
  }

  @Test func aClassOfOneRowIsToldOf() throws {
    let data = classified([[0], [1], [2]], [0, 0, 1])
    #expect(
      try ProbabilisticNetwork().fit(data, seed: 0).warnings == [
        "class 1 has one row: it is taken for another class whatever the smoothing is"
      ])
    #expect(throws: TrainingError.self) { try ProbabilisticNetwork(grid: 1).fit(data, seed: 0) }
  }
}

@Suite struct GeneralRegressionNetworkTests {
  private struct Reference: Decodable {
    struct Run: Decodable {
      var errors: [Double]
      var smoothing: Double
      var asked: [Double]
      var found: [Double]
    }
    var line: [Double]
    var curve: [Double]
    var regression: Run
  }

  @Test func smoothingAndNumbersAreThoseOfNumPy() throws {
    let expected = try referenceNumbers("radial-basis", as: Reference.self)
    let data = Dataset(
      name: "line", features: Tensor(expected.line, shape: [60, 1]),
      targets: .values(Tensor(expected.curve), names: ["y"]))
    let fitted = try GeneralRegressionNetwork().fit(data, seed: 0)
    #expect(abs(fitted.smoothing - expected.regression.smoothing) < 1e-12)
    let errors = fitted.facts.curves["leave-one-out error"] ?? []
    #expect(largestDifference(errors, expected.regression.errors) < 1e-12)
    let asked = Tensor(expected.regression.asked, shape: [expected.regression.asked.count, 1])
    #expect(
      try fitted.predict(asked)
        == .values(try #require(values(fitted.predict(asked), near: expected.regression.found))))
  }

  /// The answer's numbers where they are near the expected ones.
  private func values(_ answer: ClassicAnswer, near expected: [Double]) -> Tensor? {
    guard case .values(let found) = answer else { return nil }
    return largestDifference(found.doubles, expected) < 1e-12 ? found : nil
  }

  @Test func aWideWindowGivesTheMeanAndANarrowOneTheNearestRow() throws {
    let data = Dataset(
      name: "three", features: Tensor([0.0, 1, 5], shape: [3, 1]),
      targets: .values(Tensor([1.0, 2, 6]), names: ["y"]))
    func answer(_ smoothing: Double) throws -> Tensor? {
      let fitted = try GeneralRegressionNetwork(smoothing: smoothing, scaling: .none)
        .fit(data, seed: 0)
      return values(
        try fitted.predict(Tensor([[0.9]])), near: [smoothing > 1 ? 3 : 2])
    }
    #expect(try answer(1e9) != nil)
    #expect(try answer(1e-3) != nil)
  }

  @Test func classesAreSentToTheOtherNetwork() throws {
    #expect(
      throws: TrainingError.data(
        "iris: found classes, general-regression-network expects numbers; probabilistic-network "
          + "learns classes")
    ) {
      try GeneralRegressionNetwork().fit(Dataset.builtIn("iris"), seed: 0)
    }
  }
}
