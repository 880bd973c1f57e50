import GraphIR
import Tensors

/// The cross-entropy with less weight for examples that are right already, for classes of very
/// different frequency.
///
/// For two or more outputs o, p = softmax(o) and a target distribution t (for a class number, 1 at
/// its place):  E = − (1 / N) Σ_rows Σₖ wₖ tₖ (1 − pₖ)^γ ln pₖ
///
/// with the focus γ, the class weights w (1 unless told otherwise), and N the number of rows. For
/// one output, p = 1 / (1 + e⁻ᵒ) and 1 − p take the places of the two probabilities. γ = 0 is the
/// cross-entropy.
///
/// Source: T. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal loss for dense object
/// detection", ICCV 2017, doi:10.1109/ICCV.2017.324.
public struct FocalLoss: Loss {
  public static let kind = "focal"

  /// γ, 0 or at least 1; 2 unless told otherwise.
  public let gamma: Double
  /// w, one for each class; all 1 where nil.
  public let classWeights: [Double]?

  public init(gamma: Double, classWeights: [Double]? = nil) {
    self.gamma = gamma
    self.classWeights = classWeights
  }

  public init() { self.init(gamma: 2) }

  public var isClassification: Bool { true }
  public var givesProbabilities: Bool { true }

  public var problem: String? {
    guard gamma == 0 || gamma >= 1 && gamma.isFinite else {
      return "gamma is \(gamma), expected 0 or at least 1"
    }
    return settingsProblem(labelSmoothing: 0, classWeights: classWeights)
  }

  public func problem(withTarget value: Double) -> String? {
    value >= 0 && value <= 1 ? nil : "expected 0 to 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    let outputs = output.shape[-1]
    let problem = settingsProblem(
      labelSmoothing: 0, classWeights: classWeights, classes: max(outputs, 2))
    if let problem {
      output.builder.fail("focal: \(problem)")
      return unknown(beside: output)
    }
    let rows = Double(max(output.shape.count / outputs, 1))
    guard outputs > 1 else {
      let no = (1 - target) * focused(sigmoid(output), -softplus(output))
      let yes = target * focused(sigmoid(-output), -softplus(-output))
      let weights = classWeights ?? [1, 1]
      return (no * weights[0] + yes * weights[1]).sum() * (-1 / rows)
    }
    let logs = logSoftmax(output)
    var terms = target * focused(1 - exp(logs), logs)
    if let classWeights {
      terms =
        terms * output.constant(Tensor(classWeights, shape: [outputs], type: output.scalarType))
    }
    return terms.sum() * (-1 / rows)
  }

  /// (1 − p)^γ ln p, from 1 − p and ln p.
  private func focused(_ rest: Expression, _ logarithm: Expression) -> Expression {
    switch gamma {
    case 0: logarithm
    case 1: rest * logarithm
    case 2: rest.squared() * logarithm
    default: pow(rest, gamma) * logarithm
    }
  }

  public func probabilities(_ output: Expression) -> Expression {
    output.shape.rank >= 1 && output.shape[-1] == 1 ? sigmoid(output) : softmax(output)
  }

  public static var samples: [LossSample] {
    LossSample.forms(
      [FocalLoss(), FocalLoss(gamma: 0), FocalLoss(gamma: 1.5, classWeights: [0.5, 2])])
  }
}

extension FocalLoss {
  enum CodingKeys: CodingKey, CaseIterable {
    case gamma, classWeights
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      gamma: try fields.value(.gamma, default: 2),
      classWeights: try fields.value(ifPresent: .classWeights))
  }
}
