import Formulas
import Tensors

/// One of a convolution's gradients, where the gradient that reaches the convolution comes through a
/// maximum pooling: what a plan makes of the two, so that the large one between them is not stored.
///
/// From z, which was pooled, g with a number for each window, and v: with h the gradient of the
/// pooling (``MaxPoolGradient`` of z and g), ``ConvolveWeightGradient`` of v and h or
/// ``ConvolveInputGradient`` of h and v.
public struct PooledConvolutionGradient: Operation {
  public static let name = "convolutionGradientOfMaxPool"

  /// Which of a convolution's gradients.
  public enum Convolution: Hashable, Sendable {
    /// That of its weight; v is its input.
    case weight(ConvolveWeightGradient)
    /// That of its input; v is its weight.
    case input(ConvolveInputGradient)
  }

  /// The convolution's gradient.
  public let convolution: Convolution
  /// The pooling's windows.
  public let windows: PoolingWindows

  public init(_ convolution: Convolution, _ windows: PoolingWindows) {
    self.convolution = convolution
    self.windows = windows
  }

  private var outer: any Operation {
    switch convolution {
    case .weight(let operation): operation
    case .input(let operation): operation
    }
  }

  private var pooling: MaxPoolGradient { MaxPoolGradient(windows) }

  public var attributes: String {
    let part =
      switch convolution {
      case .weight: "weight"
      case .input: "input"
      }
    return "\(part), \(outer.attributes), \(windows.description)"
  }

  /// The convolution's operands in its order, from h and v.
  private func operands<T>(_ h: T, _ v: T) -> [T] {
    switch convolution {
    case .weight: [v, h]
    case .input: [h, v]
    }
  }

  /// The sizes of the convolution, for the types of z, g and v.
  ///
  /// - Throws: ``TypeError`` where they do not fit.
  public func sizes(_ inputs: [TensorType]) throws -> ConvolutionSizes {
    try inputs.expect(3)
    let h = try pooling.outputType(Array(inputs[..<2]))
    switch convolution {
    case .weight(let operation): return try operation.sizes(inputs[2], h)
    case .input(let operation): return try operation.sizes(h, inputs[2])
    }
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    try inputs.expect(3)
    let h = try pooling.outputType(Array(inputs[..<2]))
    return try outer.outputType(operands(h, inputs[2]))
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    outer.evaluate(operands(pooling.evaluate(Array(inputs[..<2])), inputs[2]))
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let h = Expression.apply(pooling, to: Array(inputs[..<2]))
    let reached = outer.gradients(
      operands(h, inputs[2]), output: output, upstream: upstream)
    let (toH, toV) =
      switch convolution {
      case .weight: (reached[1], reached[0])
      case .input: (reached[0], reached[1])
      }
    let toG = toH.map {
      pooling.gradients(Array(inputs[..<2]), output: h, upstream: $0)[1]
    }
    return [nil, toG ?? nil, toV]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    outer.formula(operands(pooling.formula(Array(inputs[..<2])), inputs[2]))
  }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    let h = pooling.formula(Array(inputs[..<2]))
    return [nil, inputs[2], h]
  }

  /// The convolution's sum, each of its terms in h written as the numbers that were put there.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let h = pooling.evaluate(Array(inputs[..<2]))
    let rule = outer.element(index, of: operands(h, inputs[2]))
    let place = operands(0, 1)
    let parts = rule.sources.map { source -> [ElementRule.Source] in
      if place[source.input] == 1 { return [.init(input: 2, element: source.element)] }
      return pooling.element(source.element, of: Array(inputs[..<2])).sources
    }
    @Sendable func terms(_ formulas: [Formula]) -> [Formula] {
      var rest = formulas[...]
      return parts.map { part in
        defer { rest = rest.dropFirst(part.count) }
        return part.isEmpty ? 0 : .total(Array(rest.prefix(part.count)))
      }
    }
    return ElementRule(
      sources: parts.flatMap { $0 }, formula: { rule.formula(terms($0)) },
      derivatives: { formulas, output in
        zip(parts, rule.derivatives(terms(formulas), output)).flatMap { part, derivative in
          // What meets nothing but zeros has no derivative.
          part.map { _ in derivative == 0 ? nil : derivative }
        }
      })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    ((try? sizes(inputs).flops) ?? 0) + inputs[0].shape.count
  }

  public func product(inputs: [TensorType], output: TensorType) -> ProductSize? {
    (try? sizes(inputs).flops).flatMap {
      ProductSize(filling: output, flops: $0, isConvolution: true)
    }
  }

  public static var samples: [Sample] {
    let pairs = PoolingWindows.sliding(SlidingWindows(window: [2, 2]))
    let apart = PoolingWindows.sliding(SlidingWindows(window: [2, 1], strides: [3, 1]))
    let around = ConvolutionGeometry(strides: [1, 1], before: [1, 1])
    return [
      Sample(
        Self(.weight(ConvolveWeightGradient(around, kernelSizes: [3, 3])), pairs),
        [
          .numbers([2, 4, 5, 3]), .numbers([2, 2, 2, 3], seed: 2), .numbers([2, 4, 5, 2], seed: 3),
        ]),
      Sample(
        Self(.input(ConvolveInputGradient(around, inputSizes: [5, 3])), apart),
        [
          .numbers([1, 5, 3, 2]), .numbers([1, 2, 3, 2], seed: 2), .numbers([3, 3, 2, 2], seed: 3),
        ]),
    ]
  }
}
