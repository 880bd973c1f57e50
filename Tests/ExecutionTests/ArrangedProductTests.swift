import Execution
import GraphIR
import Tensors
import Testing

/// Products that read and write matrices with their axes in other orders, against their plain
/// evaluation.
@Suite struct ArrangedProductTests {
  private let agreement = Agreement()

  private func numbers(_ shape: Shape, _ seed: UInt64, _ type: ScalarType) -> Tensor {
    Tensor.numbers(shape, seed: seed).cast(to: type)
  }

  /// The products of an attention, between [batch, steps, heads, features] on both sides.
  @Test(arguments: [ScalarType.float32, .float64])
  func `heads read and written in place`(type: ScalarType) throws {
    let tolerance = type == .float32 ? 2e-4 : 1e-12
    for (steps, heads, size) in [
      (1, 1, 1), (1, 3, 4), (3, 1, 1), (5, 2, 3), (17, 3, 16), (64, 4, 32), (65, 2, 33),
    ] {
      let x = numbers([2, steps, heads, size], 1, type)
      // Scores, and their transpose's product with what has the heads last.
      try agreement.expect(
        ArrangedMatrixProduct(orderA: [0, 2, 1, 3], orderB: [0, 2, 3, 1], orderC: [0, 1, 2, 3]),
        [x, numbers([2, 7, heads, size], 2, type)], tolerance: tolerance)
      try agreement.expect(
        ArrangedMatrixProduct(orderA: [0, 2, 1, 3], orderB: [0, 2, 1, 3], orderC: [0, 2, 1, 3]),
        [x, numbers([2, size, heads, 9], 2, type)], tolerance: tolerance)
      try agreement.expect(
        ArrangedMatrixProduct(orderA: [0, 1, 3, 2], orderB: [0, 2, 1, 3], orderC: [0, 2, 1, 3]),
        [numbers([2, heads, steps, 9], 1, type), x], tolerance: tolerance)
    }
  }

  /// Batch axes that only one factor has, or that one repeats in between.
  @Test(arguments: [
    [[2, 1, 3], [1, 4, 3]], [[3], [2, 3]], [[2, 3], [3]], [[2, 1, 3], [2, 2, 1]],
  ])
  func `batches that broadcast`(batches: [[Int]]) throws {
    for (m, n, k) in [(1, 1, 1), (3, 4, 5), (17, 33, 20), (40, 1, 9), (1, 40, 9)] {
      let a = numbers(Shape(batches[0] + [m, k]), 1, .float64)
      let b = numbers(Shape(batches[1] + [k, n]), 2, .float64)
      let turned = numbers(Shape(batches[1] + [n, k]), 2, .float64)
      try agreement.expect(MatrixProduct(), [a, b], tolerance: 1e-12)
      try agreement.expect(MatrixProduct(transposeB: true), [a, turned], tolerance: 1e-12)
    }
  }

  /// A chain behind the product, whose elements are counted as they lie in the result.
  @Test func `a chain behind rows that lie apart`() throws {
    for (steps, heads, size) in [(3, 2, 2), (20, 3, 17), (64, 2, 32)] {
      let values = [
        "w": numbers([2, heads, steps, steps], 1, .float64),
        "v": numbers([2, steps, heads, size], 2, .float64),
        "bias": numbers([heads, size], 3, .float64),
        "gate": numbers([2, steps, heads, size], 4, .float64),
      ]
      let builder = GraphBuilder()
      func input(_ name: String) -> Expression {
        builder.input(name, values[name]?.type ?? TensorType(.scalar, .float64))
      }
      let context = input("w").matmul(input("v").transposed([0, 2, 1, 3]))
        .transposed([0, 2, 1, 3])
      builder.output("y", tanh(context + input("bias")) * input("gate"))
      try agreement.expect(builder, values, tolerance: 1e-12, "context of \(steps) steps")
      let plan = try Plan(builder.finish())
      #expect(plan.instructions.count == 1, "\(plan)")
    }
  }
}
