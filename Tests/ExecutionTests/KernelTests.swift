import Execution
import GraphIR
import Tensors
import Testing

/// Fast kernels against plain evaluations: element-wise loops, reductions and rows, at sizes around
/// the widths of vectors and blocks.
@Suite struct KernelTests {
  private let agreement = Agreement()

  /// Samples of all element-wise operations, their inputs stretched to a size.
  @Test(arguments: [ScalarType.float64, .float32, .int32])
  func `element-wise loops`(type: ScalarType) throws {
    let tolerance = type == .float64 ? 1e-14 : type == .float32 ? 2e-6 : 0
    var tried: Set<String> = []
    for operation in Operations.all {
      for sample in operation.samples where sample.operation.structure == .elementwise {
        for size in Agreement.sizes + [5000] {
          let inputs = sample.inputs.enumerated().map { index, input -> Tensor in
            let values = input.doubles
            // A step for the comparisons: some pairs are equal, some are not.
            let shift = sample.operation is Comparison ? 0.5 : 0.001
            return Tensor(
              (0..<size).map { values[$0 % values.count] + shift * Double(($0 + index) % 7) }
            ).cast(to: type)
          }
          let name = "\(sample.operation.description) \(size)"
          guard !(sample.operation is BroadcastTo), tried.insert(name).inserted,
            (try? sample.operation.outputType(inputs.map(\.type))) != nil
          else { continue }
          try agreement.expect(sample.operation, inputs, tolerance: tolerance)
        }
      }
    }
    #expect(tried.count > 100)
  }

  @Test func `integers wrap as plain evaluation does`() throws {
    let edges: [Int32] = [.min, .min + 1, -7, -1, 0, 1, 2, 7, 46341, .max - 1, .max]
    let pairs = edges.flatMap { a in edges.map { (a, $0) } }
    let (a, b) = (Tensor(pairs.map(\.0)), Tensor(pairs.map(\.1)))
    for operation in [
      Add(), Subtract(), Multiply(), Minimum(), Maximum(), Comparison(.less),
    ] as [any Operation] {
      try agreement.expect(operation, [a, b], tolerance: 0)
    }
    for operation in [Negate(), Absolute(), Sign()] as [any Operation] {
      try agreement.expect(operation, [a], tolerance: 0)
    }
  }

  /// Operands that repeat along rows, along columns, or everywhere, in one chain and at the end of
  /// short rows.
  @Test(arguments: [ScalarType.float64, .float32]) func `broadcast operands`(type: ScalarType)
    throws
  {
    let tolerance = type == .float64 ? 1e-13 : 1e-5
    for rows in Agreement.sizes {
      for columns in Agreement.sizes where rows * columns <= 100_000 {
        let builder = GraphBuilder()
        var values: [String: Tensor] = [:]
        let shapes: [Shape] = [[rows, columns], [columns], [rows, 1], [], [1, columns], [1, 1]]
        let operands = shapes.enumerated().map { index, shape in
          values["\(index)"] = .numbers(shape, seed: UInt64(index)).cast(to: type)
          return builder.input("\(index)", TensorType(shape, type))
        }
        let sum = operands[0] + operands[1] * operands[2] - operands[3]
        builder.output("chain", tanh(sum) * operands[4] + operands[5] / 3)
        builder.output("outer", maximum(operands[2], operands[1]))
        builder.output("spread", operands[2].broadcast(to: [rows, columns]))
        try agreement.expect(
          builder, values, tolerance: tolerance, "\(type) [\(rows), \(columns)]")
      }
    }
  }

