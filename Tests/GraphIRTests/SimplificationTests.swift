import GraphIR
import Tensors
import Testing

@Suite("Identities")
struct SimplificationTests {
  private func rewrite(_ types: TensorType..., write: ([Expression]) -> Expression) -> String {
    let builder = GraphBuilder()
    let inputs = types.enumerated().map { builder.input("x\($0)", $1) }
    let id = write(inputs).id
    let node = builder.nodes[id]
    let rewrite = node.operation?.simplified(node.inputs.map { builder.nodes[$0] })
    return rewrite?.text ?? "stays"
  }

  @Test("Arithmetic that changes nothing")
  func arithmetic() {
    #expect(rewrite(f32([2])) { $0[0] + -0.0 } == "%0")
    #expect(rewrite(f32([2])) { -0.0 + $0[0] } == "%0")
    #expect(rewrite(f32([2])) { $0[0] - 0 } == "%0")
    #expect(rewrite(f32([2])) { $0[0] * 1 } == "%0")
    #expect(rewrite(f32([2])) { 1 * $0[0] } == "%0")
    #expect(rewrite(f32([2])) { $0[0] / 1 } == "%0")
    #expect(rewrite(f32([2])) { -(-$0[0]) } == "%0")
    #expect(rewrite(f32([2])) { relu(relu($0[0])) } == "%1")
    #expect(rewrite(f32([2])) { pow($0[0], $0[0].constant(2)) } == "square %0")
  }

  @Test("What looks alike but is not: 0 · x, 0 − x, 1 / x, x · 1 in a larger shape")
  func notIdentities() {
    #expect(rewrite(f32([2])) { $0[0] * 0 } == "stays")
    #expect(rewrite(f32([2])) { 0 - $0[0] } == "stays")
    #expect(rewrite(f32([2])) { 1 / $0[0] } == "stays")
    #expect(rewrite(f32([2])) { $0[0] * $0[0].constant(.ones([3, 2], type: .float32)) } == "stays")
  }

  @Test("Movement that changes nothing, and two in a row")
  func movement() {
    #expect(rewrite(f32([2, 3])) { .apply(BroadcastTo([2, 3]), to: $0) } == "%0")
    #expect(
      rewrite(f32([2, 3])) { .apply(BroadcastTo([1, 2, 3]), to: $0) } == "reshape([1, 2, 3]) %0")
    #expect(rewrite(f32([2, 3])) { .apply(Cast(.float32), to: $0) } == "%0")
    #expect(rewrite(f32([2, 3])) { .apply(Reshape([2, 3]), to: $0) } == "%0")
    #expect(rewrite(f32([2, 3])) { $0[0].transposed([0, 1]) } == "%0")
    #expect(rewrite(f32([1, 3])) { $0[0].transposed() } == "reshape([3, 1]) %0")
    #expect(
      rewrite(f32([2, 3, 4])) { $0[0].transposed([2, 0, 1]).transposed([1, 0, 2]) }
        == "transpose(0, 2, 1) %0")
    #expect(rewrite(f32([2, 3])) { $0[0].slice(axis: 1) } == "%0")
    #expect(rewrite(f32([2])) { $0[0].padded(before: [0], after: [0]) } == "%0")
    #expect(rewrite(f32([2])) { concatenate([$0[0]]) } == "%0")
    #expect(rewrite(f32([2])) { $0[0].stoppingGradient() } == "%0")
  }

  @Test("Reductions of single elements are reshapes")
  func reductions() {
    #expect(rewrite(f32([2, 3])) { $0[0].sum(axes: []) } == "%0")
    #expect(rewrite(f32([2, 1])) { $0[0].sum(axes: [1], keepingAxes: true) } == "%0")
    #expect(rewrite(f32([2, 1])) { $0[0].max(axes: [1]) } == "reshape([2]) %0")
    #expect(rewrite(f32([2, 1])) { $0[0].sum(axes: [0]) } == "stays")
  }

  @Test("The sum of a pooling's gradient over its places is that of the numbers put there")
  func sumsOfPooling() {
    let gradient = MaxPoolGradient(.sliding(SlidingWindows(window: [2, 2])))
    func sum(_ axes: [Int]) -> String {
      rewrite(f32([3, 4, 6, 5]), f32([3, 2, 3, 5])) {
        Expression.apply(gradient, to: $0).sum(axes: axes, keepingAxes: true)
      }
    }
    #expect(sum([0, 1, 2]) == "sum(axes 0, 1, 2, kept) %1")
    #expect(sum([1, 2]) == "sum(axes 1, 2, kept) %1")
    #expect(sum([0, 1]) == "stays")
  }

  @Test("Products read transposed operands in place")
  func products() {
    #expect(
      rewrite(f32([3, 2]), f32([3, 4])) { $0[0].transposed().matmul($0[1]) } == "matmul(Aᵀ) %0 %1")
    #expect(
      rewrite(f32([2, 3]), f32([4, 3])) { $0[0].matmul($0[1].transposed()) } == "matmul(Bᵀ) %0 %1")
    #expect(
      rewrite(f32([2, 3]), f32([3, 4])) { $0[0].matmul($0[1].transposed(), transposeB: true) }
        == "matmul %0 %1")
    #expect(
      rewrite(f32([3, 2, 4]), f32([2, 3, 5])) { $0[0].transposed([1, 2, 0]).matmul($0[1]) }
        == "matmulArranged(1 2 0, 0 1 2, 0 1 2) %0 %1")
    // Neither its rows nor its columns are neighbors.
    #expect(
      rewrite(f32([3, 2, 4]), f32([4, 3, 5])) { $0[0].transposed([2, 1, 0]).matmul($0[1]) }
        == "stays")
  }
}
