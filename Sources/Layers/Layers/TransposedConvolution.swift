import GraphIR
import Tensors

/// A transposed convolution: every place of its input spreads a kernel over the output, which with
/// a stride has more places than the input.
///
/// y[n, i, o] = f(b[o] + Σ x[n, r, c] W[k, o, c]) over all places r of the input and k of the kernel
/// with r s − p + k d = i, and over the channels c of o's group; x is [batch, length, channels] or
/// [batch, height, width, channels]. The weight W is [kernel…, output channels / groups, channels]:
/// that of the convolution whose gradient by its input this is. The bias b is [output channels], f
/// the activation.
///
/// Along an axis of n places there are (n − 1) s − 2 p + d (K − 1) + 1 places in the output, and
/// `outputPadding` more, or n s with padding `same`.
///
/// ```swift
/// let layer = TransposedConvolution(channels: 16, kernel: [4, 4], strides: [2], padding: 1)
/// print(try layer.outputShape(input: [7, 7, 32]))         // [14, 14, 16]
/// ```
///
/// M. Zeiler et al., "Deconvolutional networks", CVPR 2010, doi:10.1109/CVPR.2010.5539957.
public struct TransposedConvolution: Layer {
  public static let kind = "transposedConvolution"

  /// The number of output channels.
  public let channels: Int
  /// The kernel's size along each axis: one number for signals, two for images. In an architecture
  /// file, a number that is no list is a square's.
  public let kernel: [Int]
  /// How far apart in the output neighbors in the input are spread, for all axes or for each; 1
  /// unless told otherwise.
  public let strides: [Int]
  /// What is cut off around the output; nothing unless told otherwise.
  public let padding: ConvolutionPadding
  /// How many places more the output has at its end, for all axes or for each: fewer than the
  /// stride. 0 unless told otherwise.
  public let outputPadding: [Int]
  /// How far apart in the output neighbors in the kernel are, for all axes or for each; 1 unless
  /// told otherwise.
  public let dilation: [Int]
  /// Into how many groups the channels are cut; 1 unless told otherwise.
  public let groups: Int
  /// f; `linear` unless told otherwise.
  public let activation: Activation
  /// Whether b is added; true unless told otherwise.
  public let hasBias: Bool
  /// What W starts from; nil for ``Activation/weightInitializer``.
  public let weight: Initializer?
  /// What b starts from; zeros unless told otherwise.
  public let bias: Initializer
  public let name: String?

  public init(
    channels: Int, kernel: [Int], strides: [Int] = [1], padding: ConvolutionPadding = .valid,
    outputPadding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1,
    activation: Activation = .linear, hasBias: Bool = true, weight: Initializer? = nil,
    bias: Initializer = .zeros, name: String? = nil
  ) {
    self.channels = channels
    self.kernel = kernel
    self.strides = strides
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
    self.hasBias = hasBias
    self.weight = weight
    self.bias = bias
    self.name = name
  }

  private static let mostChannels = 1 << 31

  private var settings: KernelSettings {
    KernelSettings(kernel: kernel, strides: strides, padding: padding, dilation: dilation)
  }

  public var problem: String? {
    guard (1...Self.mostChannels).contains(channels) else {
      return "channels is \(channels), expected 1 to \(Self.mostChannels)"
    }
    guard (1...channels).contains(groups), channels % groups == 0 else {
      return "groups is \(groups), expected a divisor of \(channels) channels"
    }
    if let problem = settings.problem { return problem }
    guard outputPadding.count == 1 || outputPadding.count == kernel.count else {
      return "outputPadding has \(outputPadding.count) numbers, expected 1"
        + (kernel.count > 1 ? " or \(kernel.count)" : "")
    }
    for (more, stride) in zip(settings.spread(outputPadding), settings.spread(strides)) {
      guard (0..<stride).contains(more) else {
        return "outputPadding is \(more), expected 0 to \(stride - 1), less than the stride"
      }
      if padding == .same, more != 0 { return "outputPadding is \(more), expected 0 beside same" }
    }
    if let problem = weight?.problem() { return "weight: \(problem)" }
    return bias.problem().map { "bias: \($0)" }
  }

