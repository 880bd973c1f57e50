import Execution
import GraphIR
import Tensors
import Testing

/// Convolutions against their plain evaluation.
@Suite struct ConvolutionKernelTests {
  private let agreement = Agreement()

  /// A kernel over an input: sizes for all three operations.
  struct Use: CustomStringConvertible {
    let input: Shape
    let weight: Shape
    let geometry: ConvolutionGeometry

    init(
      _ input: Shape, _ weight: Shape, strides: [Int]? = nil, before: [Int]? = nil,
      after: [Int]? = nil, dilations: [Int]? = nil, groups: Int = 1
    ) {
      (self.input, self.weight) = (input, weight)
      geometry = ConvolutionGeometry(
        strides: strides ?? [Int](repeating: 1, count: input.rank - 2), before: before,
        after: after, dilations: dilations, groups: groups)
    }

    var description: String { "\(input) by \(weight), \(geometry.description)" }
  }

  /// Widths around those of vectors and panels, heights around those of tiles.
  static let channels = [1, 3, 7, 16, 17, 31, 33, 65].flatMap { channels in
    [1, 2, 15, 16, 17, 32, 33, 65].map {
      Use([2, 5, 6, channels], [3, 2, channels, $0], before: [1, 1])
    }
  }

  /// Every combination of stride, dilation and padding on two axes of different sizes.
  static let geometries = [1, 2, 3].flatMap { stride in
    [1, 2].flatMap { dilation in
      [(0, 0), (1, 2), (4, 0)].flatMap { padding in
        [([9, 7], [3, 2]), ([7, 8], [1, 4]), ([8, 6], [2, 1])].map { sizes, kernel in
          Use(
            Shape([2] + sizes + [3]), Shape(kernel + [3, 5]), strides: [stride, 3 - stride / 2],
            before: [padding.0, padding.1], after: [padding.1, padding.0],
            dilations: [dilation, 1])
        }
      }
    }
  }

  /// Few channels from many, in either direction: vectors run over the many.
  static let few = (1...8).flatMap { count in
    [
      Use([2, 7, 9, count], [5, 3, count, 35], strides: [1, 2], before: [1, 0]),
      Use([2, 11, 7, 40], [3, 3, 40, count]),
    ]
  }

  /// Groups, one channel each, one axis, windows side by side, and a stride that leaves gaps.
  static let others: [Use] = [
    Use([2, 6, 5, 6], [3, 3, 2, 9], before: [1, 1], groups: 3),
    Use([2, 6, 5, 4], [3, 3, 2, 34], strides: [2, 1], before: [1, 1], groups: 2),
    Use([2, 9, 7, 17], [3, 3, 1, 17], before: [1, 1], groups: 17),
    Use([1, 9, 7, 32], [3, 3, 1, 32], strides: [2, 2], before: [1, 1], groups: 32),
    Use([1, 9, 8, 5], [2, 5, 1, 5], dilations: [3, 1], groups: 5),
    Use([1, 9, 8, 5], [2, 2, 1, 10], strides: [3, 1], groups: 5),
    Use([2, 40, 3], [5, 3, 20], before: [2]),
    Use([2, 40, 3], [5, 3, 4], strides: [2], before: [8], dilations: [4]),
    Use([2, 300, 8], [7, 1, 8], before: [3], groups: 8),
    Use([2, 8, 8, 3], [4, 4, 3, 6], strides: [4, 4]),
    Use([2, 8, 9, 3], [1, 1, 3, 6], strides: [3, 4]),
    Use([3, 1, 1, 5], [1, 1, 5, 7]),
    Use([1, 3, 3, 4], [5, 5, 4, 3], before: [3, 3]),
    Use([1, 2, 3, 4, 2], [2, 2, 2, 2, 3], before: [0, 1, 0]),
  ]

  @Test(arguments: [ScalarType.float32, .float64], channels + geometries + few + others)
  func `all three agree with plain evaluation`(type: ScalarType, use: Use) throws {
    try expect(use, type)
  }

  /// Enough work for several tasks, strips, tiles and blocks of long sums.
  @Test func `large ones, which are cut`() throws {
    try expect(Use([9, 20, 20, 8], [3, 3, 8, 40], before: [1, 1]), .float32)
    try expect(Use([5, 9, 9, 64], [3, 3, 64, 70], strides: [2, 2], before: [1, 1]), .float32)
    try expect(Use([2, 6, 6, 160], [3, 3, 160, 96], before: [1, 1]), .float64)
    try expect(Use([2, 3000, 4], [9, 4, 16], before: [4]), .float64)
  }

