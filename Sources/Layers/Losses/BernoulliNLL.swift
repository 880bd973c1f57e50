import Formulas
import GraphIR

/// The negative log-likelihood of yes and no, where the network gives probabilities.
///
/// For outputs p from 0 to 1, as after a sigmoid, and targets t from 0 to 1:
///
/// E = − (1 / n) Σ [t ln p + (1 − t) ln(1 − p)]
///
/// over all n elements; no logarithm counts as less than −100
/// (−87 in float32, whose numbers end there). ∂E/∂p = (p − t) / (n p (1 − p)).
/// ``BinaryCrossEntropy`` takes logits instead, which is cheaper and keeps digits that p near 0 or 1
/// has lost. (PyTorch: `binary_cross_entropy`.)
public struct BernoulliNLL: Loss {
  public static let kind = "bernoulliNLL"

  public init() {}

  public var isClassification: Bool { true }
  public var givesProbabilities: Bool { true }

  public func problem(withTarget value: Double) -> String? {
    value >= 0 && value <= 1 ? nil : "expected 0 to 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    // A limit of the argument, not of the logarithm: so no gradient is infinite.
    let least = output.scalarType == .float32 ? 1.2e-38 : 3.720075976020836e-44
    func logarithm(_ x: Expression) -> Expression { log(maximum(x, least)) }
    return -(target * logarithm(output) + (1 - target) * logarithm(1 - output)).mean()
  }

  public static var samples: [LossSample] {
    LossSample.forms([BernoulliNLL()]).map { sample in
      let values = sample.output.doubles.map { 0.5 + $0 / 5 }
      return LossSample(
        sample.loss, output: .init(values, shape: sample.output.shape), target: sample.target)
    }
  }
}

extension BernoulliNLL {
  enum CodingKeys: CodingKey, CaseIterable {}

  public init(from decoder: any Decoder) throws {
    _ = try Fields<CodingKeys>(decoder, of: Self.kind)
  }
}
