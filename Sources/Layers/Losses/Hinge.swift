import GraphIR

/// The hinge loss of the support-vector machine: an output has to be on the right side of 0, by a
/// margin of 1.
///
/// E = (1 / n) Σ max(0, 1 − t o) over all n elements, t = ±1; ∂E/∂o = −t / n where t o < 1, else 0.
/// Class numbers become ±1.
///
/// Source: C. Cortes, V. Vapnik, "Support-vector networks", Machine Learning 20 (1995),
/// doi:10.1007/BF00994018.
public struct Hinge: Loss {
  public static let kind = "hinge"

  public init() {}

  public var isClassification: Bool { true }
  public var classCoding: ClassCoding { .sign }
  public var decisionThreshold: Double { 0 }

  public func problem(withTarget value: Double) -> String? {
    abs(value) == 1 ? nil : "expected −1 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    return relu(1 - target * output).mean()
  }

  public static var samples: [LossSample] { LossSample.forms([Hinge()], sign: true) }
}

extension Hinge {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
