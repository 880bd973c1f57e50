import GraphIR
import Tensors

/// Standardizes every channel of every example by itself.
///
/// y = γ (x − μ) / √(v + ε) + β, with x of shape [batch, sizes…, channels], and μ and v the mean and
/// variance over the axes between batch and channels. γ is the parameter "scale" and β the parameter
/// "shift", both of shape [channels]; there are neither unless asked for.
///
/// Source: D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization: the missing ingredient for
/// fast stylization", 2016, arXiv:1607.08022.
public struct InstanceNormalization: Layer {
  public static let kind = "instanceNormalization"

  /// ε; 10⁻⁵ unless told otherwise.
  public let epsilon: Double
  /// Whether there is γ; false unless told otherwise.
  public let hasScale: Bool
  /// Whether there is β; false unless told otherwise.
  public let hasShift: Bool
  public let name: String?

  public init(
    epsilon: Double = 1e-5, hasScale: Bool = false, hasShift: Bool = false, name: String? = nil
  ) {
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasShift = hasShift
    self.name = name
  }

  private var settings: NormalizationSettings {
    NormalizationSettings(epsilon: epsilon, hasScale: hasScale, hasShift: hasShift)
  }

  public var problem: String? { settings.problem }

  public var description: String {
    "instance normalization" + (hasScale ? ", scale" : "") + (hasShift ? ", shift" : "")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fitsChannels(input, kind: Self.kind, axes: 3) else { return input }
    let between = Array(1..<input.shape.rank - 1)
    return settings.applied(
      to: input.standardized(axes: between, epsilon: epsilon), [input.shape[-1]], in: scope)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(InstanceNormalization(epsilon: 0.1), input: [4, 2]),
      LayerSample(
        InstanceNormalization(epsilon: 0.1, hasScale: true, hasShift: true), input: [2, 3, 2]),
    ]
  }
}

extension InstanceNormalization {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case epsilon, hasScale, hasShift, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      epsilon: try fields.value(.epsilon, default: 1e-5),
      hasScale: try fields.value(.hasScale, default: false),
      hasShift: try fields.value(.hasShift, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
