import Differentiation
import Execution
import GraphIR
import Tensors
import Testing

/// A recurrence whose loop is worth cutting by rows, or packing matrices for: what it carries, a
/// sequence, weights.
private struct Sizes {
  var rows = 50
  var units = 20
  var features = 5
  var steps = 9
  var isReversed = false
  var type = ScalarType.float64
}

private typealias Body = (_ x: Expression, _ h: Expression, _ w: Expression) -> Expression

extension Sizes {
  /// The loss of a recurrence, and the gradients of all inputs.
  func graph(_ body: Body) throws -> Graph {
    let builder = GraphBuilder()
    func input(_ name: String, _ shape: Shape) -> Expression {
      builder.input(name, TensorType(shape, type))
    }
    let x = input("x", [steps, rows, 4 * units])
    let (h, c, w) = (
      input("h", [rows, units]), input("c", [rows, units]), input("w", [units, 4 * units])
    )
    let result = builder.loop(over: [x], carrying: [h, c], with: [w], isReversed: isReversed) {
      slices, carried, fixed in
      let net = body(slices[0], carried[0], fixed[0])
      func gate(_ number: Int) -> Expression {
        net.slice(axis: 1, from: number * units, to: (number + 1) * units)
      }
      let cell = sigmoid(gate(0)) * carried[1] + sigmoid(gate(1)) * tanh(gate(2))
      let hidden = sigmoid(gate(3)) * tanh(cell)
      return LoopStep(outputs: [hidden], carried: [hidden, cell])
    }
    let loss = (result.outputs[0] * result.outputs[0]).sum() + result.finals[1].sum()
    builder.output("loss", loss)
    let all = [x, h, c, w]
    for (name, slope) in zip(["x", "h", "c", "w"], gradient(of: loss, withRespectTo: all)) {
      builder.output("of " + name, slope)
    }
    return try builder.finish()
  }

  var values: [String: Tensor] {
    let shapes: [(String, Shape)] = [
      ("x", [steps, rows, 4 * units]), ("h", [rows, units]), ("c", [rows, units]),
      ("w", [units, 4 * units]),
    ]
    return Dictionary(
      uniqueKeysWithValues: shapes.enumerated().map { index, entry in
        let all = Tensor.numbers(entry.1, in: -0.5...0.5, seed: UInt64(index))
        return (entry.0, all.cast(to: type))
      })
  }

  /// The outputs at each number of threads have the same bits, and are what the plain evaluation
  /// gives.
  func agree(cut: Int, within tolerance: Double, _ body: Body) throws {
    let graph = try graph(body)
    let plan = try Plan(graph)
    #expect(plan.loopsCutByRows == cut)
    let expected = try Trace(graph, values)
    var first: [String: Tensor] = [:]
    for threads in [1, 2, 3, 8] {
      let executor = try Executor(plan, threads: threads)
      for (name, value) in values { try executor.setInput(name, value) }
      // Twice: a run leaves nothing behind that the next one sees.
      executor.run()
      executor.run()
      for (name, _) in graph.outputs {
        let computed = try executor.output(name)
        if let known = first[name] {
          #expect(computed == known, "\(name), \(threads) threads")
          continue
        }
        first[name] = computed
        let right = try #require(expected[name])
        let worst = right.doubles.enumerated().reduce(0.0) { worst, entry in
          max(worst, abs(computed.element(entry.0) - entry.1) / max(1, abs(entry.1)))
        }
        #expect(worst <= tolerance, "\(name)")
      }
    }
  }
}

@Suite struct LoopRowsTests {
  @Test(arguments: [33, 50, 64, 200], [false, true])
  func `A loop whose rows do not meet is cut by rows`(rows: Int, isReversed: Bool) throws {
    try Sizes(rows: rows, isReversed: isReversed).agree(cut: 2, within: 1e-12) { x, h, w in
      x + h.matmul(w)
    }
    try Sizes(rows: rows, units: 24, isReversed: isReversed, type: .float32).agree(
      cut: 2, within: 1e-4
    ) { x, h, w in x + h.matmul(w) }
  }

  @Test func `Rows that meet in a step are not cut`() throws {
    try Sizes().agree(cut: 0, within: 1e-12) { x, h, w in
      x + (h - h.mean(axes: [0], keepingAxes: true)).matmul(w)
    }
    try Sizes().agree(cut: 0, within: 1e-12) { x, h, w in
      let rotated = concatenate(
        [h.slice(axis: 0, from: 1, to: 50), h.slice(axis: 0, from: 0, to: 1)], axis: 0)
      return x + rotated.matmul(w)
    }
    try Sizes().agree(cut: 0, within: 1e-12) { x, h, w in
      x + h.matmul(h.matmul(h, transposeA: true) * 0.02).matmul(w)
    }
  }

  @Test func `A loop whose rows all read one row of what is carried is not cut`() throws {
    try Sizes().agree(cut: 0, within: 1e-12) { x, h, w in
      x + (h * h.slice(axis: 0, from: 0, to: 1)).matmul(w)
    }
  }

  @Test func `Large matrices are packed once, small loops left alone`() throws {
    // More weights than a core's cache holds: not cut, but packed for all steps.
    try Sizes(rows: 37, units: 150, steps: 5).agree(cut: 0, within: 1e-11) { x, h, w in
      x + h.matmul(w)
    }
    try Sizes(rows: 37, units: 190, steps: 4, type: .float32).agree(cut: 0, within: 1e-4) {
      x, h, w in x + h.matmul(w)
    }
    try Sizes(rows: 31).agree(cut: 0, within: 1e-12) { x, h, w in x + h.matmul(w) }
  }
}
