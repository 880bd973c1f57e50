import Execution
import GraphIR
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Values of a handful of elements: whole vectors go through their rooms, and nothing beyond a value is
/// read where a caller has it, or written where another lies.
@Suite struct ShortChainTests {
  private static let sizes = [
    (1, 2, 2), (2, 2, 2), (4, 2, 2), (2, 4, 3), (4, 4, 4), (1, 8, 1), (3, 1, 5), (1, 1, 8),
  ]

  @Test(arguments: [ScalarType.float32, .float64])
  func `products of small matrices, with what follows them`(type: ScalarType) throws {
    let agreement = Agreement()
    let most = 64 / type.size
    for (m, n, k) in Self.sizes where m * n <= most {
      for transposes in [(false, false), (true, false), (false, true), (true, true)] {
        let builder = GraphBuilder()
        let a: Shape = transposes.0 ? [k, m] : [m, k]
        let b: Shape = transposes.1 ? [n, k] : [k, n]
        let values = [a, b, [n]].enumerated().map { index, shape in
          Tensor.numbers(shape, in: -2...2, seed: UInt64(index)).cast(to: type)
        }
        let inputs = values.enumerated().map { builder.input("x\($0)", $1.type) }
        let product = inputs[0].matmul(
          inputs[1], transposeA: transposes.0, transposeB: transposes.1)
        builder.output("product", product)
        builder.output("activation", sigmoid(product + inputs[2]))
        builder.output("sum", (product * product).sum())
        let named = Dictionary(uniqueKeysWithValues: values.enumerated().map { ("x\($0)", $1) })
        try agreement.expect(
          builder, named, tolerance: type == .float32 ? 1e-5 : 1e-12, "\(m)×\(n)×\(k) \(type)")
      }
    }
  }

  @Test(arguments: [ScalarType.float32, .float64])
  func `an element has the bits that it has in a long tensor`(type: ScalarType) throws {
    func result(_ count: Int) throws -> [Double] {
      let builder = GraphBuilder()
      let numbers: [Double] = (0..<count).map { Double($0) / 13 - 2 }
      let values = Tensor(numbers).cast(to: type)
      let x = builder.input("x", values.type)
      let gate = sigmoid(x * x + 0.3)
      builder.output("z", tanh(x) * exp(x) + gate)
      let executor = try Executor(Plan(builder.finish()))
      try executor.setInput("x", values)
      executor.run()
      return try executor.output("z").doubles
    }
    #expect(try result(3) == Array(result(100).prefix(3)))
  }

  @Test func `numbers, rows and columns spread over a small matrix`() throws {
    let builder = GraphBuilder()
    let shapes: [Shape] = [[3, 4], [], [4], [3, 1], [1, 4]]
    let values = shapes.enumerated().map {
      Tensor.numbers($1, in: 0.5...2, seed: UInt64($0)).cast(to: .float32)
    }
    let x = values.enumerated().map { builder.input("x\($0)", $1.type) }
    builder.output("y", (x[0] * x[1] + x[2]) / x[3] - x[4])
    builder.output("power", pow(x[0], x[2]))
    builder.output("sine", sin(x[0] + x[1]))
    let named = Dictionary(uniqueKeysWithValues: values.enumerated().map { ("x\($0)", $1) })
    try Agreement().expect(builder, named, tolerance: 1e-5, "spread")
  }

  @Test func `parameters that lie side by side keep their own`() throws {
    // Each has three elements; a vector has room for sixteen.
    let builder = GraphBuilder()
    let type = TensorType([3], .float32)
    for name in ["a", "b", "c"] {
      let variable = builder.variable(name, type)
      builder.update(variable, with: variable * 2 + 1)
    }
    let executor = try Executor(Plan(builder.finish()))
    for (index, name) in ["a", "b", "c"].enumerated() {
      try executor.variables.set(name, Tensor([Float](repeating: Float(index), count: 3)))
    }
    for _ in 0..<3 { executor.run() }
    for (index, name) in ["a", "b", "c"].enumerated() {
      let expected = Float(8 * index + 7)
      #expect(executor.variables[name]?.floats == [expected, expected, expected])
    }
  }

  /// The page behind the input may not be touched: reading there would end the process.
  @Test func `an input at the end of memory`() throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let memory = try #require(
      mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0))
    defer { munmap(memory, 2 * page) }
    try #require(memory != MAP_FAILED && mprotect(memory + page, page, PROT_NONE) == 0)
    let start = memory + page - 2 * MemoryLayout<Float>.size
    start.storeBytes(of: 2, as: Float.self)
    start.storeBytes(of: 3, toByteOffset: 4, as: Float.self)

    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1, 2], .float32))
    let weight = builder.constant(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]))
    builder.output("net", x.matmul(weight) + 1)
    builder.output("square", x * x)
    let executor = try Executor(Plan(builder.finish()))
    try executor.run("x", at: UnsafeRawBufferPointer(start: start, count: 8))
    #expect(try executor.output("net").floats == [12, 17])
    #expect(try executor.output("square").floats == [4, 9])
  }
}
