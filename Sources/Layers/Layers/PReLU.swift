import GraphIR
import Tensors

/// The rectified linear unit with a trained slope for negative numbers.
///
/// y = x for x > 0, else a x, with the slope a ("slope"): one number for all, or one for each channel
/// of the last axis. With the upstream gradient g, ∂E/∂a = Σ g x over all x ≤ 0. The slope is no
/// weight to penalties, which would make the unit a plain rectifier.
///
/// Source: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", ICCV 2015,
/// doi:10.1109/ICCV.2015.123.
public struct PReLU: Layer {
  public static let kind = "prelu"

  /// Whether each channel has a slope of its own; false unless told otherwise.
  public let isPerChannel: Bool
  /// What slopes start from; 0.25 unless told otherwise.
  public let slope: Initializer
  public let name: String?

  public init(
    isPerChannel: Bool = false, slope: Initializer = .constant(0.25), name: String? = nil
  ) {
    self.isPerChannel = isPerChannel
    self.slope = slope
    self.name = name
  }

  public var problem: String? { slope.problem().map { "slope: \($0)" } }

  public var description: String { isPerChannel ? "prelu, a slope each channel" : "prelu" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 2, shape[-1] >= 1, input.scalarType == scope.scalarType else {
      scope.fail(
        "prelu: input is \(input.type), expected \(scope.scalarType.rawValue) [batch, …, channels]")
      return input
    }
    let slope = scope.parameter("slope", [isPerChannel ? shape[-1] : 1], slope)
    return select(input .> 0, input, input * slope)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(PReLU(), input: [4]),
      LayerSample(
        PReLU(isPerChannel: true, slope: .uniform(low: -0.5, high: 0.5)), input: [2, 3]),
    ]
  }
}

extension PReLU {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case isPerChannel, slope, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      isPerChannel: try fields.value(.isPerChannel, default: false),
      slope: try fields.value(.slope, default: .constant(0.25)),
      name: try fields.value(ifPresent: .name))
  }
}
