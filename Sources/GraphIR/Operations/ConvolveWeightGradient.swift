import Formulas
import Tensors

/// What reaches the weight of a convolution.
///
/// w[k, c, o] = Σ_n Σ_r x[n, r s − p + k d, c] g[n, r, o]: one number for each shared weight, summed
/// over all examples and all places where it is used. The shapes are those of ``Convolve``, from
/// x's and g's to w's. Its gradients are ``ConvolveInputGradient`` and a convolution.
public struct ConvolveWeightGradient: Operation {
  public static let name = "convolutionWeightGradient"

  /// How the kernel moves over x.
  public let geometry: ConvolutionGeometry
  /// The kernel's sizes.
  public let kernelSizes: [Int]

  public init(_ geometry: ConvolutionGeometry, kernelSizes: [Int]) {
    self.geometry = geometry
    self.kernelSizes = kernelSizes
  }

  public var attributes: String {
    (["kernel \(kernelSizes)"] + [geometry.description].filter { !$0.isEmpty })
      .joined(separator: ", ")
  }

  /// The sizes for an input and a gradient.
  ///
  /// - Throws: ``TypeError`` where they do not fit.
  public func sizes(_ x: TensorType, _ g: TensorType) throws -> ConvolutionSizes {
    guard x.scalarType == g.scalarType else {
      throw TypeError("expects values of one floating-point type, found \(x) and \(g)")
    }
    let (input, output) = (
      try x.spatialSizes(geometry.rank, "input"), try g.spatialSizes(geometry.rank, "gradient")
    )
    guard x.shape[0] == g.shape[0] else {
      throw TypeError(
        "the input has \(x.shape[0]) examples, the gradient \(g.shape[0])")
    }
    let sizes = try ConvolutionSizes(
      batch: x.shape[0], input: input, channels: x.shape[-1], kernel: kernelSizes,
      outputChannels: g.shape[-1], geometry)
    guard sizes.output == output else {
      throw TypeError(
        "a convolution of \(input) has \(sizes.output) places, the gradient has \(output)")
    }
    return sizes
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (x, g) = try inputs.pair()
    return TensorType(try sizes(x, g).weightShape, x.scalarType)
  }

  private func terms(_ inputs: [Tensor]) -> ConvolutionTerms {
    guard let sizes = try? sizes(inputs[0].type, inputs[1].type) else {
      preconditionFailure("\(description): \(inputs[0].type) and \(inputs[1].type) do not fit")
    }
    return ConvolutionTerms(sizes)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    terms(inputs).evaluate(.weight, from: (.input, .output), inputs)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (x, g) = (inputs[0], inputs[1])
    let sizes = Array(x.shape.dimensions[1...geometry.rank])
    return [
      g.convolvedBack(with: upstream, geometry, to: sizes), x.convolved(with: upstream, geometry),
    ]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("convGradient", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [inputs[1], inputs[0]]
  }

  /// w = Σ x g: the sources are the x that the weight meets, then the g that reach them.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    terms(inputs).element(index, of: .weight, from: (.input, .output))
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
      let kernel = Array($0.w.shape.dimensions[..<$0.geometry.rank])
      return Sample(ConvolveWeightGradient($0.geometry, kernelSizes: kernel), [$0.x, $0.g])
    }
  }
}
