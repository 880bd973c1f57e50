import GraphIR

/// Lets through what is above a threshold: y = x for x > θ, else a fixed number. It has no
/// parameters.
public struct Threshold: Layer {
  public static let kind = "threshold"

  /// θ.
  public let threshold: Double
  /// What stands in place of everything else; 0 unless told otherwise.
  public let value: Double
  public let name: String?

  public init(_ threshold: Double, value: Double = 0, name: String? = nil) {
    self.threshold = threshold
    self.value = value
    self.name = name
  }

  public var problem: String? {
    if !threshold.isFinite { return "threshold is \(threshold), expected a number" }
    return value.isFinite ? nil : "value is \(value), expected a number"
  }

  public var description: String { "threshold \(threshold), else \(value)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.shape.rank >= 1, input.scalarType == scope.scalarType else {
      scope.fail(
        "threshold: input is \(input.type), expected \(scope.scalarType.rawValue) [batch, …]")
      return input
    }
    return select(input .> threshold, input, value)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Threshold(0.25), input: [4]),
      LayerSample(Threshold(-0.5, value: 3), input: [2, 3]),
    ]
  }
}

extension Threshold {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case threshold, value, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.threshold), value: try fields.value(.value, default: 0),
      name: try fields.value(ifPresent: .name))
  }
}
