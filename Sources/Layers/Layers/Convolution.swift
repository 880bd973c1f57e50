import GraphIR
import Tensors

/// A convolution: the same small kernel is applied at every place of a signal or an image.
///
/// y[n, r, o] = f(b[o] + Σ_k Σ_c x[n, r s − p + k d, c] W[k, c, o]), with x of shape
/// [batch, length, channels] for a kernel of one size and [batch, height, width, channels] for one
/// of two; r and k count along each axis, s is the stride, p the padding and d the dilation. The
/// weight W is [kernel…, channels / groups, output channels], the bias b [output channels]. What
/// lies outside the input counts as 0. f is the activation.
///
/// Along an axis of n places there are ⌊(n + 2 p − d (K − 1) − 1) / s⌋ + 1 places in the output for
/// K places of the kernel.
///
/// ```swift
/// let layer = Convolution(channels: 32, kernel: [3, 3], padding: .same, activation: .relu)
/// print(try layer.outputShape(input: [28, 28, 1]))        // [28, 28, 32]
/// print(try layer.parameterCount(input: [28, 28, 1]))     // 320
/// ```
///
/// Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998),
/// doi:10.1109/5.726791.
public struct Convolution: Layer {
  public static let kind = "convolution"

  /// The number of output channels; with groups `each`, that for each channel of the input.
  public let channels: Int
  /// The kernel's size along each axis: one number for signals, two for images. In an architecture
  /// file, a number that is no list is a square's.
  public let kernel: [Int]
  /// How far the kernel moves, for all axes or for each; 1 unless told otherwise.
  public let strides: [Int]
  /// The zeros around the input; none unless told otherwise.
  public let padding: ConvolutionPadding
  /// How far apart in the input neighbors in the kernel are, for all axes or for each; 1 unless told
  /// otherwise.
  public let dilation: [Int]
  /// Into how many groups the channels are cut, each of which is convolved by itself; 1 unless told
  /// otherwise.
  public let groups: ConvolutionGroups
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
    dilation: [Int] = [1], groups: ConvolutionGroups = 1, activation: Activation = .linear,
    hasBias: Bool = true, weight: Initializer? = nil, bias: Initializer = .zeros,
    name: String? = nil
  ) {
    self.channels = channels
    self.kernel = kernel
    self.strides = strides
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
    self.hasBias = hasBias
    self.weight = weight
    self.bias = bias
    self.name = name
  }

  /// A kernel of its own for each channel, which sees no other channel.
  ///
  /// - Parameter multiplier: The number of kernels, and so of output channels, for each channel.
  public static func depthwise(
    kernel: [Int], multiplier: Int = 1, strides: [Int] = [1],
    padding: ConvolutionPadding = .valid, dilation: [Int] = [1], activation: Activation = .linear,
    hasBias: Bool = true, name: String? = nil
  ) -> Convolution {
    Convolution(
      channels: multiplier, kernel: kernel, strides: strides, padding: padding,
      dilation: dilation, groups: .each, activation: activation, hasBias: hasBias, name: name)
  }

  private static let mostChannels = 1 << 31

  private var settings: KernelSettings {
    KernelSettings(kernel: kernel, strides: strides, padding: padding, dilation: dilation)
  }

  public var problem: String? {
    guard (1...Self.mostChannels).contains(channels) else {
      return "channels is \(channels), expected 1 to \(Self.mostChannels)"
    }
    if case .count(let count) = groups, !(1...channels).contains(count) || channels % count != 0 {
      return "groups is \(count), expected a divisor of \(channels) channels"
    }
    if let problem = settings.problem { return problem }
    if let problem = weight?.problem() { return "weight: \(problem)" }
    return bias.problem().map { "bias: \($0)" }
  }

  public var description: String {
    let grouping =
      switch groups {
      case .count(1): ""
      case .count(let count): ", \(count) groups"
      case .each: " for each"
      }
    return "convolution, \(channels) channel\(channels == 1 ? "" : "s")\(grouping), "
      + settings.words + (activation == .linear ? "" : ", \(activation.rawValue)")
      + (hasBias ? "" : ", no bias")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.spatialSizes(of: input, axes: kernel.count, Self.kind) else {
      return input
    }
    let features = input.shape[-1]
    let count: Int
    var outputs = channels
    switch groups {
    case .count(let number): count = number
    case .each:
      count = features
      let (product, overflow) = channels.multipliedReportingOverflow(by: features)
      guard !overflow, product <= Self.mostChannels else {
        scope.fail("convolution: \(channels) channels for each of \(features) are too many")
        return input
      }
      outputs = product
    }
    guard features % count == 0 else {
      scope.fail("convolution: input has \(features) channels, expected a multiple of \(count)")
      return input
    }
    let (before, after) = settings.padding(for: sizes)
    let geometry = ConvolutionGeometry(
      strides: settings.spread(strides), before: before, after: after,
      dilations: settings.spread(dilation), groups: count)
    let weight = scope.parameter(
      "weight", Shape(kernel + [features / count, outputs]),
      weight ?? activation.weightInitializer, isWeight: true)
    var net = input.convolved(with: weight, geometry)
    if hasBias { net = net + scope.parameter("bias", [outputs], bias) }
    return activation(net)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Convolution(channels: 3, kernel: [2, 2]), input: [3, 4, 2]),
      LayerSample(
        Convolution(channels: 2, kernel: [3, 3], padding: .same, activation: .tanh),
        input: [4, 3, 1]),
      LayerSample(
        Convolution(
          channels: 4, kernel: [2, 3], strides: [2, 1], padding: [1, 0], groups: 2,
          hasBias: false), input: [4, 4, 2]),
      LayerSample(
        Convolution(channels: 2, kernel: [3], padding: 2, dilation: [2], activation: .sigmoid),
        input: [6, 2]),
      LayerSample(Convolution.depthwise(kernel: [2, 3], multiplier: 2), input: [3, 4, 2]),
    ]
  }
}

extension Convolution {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case channels, kernel, strides, padding, dilation, groups, activation, hasBias, weight, bias
    case name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      channels: try fields.value(.channels), kernel: try fields.kernel(.kernel),
      strides: try fields.sizes(.strides, default: [1]),
      padding: try fields.value(.padding, default: .valid),
      dilation: try fields.sizes(.dilation, default: [1]),
      groups: try fields.value(.groups, default: 1),
      activation: try fields.value(.activation, default: .linear),
      hasBias: try fields.value(.hasBias, default: true),
      weight: try fields.value(ifPresent: .weight),
      bias: try fields.value(.bias, default: .zeros),
      name: try fields.value(ifPresent: .name))
  }
}
