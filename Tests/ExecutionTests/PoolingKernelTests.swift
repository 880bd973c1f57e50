import Execution
import GraphIR
import Tensors
import Testing

/// Poolings, resizing and standardizing against their plain evaluations, on more shapes than the
/// operations' samples have: channels around the widths of vectors, blocks that end, ties and NaN.
@Suite struct PoolingKernelTests {
  private let agreement = Agreement()
  private static let types = [ScalarType.float64, .float32]

  /// Numbers of which many are equal, so that the first of them has to be found.
  fileprivate func ties(_ shape: Shape, _ type: ScalarType, seed: UInt64 = 1) -> Tensor {
    var random = RandomStream(seed: seed, name: "ties")
    let values = (0..<shape.count).map { _ in random.uniform(-2, 2).rounded() }
    return Tensor(values, shape: shape, type: type)
  }

  private func numbers(_ shape: Shape, _ type: ScalarType, seed: UInt64 = 1) -> Tensor {
    Tensor.numbersForPooling(shape, seed: seed).cast(to: type)
  }

  private let windows: [(PoolingWindows, [Int])] = [
    (.sliding(SlidingWindows(window: [2, 2])), [6, 4]),
    (.sliding(SlidingWindows(window: [2, 2])), [7, 5]),
    (.sliding(SlidingWindows(window: [3, 3], strides: [2, 2], before: [1, 1])), [7, 6]),
    (.sliding(SlidingWindows(window: [7, 6], strides: [1, 1])), [9, 9]),
    (.sliding(SlidingWindows(window: [1, 1], strides: [2, 2])), [5, 6]),
    (.sliding(SlidingWindows(window: [3, 2], strides: [1, 2], after: [1, 1])), [6, 7]),
    (.sliding(SlidingWindows(window: [2], strides: [1], dilations: [2])), [40]),
    (.sliding(SlidingWindows(window: [2, 2, 2])), [4, 2, 4]),
    (.adaptive([3, 4]), [7, 5]),
  ]

  @Test(arguments: types) func poolings(type: ScalarType) throws {
    for channels in [1, 3, 6, 16, 17, 37, 130] {
      for (windows, sizes) in windows {
        let shape = Shape([2] + sizes + [channels])
        let (x, v) = (ties(shape, type), numbers(shape, type))
        try agreement.expect(MaxPool(windows), [x], tolerance: 0)
        try agreement.expect(MaxPoolSelection(windows), [x, v], tolerance: 0)
        let g = numbers(try windows.outputShape(shape), type, seed: 3)
        let tolerance = type == .float64 ? 1e-14 : 1e-6
        try agreement.expect(MaxPoolGradient(windows), [x, g], tolerance: tolerance)
        try agreement.expect(AveragePool(windows), [v], tolerance: tolerance)
        try agreement.expect(
          AveragePoolGradient(windows, sizes: sizes), [g], tolerance: tolerance)
      }
    }
  }

  @Test func `poolings of many examples are cut into tasks`() throws {
    let windows = PoolingWindows.sliding(SlidingWindows(window: [2, 2]))
    let x = ties([9, 16, 16, 24], .float32)
    try agreement.expect(MaxPool(windows), [x], tolerance: 0)
    let g = numbers([9, 8, 8, 24], .float32)
    try agreement.expect(MaxPoolGradient(windows), [x, g], tolerance: 0)
    try agreement.expect(Resize([24, 20], mode: .linear), [x], tolerance: 1e-6)
    try agreement.expect(ResizeGradient([9, 7], mode: .linear), [x], tolerance: 1e-6)
  }

