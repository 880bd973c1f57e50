import GraphIR

/// The loss of distances: small for pairs that belong together, at least a margin for others.
///
/// For outputs o (distances) and targets t = ±1: o for t = 1, max(0, m − o) for t = −1, with the
/// margin m; E is the mean over all n elements. Class numbers 1 and 0 become ±1. (PyTorch:
/// `hinge_embedding_loss`.)
public struct HingeEmbedding: Loss {
  public static let kind = "hingeEmbedding"

  /// m; 1 unless told otherwise.
  public let margin: Double

  public init(margin: Double) { self.margin = margin }

  public init() { self.init(margin: 1) }

  public var problem: String? {
    margin.isFinite ? nil : "margin is \(margin), expected a number"
  }

  public var classCoding: ClassCoding { .sign }

  public func problem(withTarget value: Double) -> String? {
    abs(value) == 1 ? nil : "expected −1 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    return select(target .> 0, output, relu(margin - output)).mean()
  }

  public static var samples: [LossSample] {
    LossSample.forms([HingeEmbedding(), HingeEmbedding(margin: 0.3)], sign: true)
  }
}

extension HingeEmbedding {
  enum CodingKeys: CodingKey, CaseIterable {
    case margin
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(margin: try fields.value(.margin, default: 1))
  }
}
