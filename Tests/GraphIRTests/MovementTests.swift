import GraphIR
import Tensors
import Testing

@Suite("Operations that move elements")
struct MovementTests {
  private let x = Tensor([[1, 2, 3], [4, 5, 6]])

  @Test("Transposes")
  func transposes() throws {
    #expect(try evaluate(Transpose([1, 0]), x) == Tensor([[1, 4], [2, 5], [3, 6]]))
    let cube = Tensor((0..<24).map { Int32($0) }, shape: [2, 3, 4])
    let turned = try evaluate(Transpose([2, 0, 1]), cube)
    #expect(turned.shape == [4, 2, 3])
    #expect(turned[3, 1, 2] == cube[1, 2, 3])
    #expect(try evaluate(Transpose([1, 2, 0]), turned) == cube)
    #expect(Transpose([0, 2, 1]).swapsLastTwo && Transpose([1, 0]).swapsLastTwo)
    #expect(!Transpose([0, 1]).swapsLastTwo && !Transpose([2, 1, 0]).swapsLastTwo)
    #expect(!Transpose([0]).swapsLastTwo && !Transpose([]).swapsLastTwo)
  }

  @Test("Slices with steps")
  func slices() throws {
    #expect(
      try evaluate(Slice(axes: [1], starts: [1], ends: [3]), x) == Tensor([[2, 3], [5, 6]]))
    #expect(
      try evaluate(Slice(axes: [0, 1], starts: [1, 0], ends: [2, 3], steps: [1, 2]), x)
        == Tensor([[4, 6]]))
    #expect(try evaluate(Slice(axes: [0], starts: [1], ends: [1]), x).shape == [0, 3])
  }

  @Test("Padding around and between")
  func padding() throws {
    #expect(
      try evaluate(Pad(before: [0, 1], after: [1, 0], value: 9), x)
        == Tensor([[9, 1, 2, 3], [9, 4, 5, 6], [9, 9, 9, 9]]))
    #expect(
      try evaluate(Pad(before: [1], after: [0], between: [2]), integers(1, 2, 3))
        == integers(0, 1, 0, 0, 2, 0, 0, 3))
    #expect(
      try evaluate(Pad(before: [1], after: [1], value: -1), Tensor([] as [Double]))
        == Tensor([-1.0, -1]))
  }

  @Test("Concatenation along every axis")
  func concatenation() throws {
    #expect(
      try evaluate(Concatenate(axis: 1), x, Tensor([[7], [8]]))
        == Tensor([[1, 2, 3, 7], [4, 5, 6, 8]]))
    #expect(try evaluate(Concatenate(axis: 0), x, Tensor([[7, 8, 9]])).shape == [3, 3])
    #expect(try evaluate(Concatenate(axis: 0), integers(1), integers(2, 3)) == integers(1, 2, 3))
    #expect(
      try evaluate(Concatenate(axis: 0), Tensor([] as [Double]), Tensor([2.0])) == Tensor([2.0]))
  }

  @Test("Gathering and its gradient, with indices outside")
  func gathering() throws {
    #expect(
      try evaluate(Gather(axis: 0), x, integers(1, 1, 0, 7))
        == Tensor([[4, 5, 6], [4, 5, 6], [1, 2, 3], [0, 0, 0]]))
    #expect(
      try evaluate(Gather(axis: 1), x, integers(2, -1)) == Tensor([[3, 0], [6, 0]]))
    #expect(
      try evaluate(ScatterAdd(axis: 1, size: 4), x, integers(3, 0, 3))
        == Tensor([[2, 0, 0, 4], [5, 0, 0, 10]]))
    #expect(
      try evaluate(ScatterAdd(axis: 0, size: 2), Tensor([1.0, 2, 4]), integers(1, 2, -1))
        == Tensor([0.0, 1]))
    #expect(try evaluate(Gather(), integers(5, 6), integers(1, 0)) == integers(6, 5))
  }

  @Test("Labels as vectors")
  func oneHot() throws {
    #expect(
      try evaluate(OneHot(depth: 3, type: .float64), integers(2, 0, 3, -1))
        == Tensor([[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]))
    #expect(try evaluate(OneHot(depth: 2), integers(1, shape: [])) == Tensor([0, 1] as [Float]))
  }

  @Test("Casts never trap")
  func casts() throws {
    let wide = Tensor([1.9, -1.9, 1e20, -1e20, .nan, .infinity])
    #expect(try evaluate(Cast(.int32), wide) == integers(1, -1, .max, .min, 0, .max))
    #expect(try evaluate(Cast(.float32), Tensor([0.1])) == Tensor([0.1] as [Float]))
    #expect(try evaluate(Cast(.float64), integers(-3)) == Tensor([-3.0]))
  }

  @Test("Noise is Philox's, a pure function of key and stream")
  func noise() throws {
    // Known answer of Philox 4×32-10 for counter 0 and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    let zero = integers(0, 0, 0, 0)
    let words: [UInt32] = [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]
    let first = try evaluate(UniformNoise(shape: [2, 3], stream: 0), zero)
    #expect(first.floats.prefix(4).elementsEqual(words.map { Float($0 >> 8) * 0x1p-24 }))
    let more = try evaluate(UniformNoise(shape: [1000], type: .float64, stream: 0), zero)
    #expect(more.doubles.prefix(6).elementsEqual(first.doubles))
    #expect(more.doubles.allSatisfy { (0..<1).contains($0) })
    let mean = more.doubles.reduce(0, +) / 1000
    #expect(mean > 0.45 && mean < 0.55)
    for (key, stream) in [
      (zero, 1 as UInt32), (integers(0, 0, 1, 0), 0), (integers(-1, 0, 0, 0), 0),
    ] {
      #expect(try evaluate(UniformNoise(shape: [2, 3], stream: stream), key) != first)
    }
  }
}
