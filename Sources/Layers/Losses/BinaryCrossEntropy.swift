import Formulas
import GraphIR

/// The cross-entropy of the logistic function of each output: the loss of yes-or-no questions.
///
/// For outputs o (logits, without an activation), p = 1 / (1 + e⁻ᵒ) and targets t from 0 to 1:
///
/// t′ = (1 − ε) t + ε / 2,  E = − (1 / n) Σ [w₁ t′ ln p + w₀ (1 − t′) ln(1 − p)]
///
/// over all n elements, with the label smoothing ε and the class weights w₀ and w₁, 1 unless told
/// otherwise. It is computed from o as softplus(o) − t′ o, which neither overflows nor loses
/// digits. Without smoothing and weights the gradient is ∂E/∂o = (p − t) / n.
public struct BinaryCrossEntropy: Loss {
  public static let kind = "binaryCrossEntropy"

  /// ε, 0 to 1; 0 unless told otherwise.
  public let labelSmoothing: Double
  /// w₀ and w₁; both 1 where nil.
  public let classWeights: [Double]?

  public init(labelSmoothing: Double, classWeights: [Double]? = nil) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  public init() { self.init(labelSmoothing: 0) }

  public init(classWeights: [Double]) {
    self.init(labelSmoothing: 0, classWeights: classWeights)
  }

  public var isClassification: Bool { true }
  public var givesProbabilities: Bool { true }

  public var problem: String? {
    settingsProblem(labelSmoothing: labelSmoothing, classWeights: classWeights, classes: 2)
  }

  public func problem(withTarget value: Double) -> String? {
    value >= 0 && value <= 1 ? nil : "expected 0 to 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard var target = fitted(target, to: output) else { return unknown(beside: output) }
    if labelSmoothing != 0 { target = target * (1 - labelSmoothing) + labelSmoothing / 2 }
    guard let classWeights else { return (softplus(output) - target * output).mean() }
    let yes = target * softplus(-output) * classWeights[1]
    let no = (1 - target) * softplus(output) * classWeights[0]
    return (yes + no).mean()
  }

  public func probabilities(_ output: Expression) -> Expression { sigmoid(output) }

  public func formula(output: Formula, target: Formula, probability: Formula) -> Formula? {
    isPlain ? -(target * .ln(probability) + (1 - target) * .ln(1 - probability)) : nil
  }

  public func slope(output: Formula, target: Formula, probability: Formula) -> Formula? {
    isPlain ? probability - target : nil
  }

  private var isPlain: Bool { labelSmoothing == 0 && classWeights == nil }

  public static var samples: [LossSample] {
    LossSample.forms([
      BinaryCrossEntropy(), BinaryCrossEntropy(labelSmoothing: 0.2),
      BinaryCrossEntropy(labelSmoothing: 0.1, classWeights: [0.5, 3]),
    ])
  }
}

extension BinaryCrossEntropy {
  enum CodingKeys: CodingKey, CaseIterable {
    case labelSmoothing, classWeights
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      labelSmoothing: try fields.value(.labelSmoothing, default: 0),
      classWeights: try fields.value(ifPresent: .classWeights))
  }
}
