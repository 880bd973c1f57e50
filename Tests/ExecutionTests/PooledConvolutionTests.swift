import Differentiation
import Execution
import GraphIR
import Tensors
import Testing

/// What plans make of convolutions, activations and maximum poolings together, against plain
/// evaluation.
@Suite struct PooledConvolutionTests {
  private let agreement = Agreement()
  private static let types = [ScalarType.float32, .float64]

  /// A pooling over the result of a convolution.
  struct Use: CustomStringConvertible {
    let input: Shape
    let weight: Shape
    let geometry: ConvolutionGeometry
    let windows: PoolingWindows

    init(
      _ input: Shape, _ weight: Shape, _ windows: SlidingWindows, strides: [Int] = [1, 1],
      before: [Int] = [1, 1], after: [Int]? = nil, dilations: [Int]? = nil
    ) {
      (self.input, self.weight) = (input, weight)
      geometry = ConvolutionGeometry(
        strides: strides, before: before, after: after, dilations: dilations)
      self.windows = .sliding(windows)
    }

    var description: String { "\(input) by \(weight), \(windows.description)" }
  }

  static let pairs = SlidingWindows(window: [2, 2])
  static let uses: [Use] = [
    Use([2, 6, 4, 3], [3, 3, 3, 5], pairs),
    // Rows and columns that are in no window, windows that differ along the axes, and gaps.
    Use([2, 7, 5, 1], [3, 3, 1, 17], pairs),
    Use([1, 9, 8, 2], [3, 2, 2, 33], SlidingWindows(window: [3, 1])),
    Use([2, 9, 7, 4], [2, 2, 4, 1], SlidingWindows(window: [1, 2], strides: [2, 3])),
    Use([1, 8, 8, 3], [3, 3, 3, 16], SlidingWindows(window: [2, 2], dilations: [2, 1])),
    // A convolution that strides, or has no or much padding.
    Use([2, 13, 9, 3], [3, 3, 3, 4], pairs, strides: [2, 1]),
    Use([1, 9, 9, 2], [4, 4, 2, 3], pairs, before: [0, 0]),
    Use([1, 5, 6, 2], [2, 2, 2, 3], pairs, before: [3, 2], after: [0, 4]),
    Use([1, 9, 9, 2], [2, 2, 2, 3], pairs, dilations: [2, 3]),
    // Windows that share elements, or are large: not done together.
    Use([1, 7, 7, 3], [3, 3, 3, 4], SlidingWindows(window: [3, 3], strides: [2, 2])),
    Use([1, 14, 14, 2], [3, 3, 2, 3], SlidingWindows(window: [7, 7])),
    // Several strips, tasks and tiles.
    Use([5, 40, 30, 3], [3, 3, 3, 33], pairs), Use([9, 20, 20, 8], [3, 3, 8, 70], pairs),
  ]

  /// Numbers of which many are equal, so that the first of them has to be found.
  private func ties(_ shape: Shape, _ type: ScalarType, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, name: "ties")
    let values = (0..<shape.count).map { _ in random.uniform(-3, 3).rounded() }
    return Tensor(values, shape: shape, type: type)
  }

  @Test(arguments: types, uses)
  func `gradients that come through a pooling`(type: ScalarType, use: Use) throws {
    let pooled = try Convolve(use.geometry).outputType([
      TensorType(use.input, type), TensorType(use.weight, type),
    ])
    var z = ties(pooled.shape, type, seed: 1)
    if use.input[0] == 1 {
      // What is not a number counts as the largest.
      z = Tensor(
        z.doubles.enumerated().map { $0 % 11 == 5 ? .nan : $0 % 7 == 3 ? -.infinity : $1 },
        shape: z.shape, type: type)
    }
    let g = ties(try use.windows.outputShape(pooled.shape), type, seed: 2)
    let (x, w) = (ties(use.input, type, seed: 3), ties(use.weight, type, seed: 4))
    let toWeight = ConvolveWeightGradient(
      use.geometry, kernelSizes: Array(use.weight.dimensions[..<2]))
    let toInput = ConvolveInputGradient(
      use.geometry, inputSizes: Array(use.input.dimensions[1...2]))
    // Whole numbers: sums are exact.
    try agreement.expect(
      PooledConvolutionGradient(.weight(toWeight), use.windows), [z, g, x], tolerance: 0)
    try agreement.expect(
      PooledConvolutionGradient(.input(toInput), use.windows), [z, g, w], tolerance: 0)
  }

  /// x → convolution, bias, ReLU, pooling → sum of squares, and all gradients.
  private func network(
    _ use: Use, _ type: ScalarType, sharesActivation: Bool = false
  ) throws -> (GraphBuilder, [String: Tensor]) {
    let values = [
      "x": ties(use.input, type, seed: 1), "w": ties(use.weight, type, seed: 2),
      "b": ties([use.weight[-1]], type, seed: 3),
    ]
    let builder = GraphBuilder()
    func input(_ name: String) -> Expression {
      builder.input(name, values[name]?.type ?? TensorType(.scalar, type))
    }
    let (x, w, b) = (input("x"), input("w"), input("b"))
    let y = relu(x.convolved(with: w, use.geometry) + b)
    let p = y.maxPooled(use.windows)
    var error = p.squared().sum() * 0.5
    if sharesActivation { error = error + y.sum() }
    builder.output("p", p)
    for (name, slope) in zip(
      ["dx", "dw", "db"], gradient(of: error, withRespectTo: [x, w, b]))
    {
      builder.output(name, slope)
    }
    return (builder, values)
  }

  @Test(arguments: types, uses)
  func `a network with ReLU and pooling`(type: ScalarType, use: Use) throws {
    for sharesActivation in [false, true] {
      let (builder, values) = try network(use, type, sharesActivation: sharesActivation)
      try agreement.expect(builder, values, tolerance: type == .float32 ? 1e-5 : 1e-13, "\(use)")
    }
  }

  @Test func `ReLU goes behind the pooling, and no large gradient is stored`() throws {
    let use = Use([2, 8, 6, 3], [3, 3, 3, 5], Self.pairs)
    let plan = try Plan(network(use, .float32).0.finish())
    let pooled = Shape([2, 4, 3, 5])
    for node in plan.graph.nodes where node.operation is ReLU || node.operation is Select {
      #expect(node.type.shape == pooled, "\(node)")
    }
    #expect(plan.graph.nodes.count { $0.operation is PooledConvolutionGradient } == 2)
    #expect(!plan.graph.nodes.contains { $0.operation is MaxPoolGradient })
    #expect(plan.description.contains("maxPool(window [2, 2], strides [2, 2]) + relu"))
  }

  @Test func `an activation that something else reads stays where it is`() throws {
    let use = Use([2, 8, 6, 3], [3, 3, 3, 5], Self.pairs)
    let plan = try Plan(network(use, .float32, sharesActivation: true).0.finish())
    #expect(plan.graph.nodes.contains { $0.operation is MaxPoolGradient })
    #expect(!plan.graph.nodes.contains { $0.operation is PooledConvolutionGradient })
    for node in plan.graph.nodes where node.operation is ReLU {
      #expect(node.type.shape == [2, 8, 6, 5])
    }
  }
}