  /// Chains as optimizers write them: moving averages, and steps along them.
  @Test(arguments: [ScalarType.float64, .float32]) func `optimizers' chains`(type: ScalarType)
    throws
  {
    let tolerance = type == .float64 ? 1e-15 : 1e-6
    for size in Agreement.sizes + [5000] {
      let builder = GraphBuilder()
      var values: [String: Tensor] = [:]
      func input(_ name: String, _ shape: Shape, _ range: ClosedRange<Double>) -> Expression {
        let seed = UInt64(values.count)
        values[name] = Tensor.numbers(shape, in: range, seed: seed).cast(to: type)
        return builder.input(name, TensorType(shape, type))
      }
      let (weight, slope) = (input("w", [size], -2...2), input("g", [size], -2...2))
      let (first, second) = (input("m", [size], -1...1), input("v", [size], 0.1...1))
      let (rate, correction) = (input("rate", [], 0.1...1), input("correction", [], 1...2))
      let mean = 0.9 * first + 0.1 * slope
      let square = 0.999 * second + 0.001 * slope.squared()
      builder.output("mean", mean)
      builder.output("square", square)
      builder.output("adam", weight - rate * mean / (sqrt(square) * correction + 1e-8))
      builder.output("descent", weight - rate * slope)
      builder.output("momentum", weight - 0.1 * (0.9 * first + slope))
      try agreement.expect(builder, values, tolerance: tolerance, "\(type) [\(size)]")
    }
  }

  @Test(arguments: [ScalarType.float64, .float32]) func reductions(type: ScalarType) throws {
    let tolerance = type == .float64 ? 1e-12 : 1e-4
    for outer in Agreement.sizes {
      for reduced in Agreement.sizes {
        for inner in Agreement.sizes where outer * reduced * inner <= 70_000 {
          let x = Tensor.numbers([outer, reduced, inner], seed: 5).cast(to: type)
          for operation in [
            Sum(axes: [1]), Mean(axes: [1], keepingAxes: true), ReduceMaximum(axes: [1]),
            ReduceMinimum(axes: [1]),
          ] as [any Operation] {
            try agreement.expect(operation, [x], tolerance: tolerance)
          }
        }
      }
    }
    // Few columns and many rows, of which several are taken as one.
    for columns in [2, 3, 6, 10, 17, 20, 31, 48] {
      let x = Tensor.numbers([2, 5003, columns], seed: 7).cast(to: type)
      for operation in [Sum(axes: [1]), Mean(axes: [1]), ReduceMaximum(axes: [1])]
        as [any Operation]
      {
        try agreement.expect(operation, [x], tolerance: tolerance)
      }
    }
    // Neighbouring axes, which are joined; axes apart, which are not; and all of them.
    for size in Agreement.sizes {
      let x = Tensor.numbers([3, size, 17], seed: 6).cast(to: type)
      for axes in [[], [0], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]] {
        for operation in [
          Sum(axes: axes), Mean(axes: axes), ReduceMaximum(axes: axes), ReduceMinimum(axes: axes),
          LogSumExp(axes: axes),
        ] as [any Operation] {
          try agreement.expect(operation, [x], tolerance: tolerance)
        }
      }
    }
  }

  @Test(arguments: [ScalarType.float64, .float32]) func rows(type: ScalarType) throws {
    let tolerance = type == .float64 ? 1e-12 : 1e-5
    for rows in Agreement.sizes {
      for columns in Agreement.sizes where rows * columns <= 70_000 {
        var x = Tensor.numbers([rows, columns], in: -9...9, seed: 7).cast(to: type)
        for operation in [
          Softmax(), LogSoftmax(), LogSumExp(axes: [1]), LogSumExp(axes: [0]), ArgMax(axis: 1),
          ArgMax(axis: 0),
        ] as [any Operation] {
          try agreement.expect(operation, [x], tolerance: tolerance)
        }
        // Of equal maxima the first counts.
        x = Tensor((0..<rows * columns).map { Double($0 % 5) }, shape: x.shape, type: type)
        try agreement.expect(ArgMax(axis: 1), [x], tolerance: 0)
      }
    }
  }

  @Test func `every operation that computes has a fast kernel`() {
    let plain = Operations.all.filter { type in
      type.samples.first?.operation.structure != .view && !KernelTable.hasKernel(type)
    }
    #expect(plain.isEmpty, "\(plain.map { $0.name })")
  }
}
