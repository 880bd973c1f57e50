import Formulas
import GraphIR
import Tensors

/// The cross-entropy of the softmax of the outputs: the loss of choosing one of several classes.
///
/// For outputs o (logits, without an activation), p = softmax(o) over the last axis, K classes, and
/// a target distribution t – for a class number y, tₖ = 1 where k = y, else 0:
///
/// tₖ′ = (1 − ε) tₖ + ε / K,  E = − Σ_rows Σₖ wₖ tₖ′ ln pₖ / N
///
/// with the label smoothing ε, the class weights w (1 unless told otherwise), and N the number of
/// rows; with class numbers *and* class weights, N is Σ_rows w_y. (So does PyTorch's
/// `cross_entropy`.) Without smoothing and weights the gradient is ∂E/∂o = (p − t) / N. A class
/// number outside 0 to K − 1 adds nothing but the smoothing's part.
///
/// Source of label smoothing: C. Szegedy et al., CVPR 2016, doi:10.1109/CVPR.2016.308.
public struct CrossEntropy: Loss {
  public static let kind = "crossEntropy"

  /// ε, the part of each target that is spread over all classes, 0 to 1; 0 unless told otherwise.
  public let labelSmoothing: Double
  /// w, one for each class; all 1 where nil.
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
  public var allowsSingleOutput: Bool { false }

  public var problem: String? {
    settingsProblem(labelSmoothing: labelSmoothing, classWeights: classWeights)
  }

  public func problem(withTarget value: Double) -> String? {
    value >= 0 && value <= 1 ? nil : "expected 0 to 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let fitted = fitted(target, to: output) else { return unknown(beside: output) }
    let (shape, builder) = (output.shape, output.builder)
    let classes = shape[-1]
    guard classes >= 2 else {
      builder.fail(
        "crossEntropy: output is \(shape), expected 2 or more outputs; "
          + "binaryCrossEntropy is for 1")
      return unknown(beside: output)
    }
    let problem = settingsProblem(
      labelSmoothing: labelSmoothing, classWeights: classWeights, classes: classes)
    if let problem {
      builder.fail("crossEntropy: \(problem)")
      return unknown(beside: output)
    }
    var terms =
      labelSmoothing == 0
      ? fitted : fitted * (1 - labelSmoothing) + labelSmoothing / Double(classes)
    let rows = Double(max(shape.count / classes, 1))
    guard let classWeights else { return (terms * logSoftmax(output)).sum() * (-1 / rows) }

    let weights = output.constant(Tensor(classWeights, shape: [classes], type: output.scalarType))
    terms = terms * weights
    let sum = (terms * logSoftmax(output)).sum()
    let hasClassNumbers = target.scalarType == .int32 && target.shape != shape
    return hasClassNumbers ? -sum / (fitted * weights).sum() : sum * (-1 / rows)
  }

  public func probabilities(_ output: Expression) -> Expression { softmax(output) }

  public func formula(output: Formula, target: Formula, probability: Formula) -> Formula? {
    isPlain ? -(target * .ln(probability)) : nil
  }

  public func slope(output: Formula, target: Formula, probability: Formula) -> Formula? {
    isPlain ? probability - target : nil
  }

  private var isPlain: Bool { labelSmoothing == 0 && classWeights == nil }

  public static var samples: [LossSample] {
    LossSample.forms(
      [
        CrossEntropy(), CrossEntropy(labelSmoothing: 0.1), CrossEntropy(classWeights: [0.5, 2]),
        CrossEntropy(labelSmoothing: 0.2, classWeights: [3, 1]),
      ], single: false)
  }
}

extension CrossEntropy {
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
