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

  /// A product of two matrices.
  func product(_ size: ProductSize) throws -> Calibration.Measured {
    let executor = try executor { builder in
      builder.input("a", TensorType([size.m, size.k], .float32))
        .matmul(builder.input("b", TensorType([size.k, size.n], .float32)))
    }
    let plan = executor.plan
    return Calibration.Measured(
      size: size, tasks: plan.instructions.first.map(plan.taskCount) ?? 1,
      bytes: plan.instructions.first.map(plan.bytes) ?? 0, seconds: time(executor))
  }

  /// Convolutions of generic sizes and their weights' gradients, over square pictures.
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
      tasks: plan.instructions.first.map(plan.taskCount) ?? 1,
      bytes: plan.instructions.first.map(plan.bytes) ?? 0, seconds: time(executor))
  }

  /// Bytes a second of a pass that reads and writes so many bytes together.
  func bandwidth(bytes: Int) throws -> Double {
    let executor = try executor { $0.input("x", TensorType([bytes / 8], .float32)) + 1 }
    return Double(bytes) / time(executor)
  }

  /// Seconds of one small pass in a chain of them.
  func startup() throws -> Double {
    let count = 16
    let executor = try executor { builder in
      var x = builder.input("x", TensorType([2, 2], .float32))
      let w = builder.input("w", TensorType([2, 2], .float32))
      // Half of them with an epilogue, as in networks.
      for pass in 0..<count { x = pass % 2 == 0 ? x.matmul(w) : sigmoid(x.matmul(w) + 0.5) }
      return x
    }
    return time(executor) / Double(count)
  }

  /// What a pass of several tasks takes longer than its work and start: the smallest product that is cut.
  func handoff(startup: Double) throws -> Double {
    for size in [16, 24, 32, 48, 64, 96, 128] {
      let shared = try product(ProductSize(m: size, n: size, k: size))
      guard shared.tasks > 1 else { continue }
      let alone = try Stopwatch(threads: 1, seconds: seconds)
        .product(ProductSize(m: size, n: size, k: size))
      let share = Double(min(shared.tasks, poolThreads))
      return max(0, shared.seconds - (alone.seconds - startup) / share - startup)
    }
    return 0
  }

  /// Floating-point operations a second of an activation in the cache.
  func otherRate() throws -> Double {
    let executor = try executor { tanh($0.input("x", TensorType([1 << 16], .float32))) }
    return Double(executor.plan.flops) / time(executor)
  }

  private func executor(_ body: (GraphBuilder) throws -> Expression) throws -> Executor {
    let builder = GraphBuilder()
    builder.output("y", try body(builder))
    return try Executor(Plan(builder.finish()), threads: threads)
  }

  /// The median of the times of blocks of runs, of one run.
  private func time(_ executor: Executor) -> Double {
    let clock = ContinuousClock()
    func block(_ runs: Int) -> Double {
      let start = clock.now
      for _ in 0..<runs { executor.run() }
      return (clock.now - start) / .seconds(1)
    }
    var runs = 1
    while block(runs) < 0.001 { runs *= 2 }
    var (times, total): ([Double], Double) = ([], 0)
    while total < seconds || times.count < 5 {
      let elapsed = block(runs)
      total += elapsed
      times.append(elapsed / Double(runs))
    }
    return times.sorted()[times.count / 2]
  }
}
