import Execution
import GraphIR
import Tensors
import Testing

/// Batches picked from many rows.
struct RowTests {
  @Test(arguments: [ScalarType.float32, .float64], [1, 3])
  func `rows of bytes become the numbers that scaling gives`(type: ScalarType, threads: Int) throws
  {
    let pool = ThreadPool(threads: threads, scratchSize: 64)
    for (rows, width) in [(1, 1), (5, 17), (64, 784), (300, 65)] {
      let values = Self.bytes(rows * width)
      let features = Tensor(values, shape: [rows, width])
      let picked = (0..<rows + 3).map { ($0 * 11) % rows }
      let taken = picked.flatMap { values[($0 * width)..<(($0 + 1) * width)] }.map(Double.init)
      let shape: Shape = [picked.count, width]
      let copied = Tensor(shape: shape, type: .float32) {
        pool.gather(picked[...], of: features, into: $0)
      }
      #expect(copied.doubles == taken)
      for divisor in [1.0, 255, 16, 3, 254.5, 0.125] {
        let source = try #require(ByteRows(features, dividedBy: divisor, type: type))
        let found = Tensor(shape: shape, type: type) {
          pool.gather(picked[...], of: source, into: $0)
        }
        #expect(found == Tensor(taken.map { $0 / divisor }, shape: shape, type: type))
      }
    }
  }

  @Test func `numbers that are no bytes stay as they are`() {
    let whole = (0..<5000).map { Double($0 % 256) }
    #expect(ByteRows(Tensor(whole, shape: [50, 100]), dividedBy: 255, type: .float64) != nil)
    for stray in [256, -1, 0.5, -0.0, .nan, .infinity, 1e300] {
      for place in [0, 4095, 4096, 4999] {
        var values = whole
        values[place] = stray
        for type in [ScalarType.float32, .float64] {
          let tensor = Tensor(values, shape: [50, 100], type: type)
          #expect(ByteRows(tensor, dividedBy: 255, type: type) == nil, "\(stray) at \(place)")
        }
      }
    }
    let tensor = Tensor(whole, shape: [50, 100])
    for divisor in [0, -1, .nan, .infinity, 1e-320, 1e45] {
      #expect(ByteRows(tensor, dividedBy: divisor, type: .float32) == nil)
    }
  }

  /// Of a product whose sums are cut each task picks its columns; what comes out has the bits that it
  /// has after all rows were picked.
  @Test(arguments: [(10, 784, 30), (32, 784, 16), (8, 1003, 31), (16, 401, 33)], [1, 2, 3, 8])
  func `tasks pick the columns that they multiply`(sizes: (Int, Int, Int), threads: Int) throws {
    let (batch, width, units) = sizes
    let rows = Tensor(Self.bytes(40 * width), shape: [40, width])
    let picked = (0..<batch).map { ($0 * 7 + 3) % 40 }
    let graph = try layer(batch: batch, width: width, units: units)
    let executor = try Executor(Plan(graph), threads: threads)
    try executor.variables.set(
      "w", Tensor.numbers([width, units], in: -1...1, seed: 5).cast(to: .float32))
    let step = try #require(executor.columnStep(reading: "x"))
    let bytes = try #require(ByteRows(rows, dividedBy: 255, type: .float32))
    func run(pick: (UnsafeMutableRawBufferPointer, ColumnStep?) -> Void, byTasks: Bool) throws
      -> [Tensor]
    {
      let input = try executor.withInput("x") { $0 }
      input.initializeMemory(as: UInt8.self, repeating: 0xFF)
      if byTasks {
        executor.run(step) { pick(input, step) }
      } else {
        pick(input, nil)
        executor.run()
      }
      return try ["y", "sum"].map { try executor.output($0) }
    }
    let (all, next) = (picked[...], [0, 39][...])
    var expected: [[Tensor]] = []
    for byTasks in [false, true] {
      let numbers = try run(
        pick: { executor.pool.gather(all, next: next, of: rows, into: $0, then: $1) },
        byTasks: byTasks)
      let scaled = try run(
        pick: { executor.pool.gather(all, next: next, of: bytes, into: $0, then: $1) },
        byTasks: byTasks)
      if byTasks {
        #expect(numbers == expected[0] && scaled == expected[1])
      } else {
        expected = [numbers, scaled]
      }
    }
  }

  @Test func `rows are picked before where tasks do not read columns of their own`() throws {
    // Cut into columns of the result, too short to be cut, or read by something else before.
    for (batch, width, units) in [(64, 784, 128), (10, 100, 30)] {
      let graph = try layer(batch: batch, width: width, units: units)
      #expect(try Executor(Plan(graph)).columnStep(reading: "x") == nil)
      #expect(try Executor(Plan(graph)).columnStep(reading: "nothing") == nil)
    }
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([10, 784], .float32))
    builder.output("y", relu(x).matmul(builder.variable("w", TensorType([784, 30], .float32))))
    #expect(try Executor(Plan(builder.finish())).columnStep(reading: "x") == nil)
  }

  /// Whole numbers of 0 to 255.
  private static func bytes(_ count: Int) -> [Float] {
    (0..<count).map { (index: Int) -> Float in Float((index * 37 + index / 256) % 256) }
  }

  private func layer(batch: Int, width: Int, units: Int) throws -> Graph {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([batch, width], .float32))
    let w = builder.variable("w", TensorType([width, units], .float32))
    builder.output("y", sigmoid(x.matmul(w)))
    builder.output("sum", x.sum(axes: [0]))
    return try builder.finish()
  }
}
