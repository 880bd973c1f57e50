import GraphIR
import Tensors

/// Standardizes every example by itself, over its last axes.
///
/// y = γ (x − μ) / √(v + ε) + β, with μ and v the mean and variance over the last k axes; so a sequence
/// is standardized step by step. γ is the parameter "scale" and β the parameter "shift", both of the
/// last k axes' shape.
///
/// Source: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450.
public struct LayerNormalization: Layer {
  public static let kind = "layerNormalization"

  /// k; 1 unless told otherwise.
  public let axes: Int
  /// ε; 10⁻⁵ unless told otherwise.
  public let epsilon: Double
  /// Whether there is γ; true unless told otherwise.
  public let hasScale: Bool
  /// Whether there is β; true unless told otherwise.
  public let hasShift: Bool
  public let name: String?

  public init(
    axes: Int = 1, epsilon: Double = 1e-5, hasScale: Bool = true, hasShift: Bool = true,
    name: String? = nil
  ) {
    self.axes = axes
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasShift = hasShift
    self.name = name
  }

  private var settings: NormalizationSettings {
    NormalizationSettings(epsilon: epsilon, hasScale: hasScale, hasShift: hasShift)
  }

  public var problem: String? {
    axes >= 1 ? settings.problem : "axes is \(axes), expected at least 1"
  }

  public var description: String {
    "layer normalization" + (axes == 1 ? "" : " over \(axes) axes") + settings.description
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fitsChannels(input, kind: Self.kind) else { return input }
    let shape = input.shape
    guard axes < shape.rank else {
      scope.fail(
        "layerNormalization: input has shape \(shape), expected \(axes) axes behind the batch")
      return input
    }
    let last = Array(shape.rank - axes..<shape.rank)
    return settings.applied(
      to: input.standardized(axes: last, epsilon: epsilon), Shape(last.map { shape[$0] }),
      in: scope)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(LayerNormalization(epsilon: 0.1), input: [4]),
      LayerSample(LayerNormalization(axes: 2, epsilon: 0.1), input: [2, 3, 2]),
      LayerSample(LayerNormalization(epsilon: 0.1, hasShift: false), input: [3, 4]),
    ]
  }
}

extension LayerNormalization {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case axes, epsilon, hasScale, hasShift, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      axes: try fields.value(.axes, default: 1),
      epsilon: try fields.value(.epsilon, default: 1e-5),
      hasScale: try fields.value(.hasScale, default: true),
      hasShift: try fields.value(.hasShift, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
