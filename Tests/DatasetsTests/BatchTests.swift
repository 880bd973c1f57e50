import Datasets
import Tensors
import Testing

@Suite("Splits, folds and batches")
struct BatchTests {
  private let data = Dataset(
    name: "d", features: Tensor((0..<20).map { Double($0) }, shape: [10, 2]),
    targets: .classes(
      Tensor([0, 0, 0, 0, 0, 0, 1, 1, 1, 2].map { Int32($0) }), names: ["a", "b", "c"]))

  @Test("splits are complete, stratified, and depend on the seed alone")
  func split() throws {
    let iris = try Dataset.builtIn("iris")
    let (first, second) = iris.splitIndices(fraction: 0.8, seed: 7)
    #expect(first.count == 120 && Set(first + second) == Set(0..<150) && second.count == 30)
    let parts = iris.split(fraction: 0.8, seed: 7)
    #expect(parts.0.classCounts == [40, 40, 40] && parts.1.classCounts == [10, 10, 10])
    #expect(parts.0.features == iris.features.rows(first))
    #expect(iris.splitIndices(fraction: 0.8, seed: 7).0 == first)
    #expect(iris.splitIndices(fraction: 0.8, seed: 8).0 != first)
    let (training, validation) = iris.validationSplit(fraction: 0.2, seed: 7)
    #expect(training.features == parts.0.features && validation.count == 30)
  }

  @Test("a class with one row stays in the first part")
  func rareClass() {
    for seed in 0..<20 {
      let (first, second) = data.split(fraction: 0.5, seed: UInt64(seed))
      #expect(first.classCounts.allSatisfy { $0 > 0 })
      #expect(first.count + second.count == 10 && (5...6).contains(first.count))
    }
  }

  @Test(
    "shares at the ends, and values",
    arguments: [(0.0, 0), (0.01, 1), (0.5, 100), (0.999, 199), (1, 200)])
  func shares(fraction: Double, count: Int) throws {
    let sine = try Dataset.builtIn("sine")
    let (first, second) = sine.split(fraction: fraction, seed: 1)
    #expect(
      (first.count == count || fraction == 0.01 && first.count == 2)
        && second.count == 200 - first.count)
  }

  @Test("folds hold every row once")
  func folds() throws {
    let iris = try Dataset.builtIn("iris")
    let folds = iris.folds(5, seed: 1)
    #expect(folds.count == 5)
    for (training, validation) in folds {
      #expect(validation.classCounts == [10, 10, 10] && training.count == 120)
    }
    let sums = folds.map { $0.validation.features.doubles.reduce(0, +) }
    #expect(abs(sums.reduce(0, +) - iris.features.doubles.reduce(0, +)) < 1e-9)
  }

  @Test("an epoch's order is a function of seed and epoch")
  func order() {
    let order = data.batches(size: 3, epoch: 4, seed: 9)
    #expect(order.map(\.count) == [3, 3, 3, 1])
    #expect(Set(order.joined()) == Set(0..<10))
    let again = data.batches(size: 3, epoch: 4, seed: 9)
    // Going on in the middle of an epoch gives the batches that were still to come.
    #expect(again.dropFirst(2).map(Array.init) == order.suffix(2).map(Array.init))
    #expect(data.batches(size: 10, epoch: 5, seed: 9)[0] != order.rows[...])
    #expect(data.batches(size: 10, epoch: 4, seed: 8)[0] != order.rows[...])
    let plain = data.batches(size: 4, epoch: 0, seed: 1, shuffle: false, dropsLast: true)
    #expect(plain.map(Array.init) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    var random = RandomStream(seed: 9, name: "shuffle/4")
    #expect(order.rows == random.permutation(10))
  }

  @Test("batches and rows hold what was asked for")
  func gather() {
    let batch = data.batch([9, 0, 9])
    #expect(batch.inputs == Tensor([[18, 19], [0, 1], [18, 19]]))
    #expect(batch.targets == Tensor([Int32(2), 0, 2]))
    #expect(data.rows([]).count == 0)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 16)
    defer { memory.deallocate() }
    data.features.gatherRows([3, 1][...], into: memory)
    #expect(Array(memory.bindMemory(to: Double.self)) == [6, 7, 2, 3])
  }
}
