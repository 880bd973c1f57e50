import GraphIR
import Tensors

/// The hinge loss of choosing one of several classes: the right class's output has to be larger than
/// every other by a margin.
///
/// For outputs o of K classes and the class number y:
///
/// E = (1 / N) Σ_rows w_y / K · Σ_{k ≠ y} max(0, m − o_y + oₖ)^P
///
/// with the margin m, the power P (1 or 2), the class weights w (1 unless told otherwise), and N the
/// number of rows. (PyTorch: `multi_margin_loss`.)
///
/// Source: K. Crammer, Y. Singer, "On the algorithmic implementation of multiclass kernel-based
/// vector machines", JMLR 2 (2001).
public struct MultiMargin: Loss {
  public static let kind = "multiMargin"

  /// m; 1 unless told otherwise.
  public let margin: Double
  /// P, 1 or 2; 1 unless told otherwise.
  public let power: Int
  /// w, one for each class; all 1 where nil.
  public let classWeights: [Double]?

  public init(margin: Double, power: Int = 1, classWeights: [Double]? = nil) {
    self.margin = margin
    self.power = power
    self.classWeights = classWeights
  }

  public init() { self.init(margin: 1) }

  public var isClassification: Bool { true }
  public var allowsSingleOutput: Bool { false }

  public var problem: String? {
    if !margin.isFinite { return "margin is \(margin), expected a number" }
    if power != 1 && power != 2 { return "power is \(power), expected 1 or 2" }
    return settingsProblem(labelSmoothing: 0, classWeights: classWeights)
  }

  public func problem(withTarget value: Double) -> String? {
    value == 0 || value == 1 ? nil : "expected 0 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    let classes = output.shape[-1]
    let problem = settingsProblem(labelSmoothing: 0, classWeights: classWeights, classes: classes)
    if let problem {
      output.builder.fail("multiMargin: \(problem)")
      return unknown(beside: output)
    }
    func row(_ x: Expression) -> Expression { x.sum(axes: [-1], keepingAxes: true) }
    let excess = relu(output - row(target * output) + margin)
    var terms = (power == 2 ? excess.squared() : excess) * (1 - target)
    if let classWeights {
      let weights = output.constant(Tensor(classWeights, shape: [classes], type: output.scalarType))
      terms = terms * row(target * weights)
    }
    return terms.mean()
  }

  public static var samples: [LossSample] {
    LossSample.forms(
      [
        MultiMargin(), MultiMargin(margin: 0.5, power: 2),
        MultiMargin(margin: 1, classWeights: [0.5, 2]),
      ], single: false)
  }
}

extension MultiMargin {
  enum CodingKeys: CodingKey, CaseIterable {
    case margin, power, classWeights
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      margin: try fields.value(.margin, default: 1), power: try fields.value(.power, default: 1),
      classWeights: try fields.value(ifPresent: .classWeights))
  }
}
