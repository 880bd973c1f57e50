import Execution
import GraphIR
import Tensors

/// Times plans of one kind of work.
struct Stopwatch {
  let threads: Int?
  let seconds: Double

  /// The threads that take part.
  var poolThreads: Int {
    (try? executor { $0.input("x", TensorType([1], .float32)) + 1 }.pool.threads) ?? 1
  }

  /// The products of a dense layer's step, for matrices a and b of [m, k] and [k, n].
  enum Form: CaseIterable {
    /// max(0, a b + c), as forward.
    case layer
    /// a b where b is held transposed, as the gradient of what came in.
    case transposedRight
    /// a b where a is held transposed, as the gradient of weights.
    case transposedLeft
  }

  /// A product of two matrices: one of several of different matrices that follow one another, as those of
  /// a network's layers do. A product alone would find its matrices in the cache.
  func product(_ size: ProductSize, _ form: Form = .transposedLeft) throws -> Calibration.Measured {
    let count = size.multiplyAdds < 1 << 30 ? 4 : 1
    let executor = try executor { builder in
      for number in 1..<count { builder.output("y\(number)", product(size, form, number, builder)) }
      return product(size, form, 0, builder)
    }
    let plan = executor.plan
    return Calibration.Measured(
      size: size, tasks: plan.instructions.first?.taskCount ?? 1,
      bytes: plan.instructions.first.map(plan.bytes) ?? 0, seconds: time(executor) / Double(count))
  }

  private func product(_ size: ProductSize, _ form: Form, _ number: Int, _ builder: GraphBuilder)
    -> Expression
  {
    func matrix(_ name: String, _ rows: Int, _ columns: Int) -> Expression {
      builder.input("\(name)\(number)", TensorType([rows, columns], .float32))
    }
    let (m, n, k) = (size.m, size.n, size.k)
    switch form {
    case .layer: return relu(matrix("a", m, k).matmul(matrix("b", k, n)) + matrix("c", 1, n))
    case .transposedRight: return matrix("a", m, k).matmul(matrix("b", n, k).transposed())
    case .transposedLeft: return matrix("a", k, m).transposed().matmul(matrix("b", k, n))
    }
  }

  /// Convolutions of generic sizes and their gradients, over square pictures.
  func convolutions() throws -> [Calibration.Measured] {
    try [
      (4, 24, 1, 8, 3), (64, 24, 1, 8, 3), (8, 16, 4, 4, 5), (64, 20, 4, 12, 5), (16, 20, 8, 24, 3),
      (4, 12, 16, 16, 3), (64, 12, 24, 48, 3), (32, 10, 64, 64, 3), (8, 40, 3, 24, 5),
      (1, 20, 2, 8, 5), (1, 12, 12, 12, 3),
    ].flatMap { rows, size, channels, outputs, kernel in
      let geometry = ConvolutionGeometry(strides: [1, 1])
      let x = TensorType([rows, size, size, channels], .float32)
      let w = TensorType([kernel, kernel, channels, outputs], .float32)
      let y = try Convolve(geometry).outputType([x, w])
      return [
        try convolution(Convolve(geometry), x, w),
        try convolution(ConvolveWeightGradient(geometry, kernelSizes: [kernel, kernel]), x, y),
        try convolution(ConvolveInputGradient(geometry, inputSizes: [size, size]), y, w),
      ]
    }
  }

  private func convolution(_ operation: any Operation, _ a: TensorType, _ b: TensorType) throws
    -> Calibration.Measured
  {
    let executor = try executor {
      .apply(operation, to: [$0.input("a", a), $0.input("b", b)])
    }
    let (plan, output) = (executor.plan, try operation.outputType([a, b]))
    return Calibration.Measured(
      size: operation.product(inputs: [a, b], output: output) ?? ProductSize(m: 1, n: 1, k: 1),
      tasks: plan.instructions.first?.taskCount ?? 1,
      bytes: plan.instructions.first.map(plan.bytes) ?? 0, seconds: time(executor))
  }

