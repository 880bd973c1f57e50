import Charts
import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// What MiniSom makes of the same rows from the same weights; References/self-organizing-map.py.
private struct MapReference: Decodable {
  struct Case: Decodable {
    let lattice: SelfOrganizingMap.Lattice
    let neighborhood: SelfOrganizingMap.Neighborhood
    let decay: SelfOrganizingMap.Decay
    let training: SelfOrganizingMap.Training
    let radius, rate: Double
    let epochs, rows, columns: Int
    let weights, uMatrix: [Double]
    let units, hits: [Int]
    let quantizationError, topographicError: Double
  }
  struct Quality: Decodable {
    let online, batch: [[Double]]
  }
  let data, start, wide, corner: [Double]
  let cases: [Case]
  let quality: [String: Quality]

  static func read() throws -> MapReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/self-organizing-map.json")
    return try JSONDecoder().decode(MapReference.self, from: Data(contentsOf: file))
  }
}

private func table(_ values: [Double], columns: Int) -> Dataset {
  let rows = values.count / columns
  return Dataset(
    name: "rows", features: Tensor(values, shape: [rows, columns]),
    targets: .values(Tensor.zeros([rows, 0], type: .float64), names: []))
}

@Suite struct SelfOrganizingMapTests {
  @Test func theWeightsAreThoseOfMiniSom() throws {
    let reference = try MapReference.read()
    let data = table(reference.data, columns: 3)
    #expect(reference.cases.count == 8)
    for one in reference.cases {
      let map = SelfOrganizingMap(
        rows: one.rows, columns: one.columns, lattice: one.lattice, training: one.training,
        neighborhood: one.neighborhood, epochs: one.epochs, radius: one.radius,
        radiusDecay: one.decay, learningRate: one.rate, rateDecay: one.decay, shuffles: false)
      let start = Tensor(reference.start, shape: [one.rows * one.columns, 3])
      let fitted = try map.fit(data, seed: 1, from: start)
      let name = "\(one.lattice), \(one.neighborhood), \(one.decay), \(one.training)"
      #expect(largestDifference(fitted.weights.doubles, one.weights) < 1e-10, "\(name)")
      #expect(try fitted.predict(data.features) == .units(one.units), "\(name)")
      #expect(fitted.hits == one.hits, "\(name)")
      let error = try fitted.quantizationError(data.features)
      #expect(abs(error - one.quantizationError) < 1e-12, "\(name)")
      let folds = try #require(try fitted.topographicError(data.features))
      #expect(abs(folds - one.topographicError) < 1e-12, "\(name)")
      // MiniSom divides by the largest.
      let distances = fitted.uMatrix.flatMap { $0 }
      let most = distances.max() ?? 1
      #expect(largestDifference(distances.map { $0 / most }, one.uMatrix) < 1e-12, "\(name)")
    }
  }

  @Test func wideRowsAreLearnedInBlocksToTheSameWeights() throws {
    let reference = try MapReference.read()
    let columns = 70
    var values: [Double] = []
    for i in 0..<90 {
      for j in 0..<columns {
        let (row, column) = (Double(i), Double(j))
        values.append(sin(1.7 * row + 0.3 * column) + cos(0.9 * row * column) + 5)
      }
    }
    let start = Tensor(Array(values[7 * columns..<19 * columns]), shape: [12, columns])
    let map = SelfOrganizingMap(
      rows: 4, columns: 3, training: .online, epochs: 3, radius: 1.5, radiusDecay: .asymptotic,
      learningRate: 0.5, rateDecay: .asymptotic, shuffles: false)
    let fitted = try map.fit(table(values, columns: columns), seed: 1, from: start)
    let found = fitted.weights.doubles
    let shown = stride(from: 0, to: found.count, by: 7).map { found[$0] }
    #expect(largestDifference(shown, reference.wide) < 1e-10)
  }

