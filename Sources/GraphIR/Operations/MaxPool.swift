import Formulas
import Tensors

/// The largest element of each window, channel by channel.
///
/// y = max x over the window, for x of shape [batch, sizes…, channels]. Padding holds no elements, as
/// if it were −∞; what is not a number counts as the largest. The gradient goes to the largest
/// element, the first of equal ones (``MaxPoolGradient``).
public struct MaxPool: Operation {
  public static let name = "maxPool"

  /// The windows.
  public let windows: PoolingWindows

  public init(_ windows: PoolingWindows) { self.windows = windows }

  public var attributes: String { windows.description }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    return TensorType(try windows.outputShape(input.shape), input.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    return inputs[0].elements(
      at: LargestElements(windows, inputs[0], output: shape).places, shape: shape)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [Expression.apply(MaxPoolGradient(windows), to: [inputs[0], upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { inputs[0].reduced(.maximum) }

  public func derivatives(_ inputs: [Formula], output y: Formula) -> [Formula?] {
    [.piecewise([(1, .relation(inputs[0].element, .equal, y))], 0)]
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let largest = LargestElements(windows, inputs[0], output: resultType(inputs).shape)
    let (window, best) = (largest.window(index), largest.place(index))
    let sources = window.map { ElementRule.Source(input: 0, element: $0) }
    if sources.count == 1 { return .copy(of: sources[0]) }
    // Of equal elements the first alone has a derivative.
    let isTied = window.map { $0 != best && inputs[0].element($0) == inputs[0].element(best) }
    return ElementRule(
      sources: sources, formula: { .call("max", $0) },
      derivatives: { elements, y in
        zip(elements, isTied).map { element, isTied in
          isTied ? nil : .piecewise([(1, .relation(element, .equal, y))], 0)
        }
      })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { inputs[0].shape.count }

  /// Windows of each kind, with inputs that they fit.
  static let cases: [(windows: PoolingWindows, input: Shape)] = [
    (.sliding(SlidingWindows(window: [2])), [2, 4, 3]),
    (.sliding(SlidingWindows(window: [2, 2])), [2, 4, 5, 2]),
    (
      .sliding(SlidingWindows(window: [3, 2], strides: [2, 1], before: [1, 1], after: [1, 0])),
      [1, 5, 3, 2]
    ),
    (.sliding(SlidingWindows(window: [2], strides: [1], dilations: [3])), [2, 7, 1]),
    (.sliding(SlidingWindows(window: [3], strides: [2], before: [1], roundsUp: true)), [1, 6, 2]),
    (.sliding(SlidingWindows(window: [2, 1, 2])), [1, 2, 2, 3, 2]),
    (.adaptive([3, 2]), [1, 5, 4, 2]),
    (.adaptive([3]), [2, 2, 1]),
  ]

  public static var samples: [Sample] {
    cases.map { Sample(MaxPool($0.windows), [.numbers($0.input)]) }
  }
}

extension TensorAlgebra {
  /// The largest element of each window of [batch, sizes…, channels], channel by channel.
  public func maxPooled(_ windows: PoolingWindows) -> Self {
    Self.apply(MaxPool(windows), to: [self])
  }
}
