import Formulas
import GraphIR

/// The logistic loss of targets ±1: a smooth form of the hinge loss.
///
/// E = (1 / n) Σ ln(1 + e^(−t o)) over all n elements, t = ±1; ∂E/∂o = −t / (n (1 + e^(t o))). Class
/// numbers become ±1. (PyTorch: `soft_margin_loss`.)
public struct SoftMargin: Loss {
  public static let kind = "softMargin"

  public init() {}

  public var isClassification: Bool { true }
  public var classCoding: ClassCoding { .sign }
  public var decisionThreshold: Double { 0 }

  public func problem(withTarget value: Double) -> String? {
    abs(value) == 1 ? nil : "expected −1 or 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    return softplus(-(target * output)).mean()
  }

  public static var samples: [LossSample] { LossSample.forms([SoftMargin()], sign: true) }
}

extension SoftMargin {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
