import Execution
import GraphIR
import Tensors
import Testing

/// Plans of random graphs against plain evaluation: whatever is fused, shared, written in place or
/// laid over dead values, the numbers stay.
@Suite struct RandomGraphTests {
  /// How large a graph's values are.
  private struct Size {
    let rows: Int
    let columns: Int
    /// The columns of an input whose product with a variable has long sums; 0 for none.
    var long = 0
  }

  @Test(arguments: 0..<400) func `a random graph`(seed: Int) throws {
    try check(seed: seed, Size(rows: 4, columns: 6), threads: 1 + seed % 3)
  }

  /// Values that are cut into tasks, by rows and otherwise, and instructions beside one another.
  @Test(arguments: 0..<160) func `a random graph of larger values`(seed: Int) throws {
    let sizes = [
      Size(rows: 32, columns: 16, long: 784), Size(rows: 96, columns: 64),
      Size(rows: 64, columns: 10, long: 640), Size(rows: 50, columns: 33, long: 400),
    ]
    try check(seed: seed, sizes[seed % sizes.count], threads: [2, 3, 8][seed / 4 % 3])
  }

  private func check(seed: Int, _ size: Size, threads: Int) throws {
    var random = RandomStream(seed: UInt64(seed), name: "graph")
    let type: ScalarType = seed % 2 == 0 ? .float64 : .float32
    let (graph, inputs, variables) = try randomGraph(&random, type, size)
    let executor = try Executor(Plan(graph), threads: threads)
    var values = inputs.merging(variables) { $1 }
    for (name, value) in inputs { try executor.setInput(name, value) }
    for (name, value) in variables { try executor.variables.set(name, value) }
    let tolerance = type == .float64 ? 1e-10 : 1e-3
    for run in 0..<3 {
      let trace = try Trace(graph, values)
      if run == 0 {
        executor.run()
      } else {
        executor.run(team: (seed / 12 + run) % executor.pool.teams.count)
      }
      for output in graph.outputs {
        expectClose(
          try executor.output(output.name), trace[output.node], tolerance,
          "seed \(seed), run \(run), \(output.name)")
      }
      values.merge(trace.updated) { $1 }
      for name in trace.updated.keys {
        guard let found = executor.variables[name], let expected = values[name] else { continue }
        expectClose(found, expected, tolerance, "seed \(seed), run \(run), \(name)")
      }
    }
  }

  private func expectClose(_ found: Tensor, _ expected: Tensor, _ tolerance: Double, _ at: String) {
    #expect(found.type == expected.type)
    let worst =
      zip(found.doubles, expected.doubles)
      .map { a, b in a.isNaN && b.isNaN || a == b ? 0 : abs(a - b) / max(1, abs(b)) }
      .max() ?? 0
    #expect(worst <= tolerance, "\(at): differs by \(worst)")
  }

  private func randomGraph(_ random: inout RandomStream, _ type: ScalarType, _ size: Size) throws
    -> (Graph, [String: Tensor], [String: Tensor])
  {
    let builder = GraphBuilder()
    var inputs: [String: Tensor] = [:]
    var variables: [String: Tensor] = [:]
    func pick(_ count: Int) -> Int { Int(random.next(upperBound: UInt64(count))) }
    let (rows, columns) = (size.rows, size.columns)
    let shapes: [Shape] = [
      [rows, columns], [columns], [rows, 1], [], [rows, columns], [columns, columns],
      [rows, columns], [1, columns],
    ]
    var pool: [Expression] = []
    for index in 0..<(3 + pick(3)) {
      let shape = shapes[pick(shapes.count)]
      let value = Tensor.numbers(shape, in: -1...1, seed: UInt64(index)).cast(to: type)
      inputs["x\(index)"] = value
      pool.append(builder.input("x\(index)", value.type))
    }
    var states: [Expression] = []
    for index in 0..<(1 + pick(4)) {
      let shape = shapes[pick(shapes.count)]
      let value = Tensor.numbers(shape, in: -1...1, seed: UInt64(50 + index)).cast(to: type)
      variables["v\(index)"] = value
      states.append(builder.variable("v\(index)", value.type))
    }
    pool += states
    if size.long > 0 {
      let x = Tensor.numbers([rows, size.long], in: -1...1, seed: 90).cast(to: type)
      let w = Tensor.numbers([size.long, columns], in: -0.1...0.1, seed: 91).cast(to: type)
      (inputs["long"], variables["weight"]) = (x, w)
      let (input, weight) = (
        builder.input("long", x.type), builder.variable("weight", w.type)
      )
      let product = tanh(input.matmul(weight))
      pool += [product, product, product * 0.5]
      builder.update(
        weight, with: weight - input.matmul(product * 0.01, transposeA: true) / Double(rows))
    }
    for _ in 0..<(5 + pick(40)) {
      let a = pool[pick(pool.count)]
      let b = pool[pick(pool.count)]
      pool.append(combined(a, b, choice: pick(16), size))
    }
    for (index, state) in states.enumerated() {
      let candidates = pool.filter { $0.type == state.type }
      guard pick(4) > 0, let value = candidates.isEmpty ? nil : candidates[pick(candidates.count)]
      else { continue }
      builder.update(state, with: pick(3) == 0 ? value : tanh(value * 0.5 + state))
      if pick(5) == 0 { builder.output("state \(index)", state) }
    }
    for index in 0..<(1 + pick(4)) {
      builder.output("y\(index)", pool[pool.count - 1 - pick(min(pool.count, 12))])
    }
    return (try builder.finish(), inputs, variables)
  }

  /// A value made of one or two others, whatever their shapes allow; all stay of order 1.
  private func combined(_ a: Expression, _ b: Expression, choice: Int, _ size: Size)
    -> Expression
  {
    let fits = a.shape.broadcast(with: b.shape) != nil
    let (rows, columns) = (size.rows, size.columns)
    let matrix: Shape = [rows, columns]
    switch choice {
    case 0: return tanh(a)
    case 1: return sigmoid(a)
    case 2: return fits ? (a + b) * 0.5 : relu(a)
    case 3: return fits ? a * b : -a
    case 4: return fits ? a - b : a.squared()
    case 5: return fits ? maximum(a, b) : abs(a)
    case 6 where a.shape.rank == 2: return a.sum(axes: [1], keepingAxes: true) / Double(columns)
    case 7 where a.shape.rank == 2: return a.mean(axes: [0])
    case 8 where a.shape == matrix: return a.reshaped([rows * columns]).reshaped(matrix) * 0.9
    case 8 where a.shape.count == columns:
      return a.reshaped(a.shape.rank == 1 ? [1, columns] : [columns])
    case 9 where a.shape.rank == 2: return a.transposed().transposed() + 0.25
    case 10 where a.shape == matrix && b.shape == [columns, columns]:
      return a.matmul(b) / Double(columns)
    case 11 where a.shape == matrix && b.shape == matrix:
      return a.matmul(b, transposeA: true) / Double(rows)
    case 12 where a.shape == [columns]: return a.broadcast(to: matrix)
    case 13 where a.shape == matrix: return softmax(a)
    case 14 where fits: return select(a .> b, a, b) * 0.7
    case 15 where a.shape == matrix:
      return a.slice(axis: 0, from: 1, to: 2).reshaped([columns])
    default: return a * 0.8 + 0.1
    }
  }
}
