import Differentiation
import Execution
import GraphIR
import Tensors
import Testing

/// A recurrence to try: two carried values, one sequence, weights.
private struct Recurrence {
  var steps = 5
  var isReversed = false
  var segment: Int?
  var type = ScalarType.float64
  /// Whether the loss uses the outputs of all steps, and what is carried in the end.
  var usesOutputs = true
  var usesFinals = true

  /// The loss's graph: its value, and the gradients of all inputs.
  func graph(writtenOut: Bool) throws -> Graph {
    let builder = GraphBuilder(writesLoopsOut: writtenOut)
    let x = builder.input("x", TensorType([steps, 3, 2], type))
    let h = builder.input("h", TensorType([3, 4], type))
    let c = builder.input("c", TensorType([3, 4], type))
    let u = builder.input("u", TensorType([2, 8], type))
    let w = builder.input("w", TensorType([4, 8], type))
    let b = builder.input("b", TensorType([8], type))
    let result = builder.loop(
      over: [x], carrying: [h, c], with: [u, w, b], isReversed: isReversed, segment: segment
    ) { slices, carried, fixed in
      let net = slices[0].matmul(fixed[0]) + carried[0].matmul(fixed[1]) + fixed[2]
      let gate = sigmoid(net.slice(axis: 1, from: 0, to: 4))
      let cell = carried[1] * gate + tanh(net.slice(axis: 1, from: 4, to: 8))
      let hidden = gate * tanh(cell)
      return LoopStep(outputs: [hidden, cell * 0.5], carried: [hidden, cell])
    }
    var loss = builder.constant(Tensor(0, type: type))
    if usesOutputs { loss = loss + (result.outputs[0] * result.outputs[0]).sum() }
    if usesFinals { loss = loss + (result.finals[1] * 3).sum() + tanh(result.finals[0]).sum() }
    builder.output("loss", loss)
    for (name, slope) in zip(
      ["x", "h", "c", "u", "w", "b"], gradient(of: loss, withRespectTo: [x, h, c, u, w, b]))
    {
      builder.output("of " + name, slope)
    }
    builder.output("outputs", result.outputs[1])
    return try builder.finish()
  }

  var values: [String: Tensor] {
    let shapes: [(String, Shape)] = [
      ("x", [steps, 3, 2]), ("h", [3, 4]), ("c", [3, 4]), ("u", [2, 8]), ("w", [4, 8]), ("b", [8]),
    ]
    return Dictionary(
      uniqueKeysWithValues: shapes.enumerated().map { index, entry in
        (entry.0, Tensor.numbers(entry.1, in: -1...1, seed: UInt64(index)).cast(to: type))
      })
  }
}

private func agree(_ recurrence: Recurrence, within tolerance: Double, threads: Int? = nil) throws {
  let written = try Trace(recurrence.graph(writtenOut: true), recurrence.values)
  let graph = try recurrence.graph(writtenOut: false)
  let plain = try Trace(graph, recurrence.values)
  let executor = try Executor(Plan(graph), threads: threads)
  for (name, value) in recurrence.values { try executor.setInput(name, value) }
  // Twice: a run leaves nothing behind that the next one sees.
  executor.run()
  executor.run()
  for (name, _) in graph.outputs {
    let expected = try #require(written[name])
    let interpreted = try #require(plain[name])
    let computed = try executor.output(name)
    #expect(expected.shape == computed.shape)
    for (place, value) in expected.doubles.enumerated() {
      let bound = tolerance * max(1, abs(value))
      #expect(abs(computed.element(place) - value) <= bound, "\(name)[\(place)], run")
      #expect(abs(interpreted.element(place) - value) <= bound, "\(name)[\(place)], plain")
    }
  }
}

@Suite struct LoopTests {
  @Test(arguments: [1, 2, 5, 17], [false, true])
  func `A loop gives what its steps written out give`(steps: Int, isReversed: Bool) throws {
    try agree(Recurrence(steps: steps, isReversed: isReversed), within: 1e-12)
  }

  @Test(arguments: [(true, false), (false, true)])
  func `Gradients that reach only some results are right`(uses: (Bool, Bool)) throws {
    try agree(Recurrence(usesOutputs: uses.0, usesFinals: uses.1), within: 1e-12)
  }

  @Test(arguments: [1, 2, 3, 4], [false, true])
  func `Segments compute the same again`(segment: Int, isReversed: Bool) throws {
    try agree(Recurrence(steps: 11, isReversed: isReversed, segment: segment), within: 1e-12)
  }

  @Test func `Float32 agrees to its own rounding`() throws {
    try agree(Recurrence(steps: 7, type: .float32), within: 2e-5)
  }

  @Test func `The bits are the same at any thread count`() throws {
    let recurrence = Recurrence(steps: 9, type: .float32)
    let graph = try recurrence.graph(writtenOut: false)
    func outputs(_ threads: Int) throws -> [Tensor] {
      let executor = try Executor(Plan(graph), threads: threads)
      for (name, value) in recurrence.values { try executor.setInput(name, value) }
      executor.run()
      return try graph.outputs.map { try executor.output($0.name) }
    }
    let one = try outputs(1)
    #expect(try outputs(2) == one)
    #expect(try outputs(3) == one)
  }

  @Test func `The graph and its gradient do not grow with the steps`() throws {
    let short = try Recurrence(steps: 3).graph(writtenOut: false)
    let long = try Recurrence(steps: 3000).graph(writtenOut: false)
    #expect(short.nodes.count == long.nodes.count)
  }

  @Test func `A forward run keeps nothing for a gradient`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1000, 8], .float32))
    let zero = builder.constant(.zeros([8], type: .float32))
    let result = builder.loop(over: [x], carrying: [zero]) { slices, carried, _ in
      let sum = tanh(carried[0] + slices[0])
      return LoopStep(outputs: [], carried: [sum])
    }
    builder.output("sum", result.finals[0])
    let plan = try Plan(try builder.finish())
    #expect(plan.arenaSize < 1000)
  }

  @Test func `What does not fit is said`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([4, 3], .float64))
    let start = builder.input("start", TensorType([2], .float64))
    builder.at(path: "cell") {
      _ = builder.loop(over: [x], carrying: [start]) { slices, carried, _ in
        LoopStep(outputs: [], carried: [carried[0] + slices[0]])
      }
    }
    let error = #expect(throws: GraphError.self) { try builder.finish() }
    #expect("\(try #require(error))".hasPrefix("cell: "))
    #expect("\(try #require(error))".contains("[2] and [3]"))
  }

  @Test func `Slices that element-wise work reads are read where they lie`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([5, 12], .float64))
    let parts = (0..<3).map { x.slice(axis: 1, from: 4 * $0, to: 4 * $0 + 4) }
    let every = x.slice(axis: 1, from: 1, to: 12, by: 3)
    let column = x.slice(axis: 1, from: 8, to: 9)
    builder.output("y", parts[0] * parts[1] + parts[2] * every - column)
    let graph = try builder.finish()
    let plan = try Plan(graph)
    let value = Tensor.numbers([5, 12])
    let executor = try Executor(plan)
    try executor.setInput("x", value)
    executor.run()
    #expect(try executor.output("y") == (try Trace(graph, ["x": value]))["y"])
    #expect(plan.instructions.count <= 3)
  }
}
