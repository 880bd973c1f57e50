import GraphIR
import Tensors

/// Scales the numbers of the last axis to a mean square of 1.
///
/// y = γ x / √(mean x² + ε), the mean being over the last axis. γ is the parameter "scale", of shape
/// [features].
///
/// Source: B. Zhang, R. Sennrich, "Root mean square layer normalization", NeurIPS 2019,
/// arXiv:1910.07467.
public struct RMSNormalization: Layer {
  public static let kind = "rmsNormalization"

  /// ε; 10⁻⁵ unless told otherwise.
  public let epsilon: Double
  /// Whether there is γ; true unless told otherwise.
  public let hasScale: Bool
  public let name: String?

  public init(epsilon: Double = 1e-5, hasScale: Bool = true, name: String? = nil) {
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.name = name
  }

  private var settings: NormalizationSettings {
    NormalizationSettings(epsilon: epsilon, hasScale: hasScale, hasShift: false)
  }

  public var problem: String? { settings.problem }
  public var description: String { "rms normalization" + (hasScale ? "" : ", no scale") }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fitsChannels(input, kind: Self.kind) else { return input }
    let size = sqrt(input.squared().mean(axes: [-1], keepingAxes: true) + epsilon)
    return settings.applied(to: input * (1 / size), [input.shape[-1]], in: scope)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(RMSNormalization(epsilon: 0.1), input: [4]),
      LayerSample(RMSNormalization(hasScale: false), input: [2, 3]),
    ]
  }
}

extension RMSNormalization {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case epsilon, hasScale, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      epsilon: try fields.value(.epsilon, default: 1e-5),
      hasScale: try fields.value(.hasScale, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
