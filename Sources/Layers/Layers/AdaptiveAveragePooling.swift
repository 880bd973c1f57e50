import GraphIR
import Tensors

/// Means over as many windows as asked for, whatever the input's sizes, channel by channel.
///
/// With x of shape [batch, steps, channels] or [batch, height, width, channels], and m windows over n
/// elements along an axis, the i-th window holds those from ⌊i n / m⌋ to before ⌈(i + 1) n / m⌉, so
/// that neighbors may share elements. It has no parameters.
public struct AdaptiveAveragePooling: Layer {
  public static let kind = "adaptiveAveragePooling"

  /// How many windows there are, for each axis or for all.
  public let sizes: [Int]
  public let name: String?

  public init(_ sizes: [Int], name: String? = nil) {
    self.sizes = sizes
    self.name = name
  }

  public var problem: String? { sizes.problem("sizes", atLeast: 1) }
  public var description: String { "adaptive average pooling to \(sizes.timesText)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fits(input, kind: Self.kind, ("sizes", sizes)) else { return input }
    return input.averagePooled(.adaptive(sizes.spread(over: input.shape.rank - 2)))
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(AdaptiveAveragePooling([3]), input: [5, 2]),
      LayerSample(AdaptiveAveragePooling([2, 3]), input: [5, 4, 2]),
      LayerSample(AdaptiveAveragePooling([3]), input: [2, 4, 1]),
    ]
  }
}

extension AdaptiveAveragePooling {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case sizes, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.sizes, as: AxisNumbers.self).values,
      name: try fields.value(ifPresent: .name))
  }
}
