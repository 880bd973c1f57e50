import GraphIR
import Tensors

/// Standardizes each channel over the batch and all other axes, and remembers what it found for
/// later.
///
/// In training y = γ (x − μ) / √(v + ε) + β, with x of shape [batch, …, channels], and μ and v the mean
/// and variance of the n numbers of each channel in the batch. Outside training μ and v are the
/// running ones ("mean" and "variance"), which each training step moves: mean ← (1 − m) mean + m μ,
/// variance ← (1 − m) variance + m v n / (n − 1), with the momentum m. γ is the parameter "scale" and
/// β the parameter "shift", both of shape [channels].
///
/// Source: S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by reducing
/// internal covariate shift", ICML 2015, arXiv:1502.03167.
public struct BatchNormalization: Layer {
  public static let kind = "batchNormalization"

  /// m; 0.1 unless told otherwise.
  public let momentum: Double
  /// ε; 10⁻⁵ unless told otherwise.
  public let epsilon: Double
  /// Whether there is γ; true unless told otherwise.
  public let hasScale: Bool
  /// Whether there is β; true unless told otherwise.
  public let hasShift: Bool
  public let name: String?

  public init(
    momentum: Double = 0.1, epsilon: Double = 1e-5, hasScale: Bool = true, hasShift: Bool = true,
    name: String? = nil
  ) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasShift = hasShift
    self.name = name
  }

  private var settings: NormalizationSettings {
    NormalizationSettings(epsilon: epsilon, hasScale: hasScale, hasShift: hasShift)
  }

  public var problem: String? {
    guard momentum >= 0, momentum <= 1 else { return "momentum is \(momentum), expected 0 to 1" }
    return settings.problem
  }

  public var description: String { "batch normalization" + settings.description }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fitsChannels(input, kind: Self.kind) else { return input }
    let (shape, channels) = (input.shape, Shape([input.shape[-1]]))
    let mean = scope.state("mean", channels, .zeros)
    let variance = scope.state("variance", channels, .ones)
    guard scope.isTraining else {
      // One factor for each channel, so that no element is divided.
      var factor = 1 / sqrt(variance + epsilon)
      if hasScale { factor = factor * scope.parameter("scale", channels, .ones) }
      let y = (input - mean) * factor
      return hasShift ? y + scope.parameter("shift", channels, .zeros) : y
    }
    guard shape[0] >= 1 else {
      scope.fail("batchNormalization: input has shape \(shape), expected at least 1 example")
      return input
    }
    let axes = Array(0..<shape.rank - 1)
    // What is remembered is no part of what is differentiated.
    let seen = input.stoppingGradient()
    let count = Double(shape.count / shape[-1])
    scope.update(mean, with: mixed(mean, seen.mean(axes: axes)))
    let unbiased = seen.variance(axes: axes) * (count / max(count - 1, 1))
    scope.update(variance, with: mixed(variance, unbiased))
    return settings.applied(
      to: input.standardized(axes: axes, epsilon: epsilon), channels, in: scope)
  }

  /// What is remembered, moved toward what was found.
  private func mixed(_ old: Expression, _ new: Expression) -> Expression {
    old * (1 - momentum) + new * momentum
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(BatchNormalization(epsilon: 0.1), input: [4]),
      LayerSample(BatchNormalization(momentum: 0.3, epsilon: 0.1), input: [3, 2]),
      LayerSample(
        BatchNormalization(epsilon: 0.1, hasScale: false, hasShift: false), input: [2, 3, 2]),
    ]
  }
}

extension BatchNormalization {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case momentum, epsilon, hasScale, hasShift, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      momentum: try fields.value(.momentum, default: 0.1),
      epsilon: try fields.value(.epsilon, default: 1e-5),
      hasScale: try fields.value(.hasScale, default: true),
      hasShift: try fields.value(.hasShift, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