  public var description: String {
    "transposed convolution, \(channels) channel\(channels == 1 ? "" : "s")"
      + (groups == 1 ? "" : ", \(groups) groups") + ", " + settings.words
      + (activation == .linear ? "" : ", \(activation.rawValue)") + (hasBias ? "" : ", no bias")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.spatialSizes(of: input, axes: kernel.count, Self.kind) else {
      return input
    }
    let features = input.shape[-1]
    guard features % groups == 0 else {
      scope.fail(
        "\(Self.kind): input has \(features) channels, expected a multiple of \(groups)")
      return input
    }
    let (before, after) = settings.padding(for: sizes, transposed: true)
    guard let outputs = outputSizes(sizes, cutting: zip(before, after).map { $0 + $1 }) else {
      scope.fail(
        "\(Self.kind): input has shape \(input.shape), of which these strides and paddings leave "
          + "nothing, or too much")
      return input
    }
    let geometry = ConvolutionGeometry(
      strides: settings.spread(strides), before: before, after: after,
      dilations: settings.spread(dilation), groups: groups)
    let weight = scope.parameter(
      "weight", Shape(kernel + [channels / groups, features]),
      weight ?? activation.weightInitializer, isWeight: true)
    var net = input.convolvedBack(with: weight, geometry, to: outputs)
    if hasBias { net = net + scope.parameter("bias", [channels], bias) }
    return activation(net)
  }

  /// The output's places along each axis; nil where there are none, or too many.
  private func outputSizes(_ input: [Int], cutting cut: [Int]) -> [Int]? {
    let (strides, dilation) = (settings.spread(strides), settings.spread(dilation))
    let more = settings.spread(outputPadding)
    let largest = Int(Int32.max)
    var outputs: [Int] = []
    for axis in kernel.indices {
      guard input[axis] <= largest else { return nil }
      let reach = (kernel[axis] - 1) * dilation[axis] + 1
      let size =
        padding == .same
        ? input[axis] * strides[axis]
        : (input[axis] - 1) * strides[axis] + reach - cut[axis] + more[axis]
      guard (1...largest).contains(size) else { return nil }
      outputs.append(size)
    }
    return outputs
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(TransposedConvolution(channels: 2, kernel: [2, 2]), input: [2, 3, 2]),
      LayerSample(
        TransposedConvolution(
          channels: 2, kernel: [3, 2], strides: [2], padding: [1, 0], outputPadding: [1, 0],
          activation: .tanh), input: [3, 2, 2]),
      LayerSample(
        TransposedConvolution(
          channels: 4, kernel: [3, 3], strides: [2, 1], padding: .same, groups: 2,
          hasBias: false), input: [2, 3, 2]),
      LayerSample(
        TransposedConvolution(channels: 3, kernel: [3], strides: [3], dilation: [2]),
        input: [3, 2]),
    ]
  }
}

extension TransposedConvolution {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case channels, kernel, strides, padding, outputPadding, dilation, groups, activation, hasBias
    case weight, bias, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      channels: try fields.value(.channels), kernel: try fields.kernel(.kernel),
      strides: try fields.sizes(.strides, default: [1]),
      padding: try fields.value(.padding, default: .valid),
      outputPadding: try fields.sizes(.outputPadding, default: [0]),
      dilation: try fields.sizes(.dilation, default: [1]),
      groups: try fields.value(.groups, default: 1),
      activation: try fields.value(.activation, default: .linear),
      hasBias: try fields.value(.hasBias, default: true),
      weight: try fields.value(ifPresent: .weight),
      bias: try fields.value(.bias, default: .zeros),
      name: try fields.value(ifPresent: .name))
  }
}
