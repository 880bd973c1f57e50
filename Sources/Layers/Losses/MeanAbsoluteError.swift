import GraphIR

/// The mean of the errors' magnitudes, which outliers pull at less than at their squares.
///
/// E = (1 / n) Σ |t − o| over all n = B · outputs elements; ∂E/∂o = sign(o − t) / n, 0 where o = t.
public struct MeanAbsoluteError: Loss {
  public static let kind = "meanAbsoluteError"

  public init() {}

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    return abs(target - output).mean()
  }

  public static var samples: [LossSample] { LossSample.forms([MeanAbsoluteError()]) }
}

extension MeanAbsoluteError {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
