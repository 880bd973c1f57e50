import GraphIR
import Tensors

/// The loss of pairs of scores that shall stand in an order.
///
/// The output [batch, 2 d] holds scores x and then scores y, one of each for each target: 1 where x
/// shall be the larger one, −1 where y shall (class numbers 1 and 0 become these):
///
/// E = (1 / n) Σ max(0, m − t (x − y))
///
/// over all n = batch · d pairs, with the margin m; ∂E/∂x = −t / n where t (x − y) < m, else 0.
/// Predictions are the differences x − y. (PyTorch: `margin_ranking_loss`.)
public struct MarginRanking: Loss {
  public static let kind = "marginRanking"

  /// m; 0 unless told otherwise.
  public let margin: Double

  public init(margin: Double) { self.margin = margin }

  public init() { self.init(margin: 0) }

  public var problem: String? {
    margin.isFinite ? nil : "margin is \(margin), expected a number"
  }

  public var isClassification: Bool { true }
  public var classCoding: ClassCoding { .sign }
  public var decisionThreshold: Double { 0 }

  public func problem(withTarget value: Double) -> String? {
    abs(value) == 1 ? nil : "expected −1 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let parts = parts(of: output, 2, "first and second scores"),
      let target = fitted(target, to: parts[0])
    else { return unknown(beside: output) }
    return relu(margin - target * (parts[0] - parts[1])).mean()
  }

  public func probabilities(_ output: Expression) -> Expression {
    let parts = shownParts(of: output, 2)
    return parts[0] - parts[1]
  }

  public static var samples: [LossSample] {
    let output = Tensor([[1, 2, 0.5, -1], [0.5, 1, 2, 0.25]])
    return [
      LossSample(MarginRanking(), output: output, target: Tensor([[1, -1], [1, 1]])),
      LossSample(
        MarginRanking(margin: 0.75), output: Tensor([[1, 2], [0.5, 0.125], [3, 1]]),
        target: Tensor([1, 0, 1] as [Int32])),
    ]
  }
}

extension MarginRanking {
  enum CodingKeys: CodingKey, CaseIterable {
    case margin
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(margin: try fields.value(.margin, default: 0))
  }
}
