import GraphIR

/// The logarithm of the errors' hyperbolic cosine: nearly ½ r² for small errors, |r| − ln 2 for large
/// ones, and smooth in between.
///
/// E = (1 / n) Σ ln cosh(o − t) over all n elements, computed as r + ln(1 + e^(−2 r)) − ln 2, which
/// cannot overflow; ∂E/∂o = tanh(o − t) / n.
public struct LogCosh: Loss {
  public static let kind = "logCosh"

  public init() {}

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    let error = output - target
    return (error + softplus(error * -2) - Self.logarithmOf2).mean()
  }

  private static let logarithmOf2 = 0.6931471805599453

  public static var samples: [LossSample] { LossSample.forms([LogCosh()]) }
}

extension LogCosh {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
