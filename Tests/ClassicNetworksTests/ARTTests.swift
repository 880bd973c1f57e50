import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

/// ART 1 and Fuzzy ART.
@Suite struct ARTTests {
  private func rows(_ rows: [[Double]]) -> Dataset {
    Dataset(
      name: "rows", features: Tensor(rows),
      targets: .values(Tensor.zeros([rows.count, 0], type: .float64), names: []))
  }

  @Test(arguments: ["plain", "coded"]) func art1FindsThePeersCategories(name: String) throws {
    let reference = try ResonanceReference.read()
    let expected = try reference["art1 \(name)"]
    let network = ART1(
      vigilance: try #require(expected.rho), choice: try #require(expected.choice),
      complementCodes: name == "coded", epochs: 3)
    let fitted = try network.fit(reference.rows, seed: 1)
    #expect(difference(fitted.templates, try #require(expected.templates)) == 0)
    #expect(difference(fitted.bottomUpWeights, try #require(expected.up)) < 1e-12)
    #expect(try lastCategories(network.trace(reference.rows, seed: 1), rows: 80) == expected.labels)
  }

  @Test(arguments: ["fast", "slow"]) func fuzzyARTFindsThePeersCategories(name: String) throws {
    let expected = try ResonanceReference.read()["fuzzy-art \(name)"]
    let iris = try Dataset.builtIn("iris")
    let network = FuzzyART(
      vigilance: try #require(expected.rho), choice: try #require(expected.alpha),
      learningRate: try #require(expected.beta), epochs: 4)
    let fitted = try network.fit(iris, seed: 1)
    #expect(difference(fitted.templates, try #require(expected.templates)) < 1e-12)
    #expect(try lastCategories(network.trace(iris, seed: 1), rows: 150) == expected.labels)
  }

  @Test func theSearchIsToldStepByStep() throws {
    let data = rows([
      [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0],
    ])
    let network = ART1(vigilance: 0.6, choice: 2)
    let trace = try network.trace(data, seed: 1)
    #expect(trace.steps[0].events.map(\.outcome) == [.newCategory])
    // The second row lies within the first's template, which shrinks to it.
    #expect(trace.steps[1].events.map(\.outcome) == [.resonance])
    #expect(trace.steps[1].events[0].match == 1)
    #expect(abs(trace.steps[1].events[0].choice - 2.0 * 2 / (1 + 3)) < 1e-15)
    // Two of six ones are not enough for the third.
    #expect(trace.steps[2].events.map(\.outcome) == [.reset, .newCategory])
    #expect(abs(trace.steps[2].events[0].match - 2.0 / 6) < 1e-15)
    #expect(trace.steps[3].events.isEmpty)
    let fitted = try network.fit(data, seed: 1)
    #expect(fitted.templates.doubles == [1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    #expect(fitted.warnings.contains { $0.hasPrefix("1 row is all zeros") })
    #expect(
      try fitted.remarks(on: data).contains(
        "epoch 1, row 3: category 0 (choice 1.333): match 0.3333 < 0.6, reset; category 1 is new"))
    #expect(try fitted.predict(data.features) == .units([0, 0, 1, -1]))
  }

  @Test func whatDoesNotSuitIsSaid() throws {
    let data = rows([[0, 2], [1, 0]])
    let words = "rows, row 1, column 2: found 2, "
    let binary = #expect(throws: TrainingError.self) { try ART1().fit(data, seed: 1) }
    #expect(
      binary?.description
        == words
        + "art1 expects 0 or 1: scaling=min-max makes them of two values, threshold=… of any")
    let fuzzy = #expect(throws: TrainingError.self) {
      try FuzzyART(scaling: .none).fit(data, seed: 1)
    }
    #expect(
      fuzzy?.description
        == words + "fuzzy-art expects 0 to 1: scaling=min-max brings all columns there")
    #expect(throws: TrainingError.self) { try ART1().fit(rows([[0, 0], [0, 0]]), seed: 1) }
    #expect(ART1(choice: 1).problem == "choice is 1.0, expected more than 1")
    #expect(FuzzyART(vigilance: 1.1).problem == "vigilance is 1.1, expected 0 to 1")
    #expect(FuzzyART(learningRate: 0).problem != nil)
    let full = try FuzzyART(vigilance: 1, categories: 2).fit(rows([[0], [1], [0.5]]), seed: 1)
    #expect(full.warnings.contains("1 row found no category: all 2 are taken"))
    let own = try FuzzyART(vigilance: 1).fit(rows([[0], [1], [0.5]]), seed: 1)
    #expect(own.warnings.contains { $0.hasPrefix("every row has a category of its own") })
  }

  @Test func aBoxHoldsItsRowsAndIsNoLargerThanVigilanceAllows() throws {
    let iris = try Dataset.builtIn("iris")
    let network = FuzzyART(vigilance: 0.8)
    let fitted = try network.fit(iris, seed: 1)
    guard case .units(let found) = try fitted.predict(iris.features) else { return }
    #expect(found.allSatisfy { $0 >= 0 })
    let templates = fitted.templates
    for category in 0..<templates.shape[0] {
      let template = Array(templates.doubles[category * 8..<(category + 1) * 8])
      let sides = (0..<4).reduce(0) { $0 + 1 - template[$1 + 4] - template[$1] }
      #expect(sides <= 4 * (1 - 0.8) + 1e-12)
    }
    // After the last pass nothing changes: every row lies in its box.
    let rows = try fitted.facts.common.scaled(iris.features, for: "fuzzy-art")
    for row in 0..<150 {
      for column in 0..<4 {
        let value = rows[row, column]
        #expect(value >= templates.element(found[row] * 8 + column) - 1e-12)
        #expect(value <= 1 - templates.element(found[row] * 8 + 4 + column) + 1e-12)
      }
    }
  }

  @Test func slowCommitStartsFromOnes() throws {
    let network = FuzzyART(
      learningRate: 0.5, fastCommit: false, complementCodes: false, epochs: 1, scaling: .none)
    #expect(try network.fit(rows([[0.5, 0.25]]), seed: 1).templates.doubles == [0.75, 0.625])
  }
}
