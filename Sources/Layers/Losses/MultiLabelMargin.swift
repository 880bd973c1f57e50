import GraphIR
import Tensors

/// The hinge loss of choosing any number of labels: each label's output has to be larger than that of
/// everything that is no label, by 1.
///
/// For outputs o of K classes and targets t, 1 for a label and 0 for none:
///
/// E = (1 / (N K)) Σ_rows Σⱼ Σₖ tⱼ (1 − tₖ) max(0, 1 − oⱼ + oₖ)
///
/// with N the number of rows; a class number stands for one label. It compares all pairs, so its
/// work and memory grow with K². (PyTorch: `multilabel_margin_loss`, whose targets are lists of
/// labels.)
public struct MultiLabelMargin: Loss {
  public static let kind = "multiLabelMargin"

  public init() {}

  public var isClassification: Bool { true }
  public var allowsSingleOutput: Bool { false }

  public func problem(withTarget value: Double) -> String? {
    value == 0 || value == 1 ? nil : "expected 0 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    let (count, classes) = (output.shape.count, output.shape[-1])
    let rows = count / classes
    func column(_ x: Expression) -> Expression { x.reshaped([rows, classes, 1]) }
    func row(_ x: Expression) -> Expression { x.reshaped([rows, 1, classes]) }
    let excess = relu(row(output) - column(output) + 1)
    let sum = (excess * (column(target) * row(1 - target))).sum()
    return sum * (1 / Double(max(count, 1)))
  }

  public static var samples: [LossSample] {
    LossSample.forms([MultiLabelMargin()], single: false)
  }
}

extension MultiLabelMargin {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
