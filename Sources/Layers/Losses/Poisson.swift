import GraphIR
import Tensors

/// The negative log-likelihood of counts that follow a Poisson distribution with the rate that the
/// network gives.
///
/// With the output o = ln λ: e^o − t o, and with ``takesLogarithms`` off o = λ: o − t ln(o + ε);
/// E is the mean over all n elements. What does not depend on o is left out, unless ``isFull``: then
/// Stirling's approximation of ln t!, t ln t − t + ½ ln(2 π t), is added where t > 1.
/// ∂E/∂o = (e^o − t) / n, or (1 − t / (o + ε)) / n. Predictions are rates, λ. (PyTorch:
/// `poisson_nll_loss`.)
public struct Poisson: Loss {
  public static let kind = "poissonNLL"

  /// Whether outputs are logarithms of rates rather than rates; true unless told otherwise.
  public let takesLogarithms: Bool
  /// Whether the part that depends on the targets alone is added; false unless told otherwise.
  public let isFull: Bool
  /// ε, which keeps the logarithm of a rate of 0 finite; 10⁻⁸ unless told otherwise.
  public let epsilon: Double

  public init(takesLogarithms: Bool, isFull: Bool = false, epsilon: Double = 1e-8) {
    self.takesLogarithms = takesLogarithms
    self.isFull = isFull
    self.epsilon = epsilon
  }

  public init() { self.init(takesLogarithms: true) }

  public var problem: String? {
    epsilon > 0 && epsilon.isFinite ? nil : "epsilon is \(epsilon), expected more than 0"
  }

  public func problem(withTarget value: Double) -> String? {
    value >= 0 ? nil : "expected 0 or more"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    var terms =
      takesLogarithms
      ? exp(output) - target * output : output - target * log(output + epsilon)
    if isFull {
      let counts = select(target .> 1, target, 1)
      let stirling = counts * log(counts) - counts + log(counts * (2 * Double.pi)) * 0.5
      terms = terms + select(target .> 1, stirling, 0)
    }
    return terms.mean()
  }

  public func probabilities(_ output: Expression) -> Expression {
    takesLogarithms ? exp(output) : output
  }

  public static var samples: [LossSample] {
    LossSample.forms([Poisson(), Poisson(takesLogarithms: true, isFull: true)]) + [
      LossSample(
        Poisson(takesLogarithms: false, isFull: true), output: Tensor([[0.5, 2], [3, 0.75]]),
        target: Tensor([[0, 3], [7, 1]]))
    ]
  }
}

extension Poisson {
  enum CodingKeys: CodingKey, CaseIterable {
    case takesLogarithms, isFull, epsilon
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      takesLogarithms: try fields.value(.takesLogarithms, default: true),
      isFull: try fields.value(.isFull, default: false),
      epsilon: try fields.value(.epsilon, default: 1e-8))
  }
}
