import CKernels
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
      // Sums in four parts, each in two tiles of columns.
      try expectProduct(40, 200, 700, false, false, type)
      try expectProduct(1000, 1000, 1000, type == .float32, type == .float64, type)
    }
  }

  /// Sums that are cut, the last part shorter than the others: a block of it may be longer.
  @Test(arguments: [(32, 64, 2060, 64), (40, 70, 2060, 64), (30, 300, 2060, 160)])
  func `cut sums need no more scratch than they ask for`(
    m: Int, n: Int, k: Int, columns: Int
  ) throws {
    let a = Self.numbers([m, k], 1, .float32)
    let b = Self.numbers([k, n], 2, .float32)
    let (pieces, guarded) = (8, 1 << 17)
    var partial = [Float](repeating: 0, count: pieces * m * n)
    var found = [Float](repeating: 0, count: m * n)
    a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        partial.withUnsafeMutableBytes { partial in
          found.withUnsafeMutableBytes { found in
            var gemm = bp_gemm()
            gemm.type = BP_F32
            (gemm.a, gemm.b, gemm.c) = (a.baseAddress, b.baseAddress, found.baseAddress)
            (gemm.m, gemm.n, gemm.k) = (Int64(m), Int64(n), Int64(k))
            (gemm.lda, gemm.ldb, gemm.ldc) = (Int64(k), Int64(n), Int64(n))
            (gemm.tile_m, gemm.tile_n) = (Int64(m), Int64(columns))
            (gemm.k_pieces, gemm.finish_m) = (Int64(pieces), Int64(m))
            gemm.partial = partial.baseAddress
            let bytes = Int(bp_gemm_scratch(&gemm))
            let scratch = UnsafeMutableRawBufferPointer.allocate(
              byteCount: bytes + guarded, alignment: 64)
            defer { scratch.deallocate() }
            scratch.initializeMemory(as: UInt8.self, repeating: 0xA5)
            for task in 0..<pieces * ((n + columns - 1) / columns) {
              bp_gemm_task(&gemm, Int64(task), scratch.baseAddress)
            }
            bp_gemm_finish_task(&gemm, 0, scratch.baseAddress)
            #expect(scratch[bytes...].allSatisfy { $0 == 0xA5 })
          }
        }
      }
    }
    let expected = MatrixProduct().evaluate([a, b]).doubles
    let worst = zip(found, expected).map { abs(Double($0) - $1) / max(1, abs($1)) }.max()
    #expect((worst ?? .infinity) <= Self.tolerance(.float32, terms: k))
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

  /// Products that only an update reads: they stay in the thread's scratch, or in registers where all
  /// that follows is a step of gradient descent. Narrow last tiles, sums over several blocks, few
  /// rows against a transposed matrix, and products by parts of their sums among them.
  @Test(arguments: [ScalarType.float32, .float64])
  func `updates that keep the product in the cache`(type: ScalarType) throws {
    for (m, n, k) in [
      (1, 1, 1), (3, 2, 2), (65, 1, 40), (2, 300, 70), (784, 30, 10), (400, 520, 64),
      (61, 515, 300),
      (40, 60, 1000), (40, 200, 700), (1000, 130, 65), (90, 2100, 30), (130, 257, 600),
    ] {
      for (transposeA, transposeB) in [(true, false), (false, true), (false, false)] {
        for isDescent in [true, false] {
          try expectUpdate(m, n, k, transposeA, transposeB, isDescent, type)
        }
      }
    }
  }

  private func expectUpdate(
    _ m: Int, _ n: Int, _ k: Int, _ transposeA: Bool, _ transposeB: Bool, _ isDescent: Bool,
    _ type: ScalarType
  ) throws {
    let values = [
      "a": Self.numbers(transposeA ? [k, m] : [m, k], 1, type),
      "b": Self.numbers(transposeB ? [n, k] : [k, n], 2, type),
      "w": Self.numbers([m, n], 3, type), "moment": Self.numbers([m, n], 4, type),
      "rate": Tensor([0.3], shape: [], type: type),
    ]
    let builder = GraphBuilder()
    func input(_ name: String) -> Expression {
      builder.input(name, values[name]?.type ?? TensorType(.scalar, type))
    }
    let product = Expression.apply(
      MatrixProduct(transposeA: transposeA, transposeB: transposeB), to: [input("a"), input("b")])
    let w = builder.variable("w", TensorType([m, n], type))
    let moment = builder.variable("moment", TensorType([m, n], type))
    let next = 0.9 * moment + product.squared() * product
    if !isDescent { builder.update(moment, with: next) }
    builder.update(w, with: w - input("rate") * (isDescent ? product : next))
    let graph = try builder.finish()
    let plan = try Plan(graph)
    // Nothing but what the updates write goes to memory.
    #expect(plan.arenaSize == 0, "\(m)×\(n)×\(k), \(plan)")
    let trace = try Trace(graph, values)
    var results: [[Tensor]] = []
    for threads in [1, 3] {
      let executor = try Executor(plan, threads: threads)
      for (name, value) in values {
        if graph.inputs.contains(where: { $0.name == name }) {
          try executor.setInput(name, value)
        } else {
          try executor.variables.set(name, value)
        }
      }
      executor.run()
      results.append(trace.updated.keys.sorted().compactMap { executor.variables[$0] })
    }
    #expect(results[0] == results[1], "\(m)×\(n)×\(k): other bits on three threads")
    let tolerance = Self.tolerance(type, terms: k) * Double(k)
    for (name, found) in zip(trace.updated.keys.sorted(), results[0]) {
      guard let expected = trace.updated[name] else { continue }
      let worst = zip(found.doubles, expected.doubles).map { abs($0 - $1) / max(1, abs($1)) }.max()
      #expect((worst ?? .infinity) <= tolerance, "\(name) of \(m)×\(n)×\(k)")
    }
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
