import GraphIR
import Tensors

/// Tells the layers behind it which steps are padding: those all of whose features are a certain
/// number.
///
/// m = 0 in the steps of x, [batch, steps, features], all of whose features equal the value v, else 1;
/// y = x m. ``Scope/mask`` becomes m (times the mask that there was before), which recurrent layers,
/// attention and pooling over steps heed. v is compared with what the layer sees: where features are
/// scaled, with scaled ones. It has no parameters.
public struct Masking: Layer {
  public static let kind = "masking"

  /// v; 0 unless told otherwise.
  public let value: Double
  public let name: String?

  public init(value: Double = 0, name: String? = nil) {
    self.value = value
    self.name = name
  }

  public var problem: String? {
    value.isFinite ? nil : "value is \(value), expected a finite number"
  }

  public var description: String { "masking, value \(value)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.shape.rank == 3, input.shape[2] >= 1 else {
      scope.fail(
        "masking: input has shape \(input.shape), expected [batch, steps, features]")
      return input
    }
    let isThere = (input.stoppingGradient() .!= value).max(axes: [2])
    var mask = isThere
    if let earlier = scope.mask {
      guard earlier.shape == isThere.shape else {
        scope.fail("masking: the mask has shape \(earlier.shape), expected \(isThere.shape)")
        return input
      }
      mask = earlier.cast(to: isThere.scalarType) * isThere
    }
    scope.mask = mask
    guard value != 0 else { return input }
    return input * isThere.reshaped([input.shape[0], input.shape[1], 1])
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Masking(), input: [4, 2]),
      LayerSample(Masking(value: -1), input: [3, 1]),
    ]
  }
}

extension Masking {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case value, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      value: try fields.value(.value, default: 0), name: try fields.value(ifPresent: .name))
  }
}
