import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

@Suite struct BidirectionalAssociativeMemoryTests {
  @Test func recallIsNumPys() throws {
    let pairs = try AssociativeReference.read().bam
    let data = Dataset(
      name: "pairs", features: Tensor(pairs.rows),
      targets: .values(Tensor(pairs.targets), names: []))
    let fitted = try BidirectionalAssociativeMemory().fit(data, seed: 1)
    let found = try fitted.recall(Tensor(pairs.starts))
    #expect(found.map(\.x) == pairs.x)
    #expect(found.map(\.y) == pairs.y)
    #expect(found.map(\.energies) == pairs.energies)
    #expect(
      found.allSatisfy { recall in
        recall.isAtRest && zip(recall.energies, recall.energies.dropFirst()).allSatisfy { $1 <= $0 }
      })
  }

  @Test func koskosExampleIsRecalledBothWays() throws {
    // The two pairs of the paper's example.
    let rows: [[Double]] = [[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0]]
    let targets: [[Double]] = [[1, 1, 0, 0], [1, 0, 1, 0]]
    let data = Dataset(
      name: "kosko", features: Tensor(rows), targets: .values(Tensor(targets), names: []))
    let fitted = try BidirectionalAssociativeMemory().fit(data, seed: 1)
    #expect(
      fitted.weights.doubles == [
        2, 0, 0, -2, 0, -2, 2, 0, 2, 0, 0, -2, -2, 0, 0, 2, 0, 2, -2, 0, -2, 0, 0, 2,
      ])
    #expect(try fitted.predict(data.features) == .values(Tensor(targets)))
    let back = try fitted.recall(targets: Tensor(targets))
    #expect(back.map(\.x) == rows.map { $0.map { 2 * $0 - 1 } })
    // Its energy is −6 for the first pair.
    #expect(try fitted.recall(data.features)[0].energies.last == -24)
    #expect(try fitted.figures(on: data).first?.value == 1)
    #expect(fitted.warnings.isEmpty)
  }

  @Test func classesAreRecalledFromRowsAndRowsFromClasses() throws {
    let reference = try AssociativeReference.read()
    let data = Dataset(
      name: "patterns", features: Tensor(Array(reference.patterns.prefix(3))),
      targets: .classes(Tensor([0, 1, 2] as [Int32]), names: ["a", "b", "c"]))
    let fitted = try BidirectionalAssociativeMemory().fit(data, seed: 1)
    #expect(try fitted.predict(data.features) == .classes([0, 1, 2], names: ["a", "b", "c"]))
    let back = try fitted.recall(targets: Tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1.0]]))
    #expect(back.map(\.x) == Array(reference.patterns.prefix(3)))
    #expect(back.allSatisfy { $0.isAtRest })
  }

  @Test func whatDoesNotSuitIsSaid() throws {
    let data = Dataset(
      name: "pairs", features: Tensor([[1, 0, 1], [0, 1, 1], [1, 1, 1]]),
      targets: .values(Tensor([[1, 0], [0, 1], [1, 1]]), names: []))
    let fitted = try BidirectionalAssociativeMemory().fit(data, seed: 1)
    #expect(
      fitted.warnings.contains { $0.hasPrefix("3 different pairs are more than the 2 units") })
    var other = data
    other.targets = .values(Tensor([[0.3, 0], [0, 1], [1, 1]]), names: [])
    let error = #expect(throws: TrainingError.self) {
      try BidirectionalAssociativeMemory().fit(other, seed: 1)
    }
    #expect(error?.description.hasPrefix("pairs, targets, row 1, column 1: found 0.3") == true)
    #expect(BidirectionalAssociativeMemory(sweeps: 0).problem != nil)
  }
}
