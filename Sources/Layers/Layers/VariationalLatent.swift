import GraphIR
import Tensors

/// The latent code of a variational auto-encoder: what an encoder says of an example becomes a normal
/// distribution, and in training a sample of it.
///
/// From h of shape [batch, features], two dense layers give μ ("mean") and ln σ² ("logVariance"), each
/// [batch, units]. The output is μ + σ ε in training, ε standard normal and new for each step, and μ
/// outside. In training, the divergence from the standard normal distribution,
///
/// D = (β / B) Σ ½ (μ² + σ² − 1 − ln σ²)
///
/// summed over units and averaged over the B examples, is added to the loss. For the lower bound of
/// the evidence, the rest of the loss must be the negative log-likelihood summed over outputs too:
/// ``HalfSquaredError``, say; where the loss is a mean over n outputs, β = 1 / n does the same.
///
/// ```swift
/// let model = Sequential {
///   Dense(units: 64, activation: .tanh)
///   VariationalLatent(units: 2)
///   Dense(units: 64, activation: .tanh, name: "decoder")
///   Dense(units: 784)
/// }
/// ```
///
/// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", ICLR 2014, arXiv:1312.6114; β: I.
/// Higgins et al., "beta-VAE", ICLR 2017.
public struct VariationalLatent: Layer {
  public static let kind = "variationalLatent"

  /// The size of the code.
  public let units: Int
  /// β, the factor of the divergence; 1 unless told otherwise.
  public let beta: Double
  public let name: String?

  public init(units: Int, beta: Double = 1, name: String? = nil) {
    self.units = units
    self.beta = beta
    self.name = name
  }

  public var problem: String? {
    if let problem = Dense(units: units).problem { return problem }
    return beta >= 0 && beta.isFinite ? nil : "beta is \(beta), expected 0 or more"
  }

  public var description: String {
    "variational latent, \(units) unit\(units == 1 ? "" : "s")"
      + (beta == 1 ? "" : ", beta \(beta)")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.shape.rank == 2, input.shape[-1] >= 1, input.scalarType == scope.scalarType else {
      scope.fail(
        "variationalLatent: input is \(input.type), expected \(scope.scalarType.rawValue) "
          + "[batch, features]")
      return input
    }
    let mean = scope.apply(Dense(units: units), to: input, as: "mean")
    // Applied outside training too: a model has the same parameters always.
    let logVariance = scope.apply(Dense(units: units), to: input, as: "logVariance")
    guard scope.isTraining else { return mean }
    let deviation = exp(logVariance * 0.5)
    if beta > 0 {
      let divergence = (mean.squared() + deviation.squared() - logVariance - 1).sum()
      scope.penalty(divergence * (0.5 * beta / Double(max(input.shape[0], 1))))
    }
    return mean + deviation * scope.normalNoise(mean.shape)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(VariationalLatent(units: 2), input: [3]),
      LayerSample(VariationalLatent(units: 1, beta: 0.5), input: [4]),
    ]
  }
}

extension VariationalLatent {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, beta, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units), beta: try fields.value(.beta, default: 1),
      name: try fields.value(ifPresent: .name))
  }
}
