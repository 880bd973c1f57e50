import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

/// ARTMAP and Fuzzy ARTMAP.
@Suite struct ARTMAPTests {
  @Test(arguments: ["fast", "slow", "minus"])
  func fuzzyARTMAPFindsThePeersCategories(name: String) throws {
    let expected = try ResonanceReference.read()["fuzzy-artmap \(name)"]
    let data = try ResonanceReference.mixedIris()
    let network = FuzzyARTMAP(
      vigilance: try #require(expected.rho), learningRate: try #require(expected.beta),
      tracking: try #require(expected.epsilon), epochs: 3)
    let fitted = try network.fit(data, seed: 1)
    #expect(difference(fitted.templates, try #require(expected.templates)) < 1e-12)
    // Classes come in the order of their numbers, so that categories of targets are classes.
    #expect(fitted.links == expected.links)
    #expect(try lastCategories(network.trace(data, seed: 1), rows: 150) == expected.labels)
  }

  @Test func valuesAreThePeers() throws {
    let expected = try ResonanceReference.read()["fuzzy-artmap values"]
    let iris = try ResonanceReference.mixedIris()
    let numbers = iris.features.doubles
    var seen: Set<[Double]> = []
    let rows = (0..<150).map { Array(numbers[4 * $0..<4 * $0 + 4]) }
      .filter { seen.insert(Array($0.prefix(3))).inserted }
    let data = Dataset(
      name: "iris", features: Tensor(rows.map { Array($0.prefix(3)) }),
      targets: .values(Tensor(rows.map { [$0[3]] }), names: ["petal width"]))
    let fitted = try FuzzyARTMAP(targetVigilance: 0.9, epochs: 1).fit(data, seed: 1)
    #expect(difference(fitted.templates, try #require(expected.templates)) < 1e-12)
    #expect(difference(fitted.targetTemplates, try #require(expected.targets)) < 1e-12)
    #expect(fitted.links == expected.links)
    guard case .values(let found) = try fitted.predict(data.features) else {
      Issue.record("no values")
      return
    }
    let scaled = found.doubles.map { ($0 - 0.1) / 2.4 }
    for (value, other) in zip(scaled, try #require(expected.predicted)) {
      #expect(abs(value - other) < 1e-12)
    }
    #expect(try fitted.figures(on: data).first { $0.name == "R²" }?.value ?? 0 > 0.9)
  }

  @Test func artmapFindsThePeersCategories() throws {
    let reference = try ResonanceReference.read()
    let expected = try reference["artmap"]
    let network = ARTMAP(choice: 1.01, epochs: 4)
    let fitted = try network.fit(reference.rows, seed: 1)
    #expect(difference(fitted.templates, try #require(expected.templates)) == 0)
    #expect(
      try lastCategories(network.trace(reference.rows, seed: 1), rows: 80) == expected.labels)
    guard case .classes(let classes, _) = try fitted.predict(reference.rows.features) else {
      return
    }
    let links = try #require(expected.links)
    let labels = try #require(expected.labels)
    #expect(classes == labels.map { links[$0] })
  }

  @Test func matchTrackingRaisesVigilanceAndStopsAtContradictions() throws {
    let data = Dataset(
      name: "rows", features: Tensor([[0.2, 0.2], [0.3, 0.2], [0.3, 0.2]]),
      targets: .classes(Tensor([0, 1, 0] as [Int32]), names: ["a", "b"]))
    let network = FuzzyARTMAP(epochs: 1, scaling: .none)
    let trace = try network.trace(data, seed: 1)
    #expect(trace.steps[1].events.map(\.outcome) == [.mismatch, .newCategory])
    #expect(trace.steps[1].events[0].vigilance == 0)
    #expect(abs(trace.steps[1].events[0].match - 0.95) < 1e-15)
    #expect(abs(trace.steps[1].events[1].vigilance - 0.950001) < 1e-12)
    // The third row is the second with another class.
    #expect(trace.steps[2].events.map(\.outcome) == [.mismatch, .exhausted])
    let fitted = try network.fit(data, seed: 1)
    #expect(fitted.warnings.contains { $0.hasPrefix("1 row could not be learned") })
  }

