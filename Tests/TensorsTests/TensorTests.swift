import Tensors
import Testing

@Suite struct ShapeTests {
  @Test func `broadcasting follows NumPy's rule`() {
    #expect(Shape([3, 1]).broadcast(with: [4]) == [3, 4])
    #expect(Shape([2, 3]).broadcast(with: []) == [2, 3])
    #expect(Shape([]).broadcast(with: []) == [])
    #expect(Shape([2, 3]).broadcast(with: [2]) == nil)
    #expect(Shape([0, 1]).broadcast(with: [1, 5]) == [0, 5])
  }

  @Test func `counts that overflow are noticed`() {
    #expect(Shape([1 << 40, 1 << 40]).checkedCount == nil)
    #expect(Shape([3, -1]).checkedCount == nil)
    #expect(Shape([3, 4]).checkedCount == 12)
  }

  @Test func `strides of a broadcast read are zero along repeated axes`() {
    #expect(Shape([3, 1]).strides(broadcastTo: [2, 3, 4]) == [0, 1, 0])
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
  }
}

@Suite struct TensorTests {
  @Test func `elements are row-major, read and written by index`() {
    var a = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(a[1, 0] == 4)
    a[1, 0] = 40
    #expect(a.doubles == [1, 2, 3, 40, 5, 6])
    #expect(a.reshaped([3, 2])[1, 1] == 40)
  }

  @Test func `a copy is independent`() {
    let a = Tensor([1.0, 2.0])
    var b = a
    b[0] = 7
    #expect(a[0] == 1)
    #expect(b[0] == 7)
  }

  @Test func `descriptions nest and shorten`() {
    #expect("\(Tensor([[1, 2], [3, 4]]))" == "[[1.0, 2.0], [3.0, 4.0]]")
    #expect("\(Tensor((0..<20).map(Float.init)))" == "[0.0, 1.0, 2.0, …, 17.0, 18.0, 19.0]")
    #expect("\(Tensor([] as [Float]))" == "[]")
  }

  @Test func `casts round and cut`() {
    #expect(Tensor([1.9, -1.9]).cast(to: .int32).integers == [1, -1])
    #expect(Tensor([0.1]).cast(to: .float32).doubles == [Double(Float(0.1))])
  }
}

@Suite struct RandomTests {
  /// Known answers published with the generator's reference implementation.
  @Test func `Philox gives the published words`() {
    #expect(
      Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test func `streams are repeatable and differ by seed and name`() {
    var a = RandomStream(seed: 1, name: "x")
    var b = a
    #expect((0..<5).map { _ in a.next() } == (0..<5).map { _ in b.next() })
    var c = RandomStream(seed: 1, name: "y")
    var d = RandomStream(seed: 2, name: "x")
    let first = RandomStream(seed: 1, name: "x")
    var again = first
    let value = again.next()
    #expect(value != c.next())
    #expect(value != d.next())
  }

  @Test func `normal numbers have mean 0 and deviation 1`() {
    var random = RandomStream(seed: 3, name: "normal")
    let values = (0..<100_000).map { _ in random.normal() }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.02)
  }

  @Test func `a permutation holds every number once`() {
    var random = RandomStream(seed: 4, name: "order")
    let order = random.permutation(1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != Array(0..<1000))
  }
}
