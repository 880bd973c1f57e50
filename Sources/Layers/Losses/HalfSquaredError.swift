import GraphIR

/// Half the squared error, summed over the outputs: the loss of hand derivations.
///
/// E = (1 / B) Σ_rows ½ Σ_outputs (t − o)², B the size of the batch. For one example the gradient
/// is ∂E/∂o = o − t.
///
/// Source: D. Rumelhart, G. Hinton, R. Williams, Nature 323 (1986), doi:10.1038/323533a0.
public struct HalfSquaredError: Loss {
  public static let kind = "halfSquaredError"

  public init() {}

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    return (target - output).squared().sum() * (0.5 / Double(max(output.shape[0], 1)))
  }

  public func squaredErrors(_ output: Expression, target: Expression) -> SquaredErrors? {
    fitted(target, to: output).map {
      SquaredErrors(output - $0, factor: 0.5 / Double(max(output.shape[0], 1)))
    }
  }

  public static var samples: [LossSample] { LossSample.forms([HalfSquaredError()]) }
}

extension HalfSquaredError {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
