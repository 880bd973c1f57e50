import Formulas
import Tensors

/// Numbers read where each window of a pooling has its largest element: the gradient of
/// ``MaxPoolGradient``.
///
/// From x and v of shape [batch, sizes…, channels]: y_w = v_p with x_p the largest element of the
/// window w, the first of equal ones; of v = x it is ``MaxPool``. x only chooses, and has no
/// gradient.
public struct MaxPoolSelection: Operation {
  public static let name = "maxPoolSelection"

  /// The windows.
  public let windows: PoolingWindows

  public init(_ windows: PoolingWindows) { self.windows = windows }

  public var attributes: String { windows.description }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (x, values) = try inputs.pair()
    try x.expectFloatingPoint()
    guard values == x else {
      throw TypeError("expects two values of one type, found \(x) and \(values)")
    }
    return TensorType(try windows.outputShape(x.shape), x.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    return inputs[1].elements(
      at: LargestElements(windows, inputs[0], output: shape).places, shape: shape)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [nil, Expression.apply(MaxPoolGradient(windows), to: [inputs[0], upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("maxPoolSelection", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil, 1] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let largest = LargestElements(windows, inputs[0], output: resultType(inputs).shape)
    return .copy(of: .init(input: 1, element: largest.place(index)))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { inputs[0].shape.count }

  public static var samples: [Sample] {
    MaxPool.cases.map { windows, input in
      Sample(MaxPoolSelection(windows), [.numbers(input), .numbers(input, seed: 2)])
    }
  }
}
