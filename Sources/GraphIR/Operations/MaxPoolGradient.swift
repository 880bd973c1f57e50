import Formulas
import Tensors

/// Numbers put where each window of a pooling has its largest element, added up per element: the
/// gradient of ``MaxPool``.
///
/// From x of shape [batch, sizes…, channels] and g with a number for each window: y_p = Σ g_w over
/// the windows w whose largest element is x_p, the first of equal ones. The gradient with respect
/// to g is read back at the same places (``MaxPoolSelection``); x only chooses, and has none.
public struct MaxPoolGradient: Operation {
  public static let name = "maxPoolGradient"

  /// The windows.
  public let windows: PoolingWindows

  public init(_ windows: PoolingWindows) { self.windows = windows }

  public var attributes: String { windows.description }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (x, upstream) = try inputs.pair()
    try x.expectFloatingPoint()
    let expected = TensorType(try windows.outputShape(x.shape), x.scalarType)
    guard upstream == expected else {
      throw TypeError("expects a number for each window, \(expected), found \(upstream)")
    }
    return x
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let places = LargestElements(windows, inputs[0], output: inputs[1].shape).places
    func scattered<T: RealScalar>(_ values: [T]) -> [T] {
      var result = [T](repeating: 0, count: inputs[0].count)
      for (place, value) in zip(places, values) { result[place] += value }
      return result
    }
    switch inputs[1].storage {
    case .float32(let values): return Tensor(scattered(values), shape: inputs[0].shape)
    case .float64(let values): return Tensor(scattered(values), shape: inputs[0].shape)
    case .int32: preconditionFailure("\(Self.name) is not defined for integers")
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [nil, Expression.apply(MaxPoolSelection(windows), to: [inputs[0], upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("maxPoolGradient", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil, 1] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let largest = LargestElements(windows, inputs[0], output: inputs[1].shape)
    return .sum(of: largest.choosing(index).map { ElementRule.Source(input: 1, element: $0) })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { inputs[0].shape.count }

  public static var samples: [Sample] {
    MaxPool.cases.compactMap { windows, input in
      guard let shape = try? windows.outputShape(input) else { return nil }
      return Sample(MaxPoolGradient(windows), [.numbers(input), .numbers(shape, seed: 2)])
    }
  }
}
