import Formulas
import Tensors

/// The mean of each window, channel by channel.
///
/// y = Σ x / n over the window, for x of shape [batch, sizes…, channels]; n is the number of places in
/// the window, those in the padding among them where they are counted (as zeros). Every element
/// receives the n-th part of the gradient of each window that it is in.
public struct AveragePool: SpatiallyLinear {
  public static let name = "averagePool"

  /// The windows.
  public let windows: PoolingWindows
  /// Whether places in the padding count, as zeros.
  public let countsPadding: Bool

  public init(_ windows: PoolingWindows, countsPadding: Bool = false) {
    self.windows = windows
    self.countsPadding = countsPadding
  }

  public var attributes: String {
    windows.description + (countsPadding ? ", counting padding" : "")
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    return TensorType(try windows.outputShape(input.shape), input.scalarType)
  }

  package func map(_ input: Shape, to output: Shape) -> SpatialMap {
    SpatialMap(windows: windows, input: input, output: output, meanCountingPadding: countsPadding)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let gradient = AveragePoolGradient(
      windows, countsPadding: countsPadding, sizes: inputs[0].shape.spatialSizes)
    return [Expression.apply(gradient, to: [upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { inputs[0].reduced(.sum) / "n" }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1 / "n"] }

  public static var samples: [Sample] {
    MaxPool.cases.flatMap { windows, input in
      [true, false].map {
        Sample(AveragePool(windows, countsPadding: $0), [.numbers(input)])
      }
    }
  }
}

extension Shape {
  /// The sizes between batch and channels.
  var spatialSizes: [Int] { Array(dimensions.dropFirst().dropLast()) }

  /// [batch, sizes…, channels] with other sizes.
  func replacingSpatialSizes(_ sizes: [Int]) -> Shape {
    Shape([dimensions.first ?? 1] + sizes + [dimensions.last ?? 1])
  }
}

extension TensorAlgebra {
  /// The mean of each window of [batch, sizes…, channels], channel by channel.
  ///
  /// - Parameters:
  ///   - windows: The windows.
  ///   - countsPadding: Whether places in the padding count, as zeros.
  public func averagePooled(_ windows: PoolingWindows, countsPadding: Bool = false) -> Self {
    Self.apply(AveragePool(windows, countsPadding: countsPadding), to: [self])
  }
}
