import GraphIR
import Tensors

/// Leaves out whole channels of each example in each training step: neighbors in images and sequences
/// say much the same, so that single numbers left out would be guessed.
///
/// In training y = x m / (1 − p), with x of shape [batch, sizes…, channels], where m is 0 with
/// probability p (the rate) and else 1, drawn anew for every channel of every example and each step.
/// Outside training y = x. It has no parameters.
///
/// Source: J. Tompson, R. Goroshin, A. Jain, Y. LeCun, C. Bregler, "Efficient object localization
/// using convolutional networks", CVPR 2015, doi:10.1109/CVPR.2015.7298664.
public struct SpatialDropout: Layer {
  public static let kind = "spatialDropout"

  /// p, the part of the channels that is left out: 0 ≤ p < 1.
  public let rate: Double
  public let name: String?

  public init(_ rate: Double, name: String? = nil) {
    self.rate = rate
    self.name = name
  }

  public var problem: String? {
    rate >= 0 && rate < 1 ? nil : "rate is \(rate), expected at least 0 and less than 1"
  }

  public var description: String { "spatial dropout, rate \(rate)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fitsChannels(input, kind: Self.kind, axes: 3), scope.isTraining, rate > 0 else {
      return input
    }
    let shape = input.shape
    let between = [Int](repeating: 1, count: shape.rank - 2)
    let mask = scope.noise(Shape([shape[0]] + between + [shape[-1]])) .>= rate
    return input * (mask * (1 / (1 - rate)))
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(SpatialDropout(0.4), input: [3, 4]),
      LayerSample(SpatialDropout(0.2), input: [2, 2, 3]),
    ]
  }
}

extension SpatialDropout {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case rate, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.rate), name: try fields.value(ifPresent: .name))
  }
}
