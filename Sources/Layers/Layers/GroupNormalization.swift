import GraphIR
import Tensors

/// Standardizes every example by itself, in groups of channels.
///
/// y = γ (x − μ) / √(v + ε) + β, with x of shape [batch, …, channels], and μ and v the mean and variance
/// of each group of channels / groups neighboring channels over all axes behind the batch. γ is the
/// parameter "scale" and β the parameter "shift", both of shape [channels].
///
/// Source: Y. Wu, K. He, "Group normalization", ECCV 2018, doi:10.1007/978-3-030-01261-8_1.
public struct GroupNormalization: Layer {
  public static let kind = "groupNormalization"

  /// The number of groups, which divides that of the channels.
  public let groups: Int
  /// ε; 10⁻⁵ unless told otherwise.
  public let epsilon: Double
  /// Whether there is γ; true unless told otherwise.
  public let hasScale: Bool
  /// Whether there is β; true unless told otherwise.
  public let hasShift: Bool
  public let name: String?

  public init(
    groups: Int, epsilon: Double = 1e-5, hasScale: Bool = true, hasShift: Bool = true,
    name: String? = nil
  ) {
    self.groups = groups
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasShift = hasShift
    self.name = name
  }

  private var settings: NormalizationSettings {
    NormalizationSettings(epsilon: epsilon, hasScale: hasScale, hasShift: hasShift)
  }

  public var problem: String? {
    groups >= 1 ? settings.problem : "groups is \(groups), expected at least 1"
  }

  public var description: String {
    "group normalization, \(groups) group\(groups == 1 ? "" : "s")" + settings.description
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fitsChannels(input, kind: Self.kind) else { return input }
    let (shape, channels) = (input.shape, input.shape[-1])
    guard channels.isMultiple(of: groups) else {
      scope.fail(
        "groupNormalization: input has \(channels) channels, expected a multiple of "
          + "the \(groups) groups")
      return input
    }
    let places = shape.dimensions[1..<shape.rank - 1].reduce(1, *)
    let grouped = input.reshaped([shape[0], places, groups, channels / groups])
    return settings.applied(
      to: grouped.standardized(axes: [1, 3], epsilon: epsilon).reshaped(shape), [channels],
      in: scope)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(GroupNormalization(groups: 2, epsilon: 0.1), input: [4]),
      LayerSample(GroupNormalization(groups: 2, epsilon: 0.1), input: [2, 3, 4]),
      LayerSample(GroupNormalization(groups: 1, epsilon: 0.1, hasScale: false), input: [3, 2]),
    ]
  }
}

extension GroupNormalization {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case groups, epsilon, hasScale, hasShift, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      groups: try fields.value(.groups),
      epsilon: try fields.value(.epsilon, default: 1e-5),
      hasScale: try fields.value(.hasScale, default: true),
      hasShift: try fields.value(.hasShift, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
