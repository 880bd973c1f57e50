import GraphIR
import Tensors

/// The negative log-likelihood of numbers that follow a normal distribution whose mean *and*
/// variance the network gives: it says how sure it is.
///
/// The output [batch, 2 d] holds the means μ and then the variances v of the targets [batch, d]:
///
/// E = (1 / n) Σ ½ [ln v′ + (t − μ)² / v′],  v′ = max(v, ε)
///
/// over all n = batch · d elements; with ``isFull``, ½ ln 2π is added to each. What v is made of is
/// ``form``. ∂E/∂μ = (μ − t) / (n v′), ∂E/∂v = (1 / v′ − (t − μ)² / v′²) / 2n, also below ε.
/// Predictions are the means. (PyTorch: `gaussian_nll_loss`, which has `form` `variance` alone.)
///
/// Source: D. Nix, A. Weigend, "Estimating the mean and variance of the target probability
/// distribution", ICNN 1994, doi:10.1109/ICNN.1994.374138.
public struct GaussianNLL: Loss {
  public static let kind = "gaussianNLL"

  /// What the second half of the outputs is.
  public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
    /// The variances themselves, as after an activation that gives no negative numbers.
    case variance
    /// Any numbers, v = ln(1 + eˣ).
    case softplus
    /// The logarithms of the variances, v = eˣ.
    case logarithm
  }

  /// What the second half of the outputs is; `variance` unless told otherwise.
  public let form: Form
  /// Whether the constant is added; false unless told otherwise.
  public let isFull: Bool
  /// ε, the least variance; 10⁻⁶ unless told otherwise.
  public let epsilon: Double

  public init(form: Form, isFull: Bool = false, epsilon: Double = 1e-6) {
    self.form = form
    self.isFull = isFull
    self.epsilon = epsilon
  }

  public init() { self.init(form: .variance) }

  public init(isFull: Bool) { self.init(form: .variance, isFull: isFull) }

  public var problem: String? {
    epsilon > 0 && epsilon.isFinite ? nil : "epsilon is \(epsilon), expected more than 0"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let parts = parts(of: output, 2, "means and variances"),
      let target = fitted(target, to: parts[0])
    else { return unknown(beside: output) }
    let given =
      switch form {
      case .variance: parts[1]
      case .softplus: softplus(parts[1])
      case .logarithm: exp(parts[1])
      }
    // The limit is no part of the gradient: below it, a variance can still grow.
    let variance = given + (maximum(given, epsilon) - given).stoppingGradient()
    let terms = log(variance) + (target - parts[0]).squared() / variance
    return terms.mean() * 0.5 + (isFull ? Self.halfLogarithmOf2Pi : 0)
  }

  private static let halfLogarithmOf2Pi = 0.9189385332046727

  public func probabilities(_ output: Expression) -> Expression { shownParts(of: output, 2)[0] }

  public static var samples: [LossSample] {
    let output = Tensor([[0.5, -1, 0.75, 1.5], [2, 0.25, 0.5, 3]])
    let target = Tensor([[1, 0], [0.5, -1]])
    return Form.allCases.map { LossSample(GaussianNLL(form: $0), output: output, target: target) }
      + [
        LossSample(
          GaussianNLL(isFull: true), output: Tensor([[0.5, 2], [-1, 0.5]]),
          target: Tensor([1.0, 2]))
      ]
  }
}

extension GaussianNLL {
  enum CodingKeys: CodingKey, CaseIterable {
    case form, isFull, epsilon
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      form: try fields.value(.form, default: .variance),
      isFull: try fields.value(.isFull, default: false),
      epsilon: try fields.value(.epsilon, default: 1e-6))
  }
}
