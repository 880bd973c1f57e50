import Formulas
import GraphIR
import Tensors

/// The negative log-likelihood of classes whose log-probabilities the network gives.
///
/// For outputs o = ln p, as `logSoftmax` gives them, and a target distribution t – for a class
/// number y, tₖ = 1 where k = y, else 0:
///
/// E = − Σ_rows Σₖ wₖ tₖ oₖ / N
///
/// with the class weights w, 1 unless told otherwise, and N the number of rows; with class numbers
/// *and* class weights, N is Σ_rows w_y. ∂E/∂oₖ = −wₖ tₖ / N. After `logSoftmax` this is
/// ``CrossEntropy``, which takes scores and is cheaper. A class number outside 0 to K − 1 adds
/// nothing.
public struct NegativeLogLikelihood: Loss {
  public static let kind = "nll"

  /// w, one for each class; all 1 where nil.
  public let classWeights: [Double]?

  public init(classWeights: [Double]?) { self.classWeights = classWeights }

  public init() { self.init(classWeights: nil) }

  public var isClassification: Bool { true }
  public var givesProbabilities: Bool { true }
  public var allowsSingleOutput: Bool { false }

  public var problem: String? { settingsProblem(labelSmoothing: 0, classWeights: classWeights) }

  public func problem(withTarget value: Double) -> String? {
    value >= 0 && value <= 1 ? nil : "expected 0 to 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let fitted = fitted(target, to: output) else { return unknown(beside: output) }
    let (shape, classes) = (output.shape, output.shape[-1])
    let problem = settingsProblem(labelSmoothing: 0, classWeights: classWeights, classes: classes)
    if let problem {
      output.builder.fail("nll: \(problem)")
      return unknown(beside: output)
    }
    let rows = Double(max(shape.count / classes, 1))
    guard let classWeights else { return (fitted * output).sum() * (-1 / rows) }
    let weighted =
      fitted * output.constant(Tensor(classWeights, shape: [classes], type: output.scalarType))
    let sum = (weighted * output).sum()
    let hasClassNumbers = target.scalarType == .int32 && target.shape != shape
    return hasClassNumbers ? -sum / weighted.sum() : sum * (-1 / rows)
  }

  public func probabilities(_ output: Expression) -> Expression { exp(output) }

  public func formula(output: Formula, target: Formula, probability: Formula) -> Formula? {
    classWeights == nil ? -(target * output) : nil
  }

  public static var samples: [LossSample] {
    LossSample.forms(
      [NegativeLogLikelihood(), NegativeLogLikelihood(classWeights: [0.5, 2])], single: false)
  }
}

extension NegativeLogLikelihood {
  enum CodingKeys: CodingKey, CaseIterable {
    case classWeights
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(classWeights: try fields.value(ifPresent: .classWeights))
  }
}
