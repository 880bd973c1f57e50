import Formulas
import Tensors

/// What reaches the input of a convolution; by itself, the transposed convolution.
///
/// x[n, i, c] = Σ g[n, r, o] w[k, c, o] over all places r and k with r s − p + k d = i, and over the
/// channels o of c's group: every element of g spreads the kernel over x. The shapes are those of
/// ``Convolve``, from g's and w's to x's. Its gradients are a convolution, and
/// ``ConvolveWeightGradient``.
public struct ConvolveInputGradient: Operation {
  public static let name = "convolutionInputGradient"

  /// How the kernel moves over x.
  public let geometry: ConvolutionGeometry
  /// The sizes of x along the axes between batch and channels.
  public let inputSizes: [Int]

  public init(_ geometry: ConvolutionGeometry, inputSizes: [Int]) {
    self.geometry = geometry
    self.inputSizes = inputSizes
  }

  public var attributes: String {
    (["to \(inputSizes)"] + [geometry.description].filter { !$0.isEmpty }).joined(separator: ", ")
  }

  /// The sizes for a gradient and a weight.
  ///
  /// - Throws: ``TypeError`` where they do not fit.
  public func sizes(_ g: TensorType, _ w: TensorType) throws -> ConvolutionSizes {
    guard g.scalarType == w.scalarType else {
      throw TypeError("expects values of one floating-point type, found \(g) and \(w)")
    }
    let (output, kernel) = (
      try g.spatialSizes(geometry.rank, "gradient"), try w.kernelSizes(geometry.rank)
    )
    guard w.shape[-1] == g.shape[-1] else {
      throw TypeError(
        "the gradient has \(g.shape[-1]) channels, the weight expects \(w.shape[-1])")
    }
    let (channels, overflow) = w.shape[-2].multipliedReportingOverflow(by: geometry.groups)
    guard !overflow else { throw TypeError("\(geometry.groups) groups are too many") }
    let sizes = try ConvolutionSizes(
      batch: g.shape[0], input: inputSizes, channels: channels, kernel: kernel,
      outputChannels: w.shape[-1], geometry)
    guard sizes.output == output else {
      throw TypeError(
        "a convolution of \(inputSizes) has \(sizes.output) places, the gradient has \(output)")
    }
    return sizes
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (g, w) = try inputs.pair()
    return TensorType(try sizes(g, w).inputShape, g.scalarType)
  }

  private func terms(_ inputs: [Tensor]) -> ConvolutionTerms {
    guard let sizes = try? sizes(inputs[0].type, inputs[1].type) else {
      preconditionFailure("\(description): \(inputs[0].type) and \(inputs[1].type) do not fit")
    }
    return ConvolutionTerms(sizes)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    terms(inputs).evaluate(.input, from: (.output, .weight), inputs)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (g, w) = (inputs[0], inputs[1])
    let toWeight = ConvolveWeightGradient(
      geometry, kernelSizes: Array(w.shape.dimensions[..<geometry.rank]))
    return [
      upstream.convolved(with: w, geometry), Expression.apply(toWeight, to: [upstream, g]),
    ]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("convTransposed", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [inputs[1], inputs[0]]
  }

  /// x = Σ g w: the sources are the g that x had a part in, then the w with which it had.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    terms(inputs).element(index, of: .input, from: (.output, .weight))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    (try? sizes(inputs[0], inputs[1]).flops) ?? 0
  }

  public func product(inputs: [TensorType], output: TensorType) -> ProductSize? {
    ProductSize(
      filling: output, flops: flops(inputs: inputs, output: output), isConvolution: true)
  }

  public static var samples: [Sample] {
    Tensor.convolutionSamples.map {
      let sizes = Array($0.x.shape.dimensions[1...$0.geometry.rank])
      return Sample(ConvolveInputGradient($0.geometry, inputSizes: sizes), [$0.g, $0.w])
    }
  }
}

extension TensorAlgebra {
  /// The transposed convolution: every element spreads a kernel over the result.
  ///
  /// - Parameters:
  ///   - weight: The kernel, [kernel…, resultChannels / groups, channels].
  ///   - geometry: How the kernel moves over the result.
  ///   - sizes: The result's sizes along the axes between batch and channels.
  public func convolvedBack(with weight: Self, _ geometry: ConvolutionGeometry, to sizes: [Int])
    -> Self
  {
    Self.apply(ConvolveInputGradient(geometry, inputSizes: sizes), to: [self, weight])
  }
}