  @Test func rowsUnlikeAllOthersAreUnknown() throws {
    let data = Dataset(
      name: "rows", features: Tensor([[0.1, 0.1], [0.2, 0.2], [0.9, 0.9]]),
      targets: .classes(Tensor([0, 0, 1] as [Int32]), names: ["a", "b"]))
    let fitted = try FuzzyARTMAP(vigilance: 0.8, scaling: .none).fit(data, seed: 1)
    let asked = Tensor([[0.15, 0.15], [0.5, 0.5], [0.95, 0.9], [7, 7]])
    #expect(try fitted.predict(asked) == .classes([0, -1, 1, 1], names: ["a", "b"]))
  }

  @Test func binaryTargetsAreLearned() throws {
    let sample = ARTMAP.samples[1]
    let fitted = try ARTMAP().fit(sample.data, seed: 3)
    #expect(try fitted.predict(sample.data.features) == .values(sample.data.targets.tensor))
    // Without complements a row within another's template matches it wholly.
    let plain = try ARTMAP(complementCodes: false).fit(sample.data, seed: 3)
    #expect(plain.warnings.contains { $0.hasSuffix("complementCodes=yes tells them apart") })
    var other = sample.data
    other.targets = .values(Tensor([[0.5], [1], [0], [0], [0], [0]]), names: [])
    #expect(throws: TrainingError.self) { try ARTMAP().fit(other, seed: 1) }
    #expect(ARTMAP(tracking: 0).problem != nil)
    // Two binary features have no plane between them.
    let corners = Dataset(
      name: "corners", features: Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]),
      targets: .classes(Tensor([0, 1, 1, 0] as [Int32]), names: ["even", "odd"]))
    let parity = try ARTMAP().fit(corners, seed: 1)
    #expect(
      try parity.predict(corners.features) == .classes([0, 1, 1, 0], names: ["even", "odd"]))
    #expect(try parity.pictures(with: corners).allSatisfy { $0.title != "Decision regions" })
  }

  @Test func overlappingMoonsAreLearnedWhole() throws {
    let data = try Dataset.builtIn("moons", rows: 120, noise: 0.1, seed: 3)
    guard case .classes = data.targets else {
      Issue.record("no classes")
      return
    }
    let fitted = try FuzzyARTMAP().fit(data, seed: 1)
    let figures = try fitted.figures(on: data)
    #expect(figures.first { $0.name == "accuracy" }?.value == 1)
    #expect(try fitted.pictures(with: data).map(\.title).contains("Decision regions"))
  }

  @Test func linksOfAFileAreChecked() throws {
    let sample = FuzzyARTMAP.samples[0]
    let fitted = try sample.network.fit(sample.data, seed: 3)
    var tensors = Dictionary(uniqueKeysWithValues: fitted.tensors.map { ($0.name, $0.tensor) })
    var links = fitted.links.map { Double($0) }
    links[0] = 40
    tensors["links"] = Tensor(links, shape: [links.count, 1])
    #expect(throws: TrainingError.self) {
      try FittedResonanceMap(settings: fitted.settings, facts: fitted.facts, tensors: tensors)
    }
    tensors["links"] = nil
    tensors["templates"] = Tensor([2, 0, 0, 0], shape: [1, 4])
    #expect(throws: TrainingError.self) {
      try FittedResonanceMap(settings: fitted.settings, facts: fitted.facts, tensors: tensors)
    }
    var facts = fitted.facts
    facts.outputs = 2
    #expect(throws: TrainingError.self) {
      try FittedResonanceMap<FuzzyARTMAP>(
        settings: fitted.settings, facts: facts,
        tensors: Dictionary(uniqueKeysWithValues: fitted.tensors.map { ($0.name, $0.tensor) }))
    }
  }
}
