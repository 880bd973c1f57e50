import GraphIR

/// The first half of the features, let through by the second: y = a ⊗ f(b), with x = [a, b] along
/// the last axis and f the gate's activation. [batch…, 2n] becomes [batch…, n]; it has no
/// parameters.
///
/// Source: Y. Dauphin, A. Fan, M. Auli, D. Grangier, "Language modeling with gated convolutional
/// networks", ICML 2017, arXiv:1612.08083.
public struct GatedLinearUnit: Layer {
  public static let kind = "gatedLinearUnit"

  /// f; `sigmoid` unless told otherwise.
  public let activation: Activation
  public let name: String?

  public init(activation: Activation = .sigmoid, name: String? = nil) {
    self.activation = activation
    self.name = name
  }

  public var description: String { "gatedLinearUnit, \(activation.rawValue)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 2, shape[-1] >= 2, shape[-1] % 2 == 0 else {
      scope.fail(
        "gatedLinearUnit: input has shape \(shape), expected [batch, features] with an even number "
          + "of features, a half to let through and a half that lets it")
      return input
    }
    guard input.scalarType == scope.scalarType else {
      scope.fail(
        "gatedLinearUnit: input is \(input.type), expected \(scope.scalarType.rawValue) numbers")
      return input
    }
    let half = shape[-1] / 2
    return input.slice(axis: -1, to: half) * activation(input.slice(axis: -1, from: half))
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(GatedLinearUnit(), input: [6]),
      LayerSample(GatedLinearUnit(activation: .silu), input: [3, 4]),
    ]
  }
}

extension GatedLinearUnit {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case activation, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      activation: try fields.value(.activation, default: .sigmoid),
      name: try fields.value(ifPresent: .name))
  }
}