  private func expect(_ use: Use, _ type: ScalarType) throws {
    let (x, w) = (Self.numbers(use.input, 1, type), Self.numbers(use.weight, 2, type))
    let output = try Convolve(use.geometry).outputType([x.type, w.type])
    let g = Self.numbers(output.shape, 3, type)
    let rank = use.geometry.rank
    let toInput = ConvolveInputGradient(
      use.geometry, inputSizes: Array(use.input.dimensions[1...rank]))
    let toWeight = ConvolveWeightGradient(
      use.geometry, kernelSizes: Array(use.weight.dimensions[..<rank]))
    let kernel = Shape(Array(use.weight.dimensions[..<rank])).count
    let places = output.shape.count / output.shape[-1]
    try agreement.expect(
      Convolve(use.geometry), [x, w], tolerance: Self.tolerance(type, kernel * use.weight[-2]))
    try agreement.expect(
      toInput, [g, w], tolerance: Self.tolerance(type, kernel * use.weight[-1]))
    try agreement.expect(toWeight, [x, g], tolerance: Self.tolerance(type, places))
  }

  @Test(arguments: [ScalarType.float32, .float64])
  func `a chain behind each of them`(type: ScalarType) throws {
    for use in [
      Use([6, 14, 14, 16], [3, 3, 16, 40], before: [1, 1]),
      Use([2, 9, 7, 6], [3, 3, 2, 9], strides: [2, 2], before: [1, 1], groups: 3),
      Use([2, 9, 7, 17], [3, 3, 1, 17], before: [1, 1], groups: 17),
      Use([2, 50, 3], [5, 3, 20], before: [2]),
    ] {
      let (x, w) = (Self.numbers(use.input, 1, type), Self.numbers(use.weight, 2, type))
      let output = try Convolve(use.geometry).outputType([x.type, w.type])
      let values = [
        "x": x, "w": w, "g": Self.numbers(output.shape, 3, type),
        "bias": Self.numbers([output.shape[-1]], 4, type),
        "gate": Self.numbers(use.input, 5, type), "old": Self.numbers(use.weight, 6, type),
      ]
      let builder = GraphBuilder()
      func input(_ name: String) -> Expression {
        builder.input(name, values[name]?.type ?? TensorType(.scalar, type))
      }
      let rank = use.geometry.rank
      let net = input("x").convolved(with: input("w"), use.geometry) + input("bias")
      builder.output("net", net)
      builder.output("y", relu(net))
      let toInput = input("g").convolvedBack(
        with: input("w"), use.geometry, to: Array(use.input.dimensions[1...rank]))
      builder.output("dx", toInput * input("gate"))
      let toWeight = Expression.apply(
        ConvolveWeightGradient(
          use.geometry, kernelSizes: Array(use.weight.dimensions[..<rank])),
        to: [input("x"), input("g")])
      builder.output("new", input("old") - toWeight * 0.1)
      try agreement.expect(
        builder, values, tolerance: Self.tolerance(type, output.shape.count), "\(use)")
    }
  }

  /// Paddings that a copy of the input would not fit into memory with: plain evaluation runs.
  @Test func `a long padding`() throws {
    let geometry = ConvolutionGeometry(
      strides: [1 << 28], before: [1 << 28], after: [1 << 28], dilations: [1 << 28])
    try agreement.expect(
      Convolve(geometry), [.numbers([1, 3, 1]), .numbers([2, 1, 1])], tolerance: 1e-14)
  }

  /// Numbers in -1...1, drawn faster than samples are.
  private static func numbers(_ shape: Shape, _ seed: UInt64, _ type: ScalarType) -> Tensor {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(shape.count)
    let values = (0..<shape.count).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 32) * 0x1p-31
    }
    return Tensor(values, shape: shape, type: type)
  }

  /// Both sums round, in different orders.
  private static func tolerance(_ type: ScalarType, _ terms: Int) -> Double {
    (type == .float64 ? 0x1p-52 : 0x1p-23) * (4 + Double(terms) / 3)
  }
}
