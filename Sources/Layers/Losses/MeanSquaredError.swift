import GraphIR

/// The mean of the squared errors.
///
/// E = (1 / n) Σ (t − o)² over all n = B · outputs elements; ∂E/∂o = 2 (o − t) / n.
public struct MeanSquaredError: Loss {
  public static let kind = "meanSquaredError"

  public init() {}

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    return (target - output).squared().mean()
  }

  public func squaredErrors(_ output: Expression, target: Expression) -> SquaredErrors? {
    fitted(target, to: output).map {
      SquaredErrors(output - $0, factor: 1 / Double(max(output.shape.count, 1)))
    }
  }

  public static var samples: [LossSample] { LossSample.forms([MeanSquaredError()]) }
}

extension MeanSquaredError {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
