import Execution
import GraphIR
import Tensors
import Testing

/// Matrix products against their plain evaluation.
@Suite struct ProductKernelTests {
  private let agreement = Agreement()

  /// All m, n and k of the list; the greatest, which plain evaluation takes long over, is below.
  @Test(arguments: [ScalarType.float32, .float64], [false, true])
  func `every size and transposition`(type: ScalarType, transposeA: Bool) throws {
    for m in Agreement.sizes {
      for n in Agreement.sizes {
        for k in Agreement.sizes where m * n * k < 1_000_000_000 {
          for transposeB in [false, true] {
            try expectProduct(m, n, k, transposeA, transposeB, type)
          }
        }
      }
    }
  }

  @Test func `large products, which are cut into tiles`() throws {
    for type in [ScalarType.float32, .float64] {
      try expectProduct(130, 257, 300, true, false, type)
      try expectProduct(1000, 1000, 1000, type == .float32, type == .float64, type)
    }
  }

  private func expectProduct(
    _ m: Int, _ n: Int, _ k: Int, _ transposeA: Bool, _ transposeB: Bool, _ type: ScalarType
  ) throws {
    let a = Self.numbers(transposeA ? [k, m] : [m, k], 1, type)
    let b = Self.numbers(transposeB ? [n, k] : [k, n], 2, type)
    try agreement.expect(
      MatrixProduct(transposeA: transposeA, transposeB: transposeB), [a, b],
      tolerance: Self.tolerance(type, terms: k))
  }

  /// Batches, of which either factor may be one matrix for all, with a bias, a function and a
  /// gate behind the product; and the plain result too.
  @Test(arguments: [ScalarType.float32, .float64])
  func `batches with a chain behind them`(type: ScalarType) throws {
    let sizes = [1, 3, 17, 63, 64, 65]
    for batch in [1, 3, 17] {
      for m in sizes {
        for n in sizes {
          for (k, repeated) in [(1, 0), (17, 1), (65, 2)] where batch * m * n * k <= 1_000_000 {
            for transposed in [false, true] {
              try expectBatch(batch, m, n, k, repeated, transposed, type)
            }
          }
        }
      }
    }
    try expectBatch(3, 65, 1000, 17, 0, false, type)
    try expectBatch(2, 1000, 64, 3, 2, true, type)
  }

  private func expectBatch(
    _ batch: Int, _ m: Int, _ n: Int, _ k: Int, _ repeated: Int, _ transposed: Bool,
    _ type: ScalarType
  ) throws {
    let a: Shape = repeated == 1 ? [1, m, k] : [batch, m, k]
    let matrix: [Int] = transposed ? [n, k] : [k, n]
    let b = Shape(repeated == 2 ? matrix : [batch] + matrix)
    let values = [
      "a": Self.numbers(a, 1, type), "b": Self.numbers(b, 2, type),
      "bias": Self.numbers([n], 3, type), "gate": Self.numbers([batch, m, n], 4, type),
      "column": Self.numbers([m, 1], 5, type),
    ]
    let builder = GraphBuilder()
    func input(_ name: String) -> Expression {
      builder.input(name, values[name]?.type ?? TensorType(.scalar, type))
    }
    let product = Expression.apply(
      MatrixProduct(transposeB: transposed), to: [input("a"), input("b")])
    let sum = product + input("bias")
    builder.output("sum", sum)
    builder.output("y", sigmoid(sum) * input("gate") - input("column"))
    try agreement.expect(
      builder, values, tolerance: Self.tolerance(type, terms: k),
      "\(type) batch \(batch), \(m)×\(n)×\(k), repeated \(repeated), transposed \(transposed)")
  }

  /// Numbers in -1...1, drawn faster than samples are.
  private static func numbers(_ shape: Shape, _ seed: UInt64, _ type: ScalarType) -> Tensor {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(shape.count)
    let values = (0..<shape.count).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 32) * 0x1p-31
    }
    return Tensor(values, shape: shape, type: type)
  }

  /// Both sums round, in different orders: `terms` roundings of partial sums that grow as the root
  /// of `terms`, and of either sign.
  private static func tolerance(_ type: ScalarType, terms: Int) -> Double {
    (type == .float64 ? 0x1p-52 : 0x1p-23) * (4 + Double(terms) / 3)
  }
}