  @Test func irisIsMappedAsWellAsByMiniSom() throws {
    let reference = try #require(MapReference.read().quality["iris"])
    let iris = try Dataset.builtIn("iris")
    // In batches from the plane: no randomness at all.
    let batch = try SelfOrganizingMap(rows: 8, columns: 8).fit(iris, seed: 1)
    let (error, folds) = try errors(batch, iris)
    #expect(error < mean(reference.batch, 0) * 1.05)
    #expect(folds <= mean(reference.batch, 1) + 0.03)
    var found: [[Double]] = []
    for seed in 0..<3 as Range<UInt64> {
      let (error, folds) = try errors(online(8, epochs: 20).fit(iris, seed: seed), iris)
      found.append([error, folds])
    }
    #expect(abs(mean(found, 0) - mean(reference.online, 0)) < 0.03)
    #expect(abs(mean(found, 1) - mean(reference.online, 1)) < 0.04)
    let figures = try batch.figures(on: iris)
    let accuracy = try #require(figures.first { $0.name.hasPrefix("accuracy") })
    #expect(accuracy.value > 0.95)
  }

  @Test func digitsAreMappedAsWellAsByMiniSom() throws {
    let reference = try #require(MapReference.read().quality["digits"])
    let all = try Dataset.builtIn("digits")
    let digits = all.rows((0..<all.count).filter { $0 % 3 == 0 })
    let map = SelfOrganizingMap(rows: 10, columns: 10, epochs: 10)
    let batch = try errors(map.fit(digits, seed: 1), digits)
    #expect(batch.error < mean(reference.batch, 0) * 1.02)
    #expect(batch.folds < mean(reference.batch, 1) + 0.03)
    let single = try errors(online(10, epochs: 3).fit(digits, seed: 1), digits)
    #expect(abs(single.error / mean(reference.online, 0) - 1) < 0.02)
    #expect(abs(single.folds - mean(reference.online, 1)) < 0.05)
  }

  /// As MiniSom is run: from random rows, with its asymptotic decay to a third.
  private func online(_ side: Int, epochs: Int) -> SelfOrganizingMap {
    SelfOrganizingMap(
      rows: side, columns: side, training: .online, initial: .rows, epochs: epochs,
      radiusDecay: .asymptotic, rateDecay: .asymptotic)
  }

  private func errors(
    _ fitted: FittedSelfOrganizingMap, _ data: Dataset
  ) throws -> (error: Double, folds: Double) {
    (
      try fitted.quantizationError(data.features),
      try #require(try fitted.topographicError(data.features))
    )
  }

  private func mean(_ rows: [[Double]], _ place: Int) -> Double {
    rows.map { $0[place] }.reduce(0, +) / Double(rows.count)
  }