  /// A pass that was measured.
  struct Pass {
    let work: InstructionWork
    let seconds: Double
  }

  /// A pass of a graph that has one alone.
  func pass(_ body: (GraphBuilder) throws -> Expression) throws -> Pass? {
    let executor = try executor(body)
    let works = StepWork(of: executor.plan).instructions
    guard let work = works.first, works.count == 1 else { return nil }
    return Pass(work: work, seconds: time(executor))
  }

  /// The side of the least square matrix that no vector holds.
  private static let leastSide = 5

  /// Seconds of one small pass in a chain of sums and element-wise passes.
  func startup() throws -> Double {
    try meanSeconds(size: Self.leastSide) { x, _ in x + x.sum(axes: [0, 1], keepingAxes: true) }
  }

  /// Seconds of one product that is small but packs its operands, every other one with an epilogue.
  func packedProduct() throws -> Double {
    try meanSeconds(size: Self.leastSide) { x, w in relu(x.matmul(w) + 0.5).matmul(w) }
  }

  /// What short passes take, from products of 2×2 matrices alone, with many operations behind them, and
  /// with a function.
  func shortPasses() throws -> Device.ShortPasses {
    let (size, links) = (2, 3)
    let bare = try meanSeconds(size: size) { x, w in x.matmul(w) }
    // Some operations wait for one another, some do not, as in a step.
    let many = try meanSeconds(size: size) { x, w in
      (0..<links).reduce(x.matmul(w)) { y, _ in (y * w) * (y + 0.5) }
    }
    let curved = try meanSeconds(size: size) { x, w in sigmoid(x.matmul(w)) }
    let step = max(0, many - bare) / Double(3 * links)
    return Device.ShortPasses(
      startup: max(0, bare - Double(size) * step), step: step, function: max(step, curved - bare))
  }

  /// Seconds of a pass, in a chain of the same over square matrices.
  private func meanSeconds(size: Int, _ link: (Expression, Expression) -> Expression) throws
    -> Double
  {
    // The best of several, which lie differently in memory: what disturbs only adds.
    try (8..<13).map { length in
      let executor = try executor { builder in
        let w = builder.input("w", TensorType([size, size], .float32))
        return (0..<length).reduce(builder.input("x", TensorType([size, size], .float32))) { x, _ in
          link(x, w)
        }
      }
      return time(executor, quantile: 0.25) / Double(executor.plan.instructions.count)
    }.min() ?? 0
  }

  /// What handing tasks to other threads and waiting for them takes: the best of several pools' times of
  /// tasks that do nothing. That threads read what others have written is the products' own time.
  func handoff() throws -> Double {
    let tasks = 8
    return try (0..<3).map { _ in
      let pool = try executor { $0.input("x", TensorType([1], .float32)) + 1 }.pool
      guard pool.threads > 1 else { return 0 }
      let times = blockTimes(block: 0.001, seconds: seconds, least: 8) {
        pool.runNothing(tasks: tasks)
      }
      return times[times.count / 4]
    }.min() ?? 0
  }

  private func executor(_ body: (GraphBuilder) throws -> Expression) throws -> Executor {
    let builder = GraphBuilder()
    builder.output("y", try body(builder))
    let graph = try builder.finish()
    let executor = try Executor(Plan(graph), threads: threads)
    // Memory that nobody has written can hold numbers that are slow to compute with, or be no memory yet.
    for (name, type) in graph.inputs {
      try executor.withInput(name) { bytes in
        if type.scalarType == .int32 {
          let indices = bytes.bindMemory(to: Int32.self)
          for place in indices.indices { indices[place] = Int32(place) }
        } else {
          bytes.bindMemory(to: Float.self).update(repeating: 0.5)
        }
      }
    }
    return executor
  }

  /// A quantile of the times of blocks of runs, of one run; the median by default.
  private func time(_ executor: Executor, quantile: Double = 0.5) -> Double {
    let times = blockTimes(block: 0.001, seconds: seconds, least: 8) { executor.runOnAll() }
    return times[Int(quantile * Double(times.count))]
  }
}
