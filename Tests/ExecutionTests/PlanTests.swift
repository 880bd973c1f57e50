import Differentiation
import Execution
import GraphIR
import Tensors
import Testing

/// Plans against plain evaluation, on whole graphs.
@Suite struct PlanTests {
  /// A training step of a small network with every kind of instruction: products with epilogues,
  /// chains, reductions, updates of parameters and of optimizer state.
  private func step(_ type: ScalarType, batch: Int, sizes: [Int]) throws -> (
    Graph, [String: Tensor]
  ) {
    let builder = GraphBuilder()
    var values: [String: Tensor] = [:]
    func variable(_ name: String, _ shape: Shape, seed: UInt64) -> Expression {
      values[name] = Tensor.numbers(shape, in: -0.5...0.5, seed: seed).cast(to: type)
      return builder.variable(name, TensorType(shape, type))
    }
    let x = builder.input("x", TensorType([batch, sizes[0]], type))
    let t = builder.input("t", TensorType([batch, sizes.last!], type))
    values["x"] = Tensor.numbers(x.shape, seed: 1).cast(to: type)
    values["t"] = Tensor.numbers(t.shape, seed: 2).cast(to: type)
    var parameters: [(String, Expression)] = []
    var activation = x
    for layer in 1..<sizes.count {
      let w = variable("w\(layer)", [sizes[layer - 1], sizes[layer]], seed: UInt64(10 * layer))
      let b = variable("b\(layer)", [sizes[layer]], seed: UInt64(10 * layer + 1))
      parameters += [("w\(layer)", w), ("b\(layer)", b)]
      activation = tanh(activation.matmul(w) + b)
    }
    let loss = (0.5 * (activation - t).squared()).sum() / Double(batch)
    let slopes = gradient(of: loss, withRespectTo: parameters.map(\.1))
    for ((name, parameter), slope) in zip(parameters, slopes) {
      values["m " + name] = .zeros(parameter.shape, type: type)
      let state = builder.variable("m " + name, parameter.type)
      let next = 0.9 * state + slope
      builder.update(state, with: next)
      builder.update(parameter, with: parameter - 0.1 * next)
    }
    builder.output("loss", loss)
    builder.output("y", activation)
    return (try builder.finish(), values)
  }

  @Test(arguments: [ScalarType.float32, .float64])
  func `several steps agree with plain evaluation`(type: ScalarType) throws {
    for (batch, sizes) in [(1, [2, 2, 2]), (7, [5, 3, 4]), (64, [65, 33, 17, 10])] {
      var (graph, values) = try step(type, batch: batch, sizes: sizes)
      let executor = try Executor(Plan(graph))
      for (name, value) in values {
        if name == "x" || name == "t" {
          try executor.setInput(name, value)
        } else {
          try executor.variables.set(name, value)
        }
      }
      let tolerance = type == .float32 ? 2e-5 : 1e-12
      for _ in 0..<5 {
        executor.run()
        let trace = try Trace(graph, values)
        values.merge(trace.updated) { $1 }
        #expect(
          abs(try executor.output("loss").scalar - trace["loss"]!.scalar) <= tolerance)
        for name in trace.updated.keys {
          for (a, b) in zip(executor.variables[name]!.doubles, values[name]!.doubles) {
            #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(name)")
          }
        }
      }
    }
  }

  @Test func `updates are written in place`() throws {
    let (graph, _) = try step(.float32, batch: 8, sizes: [6, 5, 4])
    let plan = try Plan(graph)
    // One value computed per update, each at its variable's address: no copies at the end.
    #expect(
      plan.graph.updates.allSatisfy { update in
        plan.locations[update.value] == plan.locations[update.variable]
      })
  }

  @Test func `the same bits at any number of threads`() throws {
    let (graph, values) = try step(.float32, batch: 256, sizes: [512, 384, 130])
    let plan = try Plan(graph)
    var results: [[Tensor]] = []
    for threads in [1, 2, 3, 8] {
      let executor = try Executor(plan, threads: threads)
      for (name, value) in values {
        if name == "x" || name == "t" {
          try executor.setInput(name, value)
        } else {
          try executor.variables.set(name, value)
        }
      }
      for _ in 0..<3 { executor.run() }
      results.append(executor.variables.names.map { executor.variables[$0]! })
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func `variables that swap values are read before they are written`() throws {
    let builder = GraphBuilder()
    let type = TensorType([3], .float64)
    let a = builder.variable("a", type)
    let b = builder.variable("b", type)
    builder.update(a, with: b)
    builder.update(b, with: a + 1)
    let executor = try Executor(Plan(builder.finish()))
    try executor.variables.set("a", Tensor([1.0, 2, 3]))
    try executor.variables.set("b", Tensor([10.0, 20, 30]))
    executor.run()
    #expect(executor.variables["a"] == Tensor([10.0, 20, 30]))
    #expect(executor.variables["b"] == Tensor([2.0, 3, 4]))
  }

  @Test func `a chain of 100,000 nodes differentiates and runs`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([2], .float64))
    var y = x
    for _ in 0..<100_000 { y = y * 0.99999 + 0.00001 }
    builder.output("slope", gradient(of: y.sum(), withRespectTo: [x])[0])
    builder.output("y", y)
    let executor = try Executor(Plan(builder.finish()))
    try executor.setInput("x", Tensor([2.0, 3.0]))
    executor.run()
    var expected = 1.0
    for _ in 0..<100_000 { expected *= 0.99999 }
    #expect(abs(try executor.output("slope").element(0) - expected) < 1e-12)
  }

  @Test func `wrong shapes are thrown with the layer's path`() {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([32, 784], .float32))
    let w = builder.variable("w", TensorType([728, 16], .float32))
    builder.at(path: "hidden") { builder.output("y", x.matmul(w)) }
    #expect {
      try builder.finish()
    } throws: {
      "\($0)" == "hidden: matmul: [32, 784] × [728, 16]: 784 columns meet 728 rows"
    }
  }

  @Test func `the description shows what runs`() throws {
    let (graph, _) = try step(.float32, batch: 8, sizes: [6, 5, 4])
    let text = try Plan(graph).description
    #expect(text.contains("matmul + add, tanh"))
    #expect(text.contains("variable w1"))
    #expect(text.contains("FLOPs"))
  }
}