  /// What is written behind the channels of one task's last window would be another's.
  @Test(arguments: [1, 3, 6, 17]) func `tasks of few channels meet within a row`(channels: Int)
    throws
  {
    let windows = PoolingWindows.sliding(SlidingWindows(window: [2, 2]))
    let shape: Shape = [7, 46, 38, channels]
    let x = ties(shape, .float32)
    try agreement.expect(MaxPool(windows), [x], tolerance: 0)
    try agreement.expect(MaxPoolSelection(windows), [x, numbers(shape, .float32)], tolerance: 0)
    try agreement.expect(AveragePool(windows), [x], tolerance: 1e-6)
    let g = numbers([7, 23, 19, channels], .float32)
    try agreement.expect(AveragePoolGradient(windows, sizes: [46, 38]), [g], tolerance: 1e-6)
  }

  @Test func `NaN and infinities are chosen as in the plain evaluation`() throws {
    var values = [Double](repeating: -.infinity, count: 4 * 4 * 3)
    values[5] = .nan
    values[8] = .nan
    values[20] = .infinity
    let x = Tensor(values, shape: [1, 4, 4, 3])
    let windows = PoolingWindows.sliding(SlidingWindows(window: [2, 2]))
    try agreement.expect(MaxPool(windows), [x], tolerance: 0)
    let g = numbers([1, 2, 2, 3], .float64)
    try agreement.expect(MaxPoolGradient(windows), [x, g], tolerance: 0)
  }

  /// [outer, rows, groups, width] and the axes that are standardized together.
  private let forms: [(Shape, [Int])] = [
    ([7, 128], [1]), ([300, 5], [1]), ([2, 9001], [1]), ([700, 3], [0]), ([1000, 33], [0]),
    ([3, 300, 20], [1]), ([2, 40, 3, 7], [1, 3]), ([2, 600, 2, 20], [1, 3]), ([2, 3, 40], [1, 2]),
    ([40], [0]), ([20, 1], [1]), ([2, 3, 4, 2, 3], [0, 2, 4]),
  ]

  @Test(arguments: types) func standardizing(type: ScalarType) throws {
    let tolerance = type == .float64 ? 1e-12 : 2e-5
    for (shape, axes) in forms {
      // A mean far from 0, which must not cost digits.
      let x = Tensor(
        numbers(shape, .float64).doubles.map { $0 + 10 }, shape: shape, type: type)
      let g = numbers(shape, type, seed: 2)
      try agreement.expect(Standardize(axes: axes), [x], tolerance: tolerance)
      try agreement.expect(Variance(axes: axes), [x], tolerance: tolerance)
      try agreement.expect(
        StandardizeGradient(axes: axes, epsilon: 0.01), [x, g], tolerance: tolerance)
    }
  }
}

/// Element-wise work behind poolings, which is done in the same pass.
extension PoolingKernelTests {
  @Test(arguments: types) func `a chain behind poolings`(type: ScalarType) throws {
    for channels in [1, 3, 6, 17, 70] {
      for (windows, sizes) in windows {
        let shape = Shape([3] + sizes + [channels])
        let small = try windows.outputShape(shape)
        let values = [
          "x": ties(shape, type), "v": numbers(shape, type), "g": numbers(small, type, seed: 3),
          "b": numbers([channels], type, seed: 4),
        ]
        let builder = GraphBuilder()
        func input(_ name: String) -> Expression {
          builder.input(name, values[name]?.type ?? TensorType(.scalar, type))
        }
        builder.output("max", tanh(input("x").maxPooled(windows) + input("b")))
        let gradient = Expression.apply(MaxPoolGradient(windows), to: [input("x"), input("g")])
        builder.output("gradient", gradient * input("v") + input("b"))
        let mean = Expression.apply(AveragePool(windows), to: [input("v")])
        builder.output("mean", input("g") - mean * 0.5)
        try agreement.expect(
          builder, values, tolerance: type == .float64 ? 1e-13 : 1e-5,
          "\(windows.description) of \(shape)")
      }
    }
  }
}

extension Tensor {
  fileprivate static func numbersForPooling(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, name: "pooling")
    return Tensor((0..<shape.count).map { _ in random.uniform(-2, 2) }, shape: shape)
  }
}
