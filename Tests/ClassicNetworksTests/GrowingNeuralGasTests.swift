import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// What References/growing-neural-gas.py makes of two rings.
private struct GasReference: Decodable {
  let data, weights: [Double]
  let edges: [[Int]]

  static func read() throws -> GasReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/growing-neural-gas.json")
    return try JSONDecoder().decode(GasReference.self, from: Data(contentsOf: file))
  }
}

@Suite struct GrowingNeuralGasTests {
  private func rings(_ count: Int, seed: UInt64) -> Dataset {
    var random = RandomStream(seed: seed)
    var values: [Double] = []
    for row in 0..<count {
      let angle = random.uniform(0, 2 * .pi)
      let radius = (row.isMultiple(of: 2) ? 1 : 3) + 0.1 * random.normal()
      values += [radius * cos(angle), radius * sin(angle)]
    }
    let labels = (0..<count).map { Int32($0 % 2) }
    return Dataset(
      name: "rings", features: Tensor(values, shape: [count, 2]),
      targets: .classes(Tensor(labels), names: ["inner", "outer"]))
  }

  @Test func theGraphIsThatOfASecondWritingDown() throws {
    let reference = try GasReference.read()
    let data = Dataset(
      name: "rings", features: Tensor(reference.data, shape: [200, 2]),
      targets: .values(Tensor.zeros([200, 0], type: .float64), names: []))
    let gas = GrowingNeuralGas(
      units: 25, epochs: 12, insertEvery: 60, maxAge: 30, shuffles: false)
    let start = Tensor(Array(reference.data.prefix(4)), shape: [2, 2])
    let fitted = try gas.fit(data, seed: 1, from: start)
    let found = fitted.weights.doubles
    #expect(found.count == reference.weights.count)
    #expect(zip(found, reference.weights).allSatisfy { abs($0 - $1) < 1e-10 })
    let edges = try #require(fitted.tensors.first { $0.name == "edges" }).tensor
    #expect(edges.integers == reference.edges.flatMap { $0 })
  }

  @Test func twoRingsAreTwoComponents() throws {
    let data = rings(400, seed: 1)
    let fitted = try GrowingNeuralGas(units: 30, epochs: 30, insertEvery: 150).fit(data, seed: 1)
    #expect(fitted.componentCount == 2)
    #expect(fitted.weights.shape[0] == 30)
    // Each component lies on one ring.
    let weights = fitted.weights
    for component in 0..<2 {
      let radii = fitted.components.indices.filter { fitted.components[$0] == component }.map {
        (weights[$0, 0] * weights[$0, 0] + weights[$0, 1] * weights[$0, 1]).squareRoot()
      }
      #expect(radii.count >= 5)
      #expect(radii.allSatisfy { $0 < 1.6 } || radii.allSatisfy { $0 > 2.4 })
    }
    #expect(try fitted.remarks(on: data).first?.hasPrefix("the graph is in 2 pieces") == true)
    let figures = try fitted.figures(on: data)
    #expect(figures.first { $0.name == "components" }?.value == 2)
    #expect(figures.first { $0.name.hasPrefix("accuracy") }?.value == 1)
    // A ring has as many edges as units.
    #expect(fitted.edges.count >= 30 && fitted.edges.count < 40)
    // It has grown: one unit for 150 rows, of 400 an epoch.
    let units = try #require(fitted.facts.curves["units"])
    #expect(units.prefix(4) == [4, 7, 10, 12])
  }

  @Test func irisIsCoveredAsWellAsByAMapOfAsManyUnits() throws {
    let iris = try Dataset.builtIn("iris")
    let gas = try GrowingNeuralGas(units: 40, epochs: 40).fit(iris, seed: 1)
    let map = try SelfOrganizingMap(rows: 5, columns: 8).fit(iris, seed: 1)
    let gasFigures = try gas.figures(on: iris)
    let mapFigures = try map.figures(on: iris)
    #expect(gasFigures[0].value < mapFigures[0].value)
    #expect(gasFigures.last?.value ?? 0 > 0.94)
  }

  @Test func whatCannotBeIsRefusedOrWarnedAbout() throws {
    let data = rings(20, seed: 1)
    for gas in [
      GrowingNeuralGas(units: 1), GrowingNeuralGas(units: 5, epochs: 0),
      GrowingNeuralGas(units: 5, insertEvery: 0), GrowingNeuralGas(units: 5, winnerRate: 1.5),
      GrowingNeuralGas(units: 5, maxAge: 0), GrowingNeuralGas(units: 5, errorDecay: .nan),
    ] {
      #expect(gas.problem != nil)
      #expect(throws: TrainingError.self) { try gas.fit(data, seed: 1) }
    }
    #expect(throws: TrainingError.self) { try GrowingNeuralGas().fit(data.rows([0]), seed: 1) }
    #expect(
      try GrowingNeuralGas(units: 30, epochs: 5, insertEvery: 50).fit(data, seed: 1).warnings == [
        "up to 30 units for 20 rows: some units may answer none",
        "5 epochs of 20 rows add 2 units to the first two, one every 50 rows: there cannot be 30",
      ])
  }
}
