import Formulas
import Tensors

/// A kernel moved over an input: the convolution of neural networks, which is a cross-correlation.
///
/// y[n, r, o] = Σ_k Σ_c x[n, r s − p + k d, c] w[k, c, o], with x [batch, places…, channels],
/// w [kernel…, channels / groups, outputChannels] and y [batch, places…, outputChannels]; r and k
/// count along each axis, and with groups a channel o sees those of its own group alone. See
/// ``ConvolutionGeometry`` for stride s, padding p and dilation d.
///
/// The gradients are ``ConvolveInputGradient`` and ``ConvolveWeightGradient``. With
/// T(x, w, g) = Σ g · (x ∗ w), the three are T's derivatives by g, x and w, so that each one's
/// gradients are the other two.
///
/// Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998),
/// doi:10.1109/5.726791.
public struct Convolve: Operation {
  public static let name = "convolution"

  /// How the kernel moves.
  public let geometry: ConvolutionGeometry

  public init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  public var attributes: String { geometry.description }

  /// The sizes for an input and a weight.
  ///
  /// - Throws: ``TypeError`` where they do not fit.
  public func sizes(_ x: TensorType, _ w: TensorType) throws -> ConvolutionSizes {
    guard x.scalarType == w.scalarType else {
      throw TypeError("expects values of one floating-point type, found \(x) and \(w)")
    }
    let (input, kernel) = (
      try x.spatialSizes(geometry.rank, "input"), try w.kernelSizes(geometry.rank)
    )
    let sizes = try ConvolutionSizes(
      batch: x.shape[0], input: input, channels: x.shape[-1], kernel: kernel,
      outputChannels: w.shape[-1], geometry)
    guard sizes.depth == w.shape[-2] else {
      throw TypeError(
        "the input has \(x.shape[-1]) channels"
          + (geometry.groups > 1 ? " in \(geometry.groups) groups" : "")
          + ", the weight expects \(w.shape[-2])" + (geometry.groups > 1 ? " in each" : ""))
    }
    return sizes
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (x, w) = try inputs.pair()
    return TensorType(try sizes(x, w).outputShape, x.scalarType)
  }

  private func terms(_ inputs: [Tensor]) -> ConvolutionTerms {
    guard let sizes = try? sizes(inputs[0].type, inputs[1].type) else {
      preconditionFailure("\(description): \(inputs[0].type) and \(inputs[1].type) do not fit")
    }
    return ConvolutionTerms(sizes)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    terms(inputs).evaluate(.output, from: (.input, .weight), inputs)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (x, w, rank) = (inputs[0], inputs[1], geometry.rank)
    let toInput = ConvolveInputGradient(
      geometry, inputSizes: Array(x.shape.dimensions[1...rank]))
    let toWeight = ConvolveWeightGradient(
      geometry, kernelSizes: Array(w.shape.dimensions[..<rank]))
    return [
      Expression.apply(toInput, to: [upstream, w]), Expression.apply(toWeight, to: [x, upstream]),
    ]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("conv", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [inputs[1], inputs[0]]
  }

  /// y = Σ x w: the sources are the x under the kernel, then the w over them.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    terms(inputs).element(index, of: .output, from: (.input, .weight))
  }

  /// The places that the kernel has been at: of an element of x those whose window it lies in, of
  /// an element of w all of its channel.
  public func users(of source: ElementRule.Source, in inputs: [Tensor]) -> [Int]? {
    let part: ConvolutionTerms.Part = source.input == 0 ? .input : .weight
    return terms(inputs).terms(of: part, at: source.element).map(\.output).sorted()
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    (try? sizes(inputs[0], inputs[1]).flops) ?? 0
  }

  public func product(inputs: [TensorType], output: TensorType) -> ProductSize? {
    ProductSize(
      filling: output, flops: flops(inputs: inputs, output: output), isConvolution: true)
  }

  public static var samples: [Sample] {
    Tensor.convolutionSamples.map { Sample(Convolve($0.geometry), [$0.x, $0.w]) }
  }
}

extension TensorAlgebra {
  /// A kernel moved over this input.
  ///
  /// - Parameters:
  ///   - weight: The kernel, [kernel…, channels / groups, outputChannels].
  ///   - geometry: How it moves.
  public func convolved(with weight: Self, _ geometry: ConvolutionGeometry) -> Self {
    Self.apply(Convolve(geometry), to: [self, weight])
  }
}
