import Formulas
import Tensors

/// A number for each window of a pooling, shared out over the window in equal parts and added up per
/// element: the gradient of ``AveragePool``, and the other way round.
///
/// y_p = Σ g_w / n_w over the windows w that x_p is in.
public struct AveragePoolGradient: SpatiallyLinear {
  public static let name = "averagePoolGradient"

  /// The windows.
  public let windows: PoolingWindows
  /// Whether places in the padding count, as zeros.
  public let countsPadding: Bool
  /// The sizes between batch and channels of what was pooled.
  public let sizes: [Int]

  public init(_ windows: PoolingWindows, countsPadding: Bool = false, sizes: [Int]) {
    self.windows = windows
    self.countsPadding = countsPadding
    self.sizes = sizes
  }

  public var attributes: String {
    "\(windows.description)\(countsPadding ? ", counting padding" : ""), of \(Shape(sizes))"
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    try input.shape.expectSpatialAxes(sizes.count)
    let output = input.shape.replacingSpatialSizes(sizes)
    try TensorType(output, input.scalarType).expectAddressable()
    let expected = try windows.outputShape(output)
    guard input.shape == expected else {
      throw TypeError("expects a number for each window, \(expected), found \(input)")
    }
    return TensorType(output, input.scalarType)
  }

  package func map(_ input: Shape, to output: Shape) -> SpatialMap {
    SpatialMap(windows: windows, input: output, output: input, meanCountingPadding: countsPadding)
      .transposed
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream.averagePooled(windows, countsPadding: countsPadding)]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    .sum(of: inputs[0].element / "n", over: "i")
  }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1 / "n"] }

  public static var samples: [Sample] {
    MaxPool.cases.flatMap { windows, input in
      [true, false].compactMap { counts in
        guard let shape = try? windows.outputShape(input) else { return nil }
        let gradient = AveragePoolGradient(
          windows, countsPadding: counts, sizes: input.spatialSizes)
        return Sample(gradient, [.numbers(shape)])
      }
    }
  }
}