/// Corners that random graphs or readers have found.
@Suite struct PlanCornerTests {
  private func run(_ builder: GraphBuilder, _ inputs: [String: Tensor]) throws -> Executor {
    let executor = try Executor(Plan(builder.finish()))
    for (name, value) in inputs { try executor.setInput(name, value) }
    executor.run()
    return executor
  }

  @Test func `a value read through a view by its own unit has memory`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1, 4], .float64))
    let w = builder.input("w", TensorType([1, 4], .float64))
    builder.output("z", w * exp(x).reshaped([4]))
    let values = ["x": Tensor([0.0, 1, 2, 3], shape: [1, 4]), "w": Tensor([[1, 2, 3, 4]])]
    let found = try run(builder, values).output("z")
    let trace = try Trace(builder.finish(), values)
    #expect(zip(found.doubles, trace["z"]!.doubles).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: 0..<4) func `a value that one loop would compute is read beside it`(
    number: Int
  ) throws {
    let builder = GraphBuilder()
    let a = builder.input("a", TensorType([5], .float64))
    let b = builder.input("b", TensorType([5], .float64))
    let (product, part) = (a * b, 0.9 * a)
    builder.output(
      "y",
      [
        product - product, product - product * b, part + 0.1 * part, part + 0.1 * part.squared(),
      ][number])
    let values = ["a": Tensor.numbers([5], seed: 1), "b": Tensor.numbers([5], seed: 2)]
    let found = try run(builder, values).output("y")
    let trace = try Trace(builder.finish(), values)
    #expect(zip(found.doubles, trace["y"]!.doubles).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func `chains that have a loop of their own are found`() throws {
    let builder = GraphBuilder()
    let type = TensorType([5], .float32)
    func input(_ name: String, _ type: TensorType = TensorType([5], .float32)) -> Expression {
      builder.input(name, type)
    }
    let (w, g, m, v) = (input("w"), input("g"), input("m"), input("v"))
    let number = TensorType(.scalar, .float32)
    let (rate, correction) = (input("rate", number), input("correction", number))
    let (mean, square) = (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g.squared())
    builder.output("mean", mean)
    builder.output("square", square)
    builder.output("w", w - rate * mean / (sqrt(square) * correction + 1e-8))
    let adam = try Plan(builder.finish())
    #expect(adam.instructions.count == 1)
    #expect(adam.description.contains("1  adam "))

    let other = GraphBuilder()
    let (a, b) = (other.input("a", type), other.input("b", type))
    other.output("y", 0.9 * a + 0.1 * b)
    other.output("z", 0.8 * a + 0.2 * b.squared())  // shares nothing with y
    let text = try Plan(other.finish()).description
    #expect(text.contains("moving average,") || text.contains("moving average "))
    #expect(text.contains("moving average of squares"))
  }

  @Test func `an input is read where it lies`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([2, 3], .float64))
    let w = builder.input("w", TensorType([3, 2], .float64))
    builder.output("product", x.matmul(w))
    builder.output("y", exp(x))
    let executor = try Executor(Plan(builder.finish()))
    let weights = Tensor([[1, 2], [3, 4], [5, 6]])
    let (own, other) = (Tensor([[1, 2, 3], [4, 5, 6]]), Tensor([[7, 8, 9], [10, 11, 12]]))
    try executor.setInput("w", weights)
    try executor.setInput("x", own)
    for value in [other, own, other] {
      try value.withUnsafeBytes { try executor.run("x", at: $0) }
      #expect(try executor.output("product") == MatrixProduct().evaluate([value, weights]))
      executor.run()
      #expect(try executor.output("product") == MatrixProduct().evaluate([own, weights]))
    }
    _ = other.withUnsafeBytes { bytes in
      #expect(throws: ExecutionError.self) { try executor.run("z", at: bytes) }
    }
  }

  @Test func `an input that is an output is copied`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([3], .float64))
    builder.output("x", x)
    builder.output("y", x + 1)
    let executor = try Executor(Plan(builder.finish()))
    try Tensor([1.0, 2, 3]).withUnsafeBytes { try executor.run("x", at: $0) }
    #expect(try executor.output("x") == Tensor([1.0, 2, 3]))
    #expect(try executor.output("y") == Tensor([2.0, 3, 4]))
  }

  @Test func `a name that is declared twice is one value`() throws {
    let builder = GraphBuilder()
    let a = builder.variable("w", TensorType([2], .float64))
    let b = builder.variable("w", TensorType([2], .float64))
    #expect(a.id == b.id)
    _ = builder.variable("w", TensorType([3], .float64))
    #expect(throws: GraphError.self) { try builder.finish() }
  }

  @Test func `zeros keep their signs`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1], .float64))
    builder.output("positive", x / 0.0)
    builder.output("negative", x / -0.0)
    builder.output("sum", 1 / (builder.input("y", TensorType([1], .float64)) + 0.0))
    let executor = try run(builder, ["x": Tensor([1.0]), "y": Tensor([-0.0])])
    #expect(try executor.output("positive").scalar == .infinity)
    #expect(try executor.output("negative").scalar == -.infinity)
    #expect(try executor.output("sum").scalar == .infinity)
  }

  @Test func `a product with more work than a number can count has a plan`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1 << 21, 1 << 21], .float32))
    builder.output("y", x.matmul(x))
    #expect(try Plan(builder.finish()).flops == .max)
  }

  @Test func `long sums in Float32 keep their digits`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([10_000, 2, 100], .float32))
    let a = builder.input("a", TensorType([1, 200_000], .float32))
    let b = builder.input("b", TensorType([200_000, 3], .float32))
    builder.output("sum", x.sum(axes: [0, 2]))
    builder.output("product", a.matmul(b))
    let tenth = { (shape: Shape) in Tensor(filledWith: 0.1, shape: shape, type: .float32) }
    let executor = try run(
      builder, ["x": tenth(x.shape), "a": tenth(a.shape), "b": tenth(b.shape)])
    let single = Double(Float(0.1))
    #expect(abs(try executor.output("sum").scalar / (1e6 * single) - 1) < 1e-6)
    #expect(abs(try executor.output("product").scalar / (2e5 * single * single) - 1) < 2e-5)
  }

  /// Long rows of a softmax are written over what they are of, where nothing else reads that.
  @Test(arguments: [false, true])
  func `a softmax of long rows takes no memory of its own`(isReadAgain: Bool) throws {
    let (rows, columns) = (9, 300)
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([rows, columns], .float32))
    let w = builder.input("w", TensorType([columns, columns], .float32))
    let logits = x.matmul(w)
    let logs = logSoftmax(logits)
    builder.output("y", isReadAgain ? (logs * logits).sum() : logs.sum())
    builder.output("z", logs.max(axes: [1]))
    let plan = try Plan(builder.finish())
    let matrix = rows * columns * MemoryLayout<Float>.size
    #expect((plan.arenaSize < 2 * matrix) == !isReadAgain, "\(plan)")
    let values = [
      "x": Tensor.numbers([rows, columns], in: -1...1, seed: 1).cast(to: .float32),
      "w": Tensor.numbers([columns, columns], in: -1...1, seed: 2).cast(to: .float32),
    ]
    try Agreement().expect(builder, values, tolerance: 1e-4, "logSoftmax")
  }
}
