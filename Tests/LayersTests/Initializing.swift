import Layers
import Tensors
import Testing

/// The numbers that parameters start from.
struct Initializing {
  func draw(_ initializer: Initializer, _ shape: Shape, _ type: ScalarType = .float64) throws
    -> Tensor
  {
    var random = RandomStream(seed: 7, name: "initial/weight")
    return try initializer.tensor(shape: shape, type: type, random: &random)
  }

  /// The variance that each initializer aims at for fan-in 300 and fan-out 100.
  static let variances: [(Initializer, Double)] = [
    (.glorotUniform, 1.0 / 200), (.glorotNormal, 1.0 / 200), (.heUniform, 1.0 / 150),
    (.heNormal, 1.0 / 150), (.leCunUniform, 1.0 / 300), (.leCunNormal, 1.0 / 300),
    (.uniform(low: -3, high: 3), 3.0), (.normal(mean: 0, deviation: 2), 4.0),
  ]

  @Test(arguments: variances)
  func variancesAreAsPublished(_ initializer: Initializer, variance: Double) throws {
    let values = try draw(initializer, [300, 100]).doubles
    let mean = values.reduce(0, +) / Double(values.count)
    let found = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
    // Four standard errors of the mean; the variance of 30,000 numbers is within 4 %.
    #expect(abs(mean) < 4 * (variance / 30_000).squareRoot())
    #expect(abs(found / variance - 1) < 0.04)
  }

  @Test func uniformNumbersStayInTheirRange() throws {
    let range = (6.0 / 400).squareRoot()
    let values = try draw(.glorotUniform, [300, 100]).doubles
    #expect(values.allSatisfy { abs($0) <= range })
    #expect((values.max() ?? 0) > 0.99 * range)
  }

  @Test func receptiveFieldsCount() throws {
    let values = try draw(.leCunUniform, [3, 3, 4, 50]).doubles
    let range = (3.0 / 36).squareRoot()
    #expect(values.allSatisfy { abs($0) <= range })
    #expect((values.max() ?? 0) > 0.99 * range)
  }

  @Test func plainNumbersAreThemselves() throws {
    #expect(try draw(.zeros, [2]).doubles == [0, 0])
    #expect(try draw(.ones, [2]).doubles == [1, 1])
    #expect(try draw(.constant(0.5), [1, 2]).doubles == [0.5, 0.5])
    #expect(try draw(.values([1, 2]), [2, 1]).doubles == [1, 2])
    #expect(throws: LayerError.self) { try draw(.values([1]), [2]) }
    #expect(throws: LayerError.self) { try draw(.normal(mean: 0, deviation: -1), [2]) }
  }

  @Test func oneSeedGivesOneStart() throws {
    let model = Sequential {
      Dense(units: 5, activation: .relu)
      Dense(units: 2)
    }
    let a = try model.initialParameters(input: [3], seed: 1)
    #expect(try model.initialParameters(input: [3], seed: 1) == a)
    #expect(try model.initialParameters(input: [3], seed: 2) != a)
    #expect(a.names == ["dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias"])
    #expect(a.elementCount == 32)
    #expect(a["dense1.bias"] == .zeros([5], type: .float32))
  }

  @Test func bothPrecisionsStartAlike() throws {
    let model = Dense(units: 4, activation: .relu)
    let wide = try model.initialParameters(input: [3], type: .float64, seed: 1)
    #expect(wide["weight"]?.scalarType == .float64)
    #expect(try model.initialParameters(input: [3], seed: 1) == wide.cast(to: .float32))
  }

  @Test func anotherLayerChangesNoStart() throws {
    let small = Sequential { Dense(units: 3, name: "a") }
    let large = Sequential {
      Dense(units: 2, name: "b")
      Activate(.tanh)
      Dense(units: 3, name: "a")
    }
    #expect(
      try small.initialParameters(input: [2], seed: 4)["a.weight"]
        == large.initialParameters(input: [2], seed: 4)["a.weight"])
  }

  @Test func aSetIsInOrder() {
    var set: ParameterSet = ["b": Tensor([1.0]), "a": Tensor([2.0, 3])]
    #expect(set.map(\.name) == ["b", "a"])
    set["b"] = Tensor([4.0])
    set["c"] = Tensor([5.0])
    set["a"] = nil
    #expect(set.names == ["b", "c"])
    #expect(set["c"]?.scalar == 5)
    #expect(set["a"] == nil)
    #expect(set.tensors == ["b": Tensor([4.0]), "c": Tensor([5.0])])
  }
}
