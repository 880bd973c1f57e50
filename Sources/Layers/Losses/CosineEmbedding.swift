import GraphIR
import Tensors

/// The loss of pairs that shall point in the same direction, or not: it brings similar examples
/// together and drives others apart.
///
/// The output [batch, 2 d] holds two vectors a and b; the target is 1 for a pair that belongs
/// together, −1 for one that does not (class numbers 1 and 0 become these):
///
/// e = 1 − cos(a, b) for t = 1, max(0, cos(a, b) − m) for t = −1,
/// cos(a, b) = a · b / √((|a|² + ε)(|b|² + ε)), ε = 10⁻¹²
///
/// with the margin m; E is the mean over the batch. Predictions are the cosines. (PyTorch:
/// `cosine_embedding_loss`.)
public struct CosineEmbedding: Loss {
  public static let kind = "cosineEmbedding"

  /// m, the cosine below which pairs that do not belong together cost nothing, −1 to 1; 0 unless
  /// told otherwise.
  public let margin: Double

  public init(margin: Double) { self.margin = margin }

  public init() { self.init(margin: 0) }

  public var problem: String? {
    margin >= -1 && margin <= 1 ? nil : "margin is \(margin), expected −1 to 1"
  }

  public var isClassification: Bool { true }
  public var classCoding: ClassCoding { .sign }
  /// Half-way between the margin and 1.
  public var decisionThreshold: Double { (1 + margin) / 2 }

  public func problem(withTarget value: Double) -> String? {
    abs(value) == 1 ? nil : "expected −1 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let parts = parts(of: output, 2, "two vectors"),
      let target = rowTarget(target, for: output)
    else { return unknown(beside: output) }
    let cosine = cosine(parts[0], parts[1])
    return select(target .> 0, 1 - cosine, relu(cosine - margin)).mean()
  }

  public func probabilities(_ output: Expression) -> Expression {
    let parts = shownParts(of: output, 2)
    return cosine(parts[0], parts[1])
  }

  private func cosine(_ a: Expression, _ b: Expression) -> Expression {
    func dot(_ a: Expression, _ b: Expression) -> Expression {
      (a * b).sum(axes: [-1], keepingAxes: true)
    }
    return dot(a, b) / sqrt((dot(a, a) + 1e-12) * (dot(b, b) + 1e-12))
  }

  public static var samples: [LossSample] {
    let output = Tensor([[1, 2, 0.5, -1], [0.5, 1, 2, 0.25], [-1, 0.5, -1, 2]])
    return [
      LossSample(CosineEmbedding(), output: output, target: Tensor([1.0, -1, -1])),
      LossSample(
        CosineEmbedding(margin: 0.25), output: output, target: Tensor([1, 0, 0] as [Int32])),
    ]
  }
}

extension CosineEmbedding {
  enum CodingKeys: CodingKey, CaseIterable {
    case margin
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(margin: try fields.value(.margin, default: 0))
  }
}