  @Test func aMapThatIsLargerThanTheDataIsWarnedAbout() throws {
    let few = table([0, 0, 1, 1, 2, 2, 5, 6], columns: 2)
    let map = SelfOrganizingMap(rows: 3, columns: 3, epochs: 2)
    #expect(
      try map.fit(few, seed: 1).warnings == [
        "the map is larger than the data, 9 units for 4 rows: some units only follow their neighbors"
      ])
    let constant = table([0, 7, 1, 7, 2, 7, 5, 7], columns: 2)
    let small = SelfOrganizingMap(rows: 2, columns: 2, epochs: 2)
    #expect(try small.fit(constant, seed: 1).warnings.map { $0.prefix(8) } == ["column 2"])
  }

  @Test func settingsOutOfTheirRangesAreRefused() throws {
    let data = table([0, 0, 1, 1], columns: 2)
    for map in [
      SelfOrganizingMap(rows: 0, columns: 3), SelfOrganizingMap(rows: 10_000, columns: 10_000),
      SelfOrganizingMap(rows: 2, columns: 2, epochs: 0),
      SelfOrganizingMap(rows: 2, columns: 2, radius: -1),
      SelfOrganizingMap(rows: 2, columns: 2, radius: .nan),
      SelfOrganizingMap(rows: 2, columns: 2, learningRate: 2),
      SelfOrganizingMap(rows: 2, columns: 2, neighborhood: .mexicanHat),
    ] {
      #expect(map.problem != nil)
      #expect(throws: TrainingError.self) { try map.fit(data, seed: 1) }
    }
    // Units in a ring about the best one run away, farther with each step.
    let hat = SelfOrganizingMap(
      rows: 5, columns: 5, training: .online, neighborhood: .mexicanHat, epochs: 1500, radius: 2,
      radiusDecay: .constant, learningRate: 1, rateDecay: .constant)
    #expect(throws: TrainingError.self) { try hat.fit(data, seed: 1) }
    let wrong = Tensor.zeros([3, 2], type: .float64)
    #expect(throws: TrainingError.self) {
      try SelfOrganizingMap(rows: 2, columns: 2).fit(data, seed: 1, from: wrong)
    }
  }

  @Test func wideRowsStartOnTheirPrincipalPlane() throws {
    // Rows in a plane of 60 dimensions: a map of two units by one has both on the longer axis.
    var random = RandomStream(seed: 3)
    let (a, b) = ((0..<60).map { _ in random.normal() }, (0..<60).map { _ in random.normal() })
    var values: [Double] = []
    for _ in 0..<80 {
      let (s, t) = (3 * random.normal(), random.normal())
      values += zip(a, b).map { s * $0 + t * $1 }
    }
    let data = table(values, columns: 60)
    let map = SelfOrganizingMap(
      rows: 1, columns: 12, epochs: 30, radius: 3, radiusDecay: .exponential)
    let fitted = try map.fit(data, seed: 1)
    #expect(try fitted.topographicError(data.features) ?? 1 < 0.1)
    let error = try fitted.quantizationError(data.features)
    let norm = b.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // What is left is mostly the shorter axis, whose mean is about 0.8 ‖b‖.
    #expect(error < norm)
  }

  @Test func theStartIsThePrincipalPlane() throws {
    let corner = try MapReference.read().corner
    let all = try Dataset.builtIn("digits")
    let digits = all.rows((0..<all.count).filter { $0 % 3 == 0 })
    // A rate at which nothing moves.
    let map = SelfOrganizingMap(
      rows: 2, columns: 3, training: .online, epochs: 1, learningRate: 1e-300)
    let found = try map.fit(digits, seed: 1).weights.doubles
    #expect(largestDifference(Array(found.prefix(64)), corner) < 1e-7)
    // Rows that are all alike have no plane: all units are that row.
    let same = table([1, 2, 1, 2, 1, 2], columns: 2)
    let flat = try SelfOrganizingMap(rows: 2, columns: 2, epochs: 1).fit(same, seed: 1)
    #expect(largestDifference(flat.weights.doubles, [1, 2, 1, 2, 1, 2, 1, 2]) < 1e-12)
    #expect(try flat.quantizationError(same.features) < 1e-12)
  }

  @Test func unitsWithoutRowsTakeTheClassOfTheNearestThatHasOne() throws {
    let features = Tensor([[0, 0], [0.1, 0], [10, 10], [10, 10.1]])
    let data = Dataset(
      name: "two", features: features,
      targets: .classes(Tensor([0, 0, 1, 1] as [Int32]), names: ["low", "high"]))
    let fitted = try SelfOrganizingMap(rows: 1, columns: 9, epochs: 10).fit(data, seed: 1)
    #expect(fitted.unitClasses.contains(-1))
    let other = Dataset(
      name: "other", features: Tensor([[3, 3], [7, 7.0]]),
      targets: .classes(Tensor([0, 1] as [Int32]), names: ["low", "high"]))
    #expect(try fitted.figures(on: other).last?.value == 1)
  }

  @Test func componentPlanesAreInTheDataOwnUnits() throws {
    let iris = try Dataset.builtIn("iris")
    let map = SelfOrganizingMap(rows: 4, columns: 6, lattice: .hexagonal, scaling: .standard)
    let fitted = try map.fit(iris, seed: 1)
    let plane = try #require(fitted.componentPlane(2))
    #expect(plane.count == 4 && plane.allSatisfy { $0.count == 6 })
    let values = plane.flatMap { $0 }
    // The length of petals, 1 to 6.9 cm.
    #expect(values.allSatisfy { (1...6.9).contains($0) })
    #expect(fitted.componentPlane(4) == nil)
  }
}
