import GraphIR

/// The functions that a layer applies to its net input.
///
/// With x the net input, element by element unless said otherwise:
///
/// | case | f(x) |
/// |---|---|
/// | `linear` | x |
/// | `sigmoid` | 1 / (1 + e⁻ˣ) |
/// | `tanh` | (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) |
/// | `relu` | max(0, x) |
/// | `leakyReLU` | x for x > 0, else 0.01 x |
/// | `relu6` | min(max(0, x), 6) |
/// | `elu`, `celu` | x for x > 0, else eˣ − 1 |
/// | `selu` | λ x for x > 0, else λ α (eˣ − 1), with λ ≈ 1.0507 and α ≈ 1.6733 |
/// | `gelu` | x Φ(x), Φ the standard normal distribution |
/// | `geluTanh` | x (1 + tanh u) / 2 with u = √(2 / π) (x + 0.044715 x³): nearly `gelu` |
/// | `silu` | x / (1 + e⁻ˣ) |
/// | `mish` | x tanh(ln(1 + eˣ)) |
/// | `softplus` | ln(1 + eˣ) |
/// | `softsign` | x / (1 + \|x\|) |
/// | `hardSigmoid` | min(max(0, x + 3), 6) / 6 |
/// | `hardTanh` | min(max(−1, x), 1) |
/// | `hardSwish` | x min(max(0, x + 3), 6) / 6 |
/// | `logSigmoid` | −ln(1 + e⁻ˣ) |
/// | `tanhShrink` | x − tanh x |
/// | `softShrink` | x − ½ for x > ½, x + ½ for x < −½, else 0 |
/// | `hardShrink` | x for \|x\| > ½, else 0 |
/// | `step` | 1 for x ≥ 0, else 0; no gradient |
/// | `softmax` | e^xᵢ / Σⱼ e^xⱼ over the last axis |
/// | `logSoftmax` | xᵢ − ln Σⱼ e^xⱼ over the last axis |
///
/// Some of the constants can be others: ``Activate/parameter``.
///
/// Sources of the younger ones: `selu` G. Klambauer et al., arXiv:1706.02515; `celu` J. Barron,
/// arXiv:1704.07483; `mish` D. Misra, arXiv:1908.08681; `hardSigmoid` and `hardSwish` A. Howard et
/// al., arXiv:1905.02244.
public enum Activation: String, Hashable, Sendable, CaseIterable {
  case linear, sigmoid, tanh, relu, leakyReLU, relu6, elu, celu, selu, gelu, geluTanh, silu, mish
  case softplus, softsign, hardSigmoid, hardTanh, hardSwish, logSigmoid
  case tanhShrink, softShrink, hardShrink, step, softmax, logSoftmax

  /// f(x).
  public func callAsFunction(_ x: Expression) -> Expression {
    // Qualified, because the cases have the functions' names.
    switch self {
    case .linear: x
    case .sigmoid: GraphIR.sigmoid(x)
    case .tanh: GraphIR.tanh(x)
    case .relu: GraphIR.relu(x)
    case .leakyReLU: GraphIR.leakyReLU(x)
    case .relu6: Self.capped(x)
    case .elu, .celu: GraphIR.elu(x)
    case .selu: GraphIR.elu(x, alpha: Self.seluAlpha) * Self.seluScale
    case .gelu: GraphIR.gelu(x)
    case .geluTanh: Self.geluTanh(x)
    case .silu: GraphIR.silu(x)
    case .mish: x * GraphIR.tanh(GraphIR.softplus(x))
    case .softplus: GraphIR.softplus(x)
    case .softsign: GraphIR.softsign(x)
    case .hardSigmoid: Self.capped(x + 3) * (1.0 / 6)
    case .hardTanh: minimum(maximum(x, -1), 1)
    case .hardSwish: x * (Self.capped(x + 3) * (1.0 / 6))
    case .logSigmoid: -GraphIR.softplus(-x)
    case .tanhShrink: x - GraphIR.tanh(x)
    case .softShrink: Self.softShrink(x, 0.5)
    case .hardShrink: Self.hardShrink(x, 0.5)
    case .step: GraphIR.step(x)
    case .softmax: GraphIR.softmax(x)
    case .logSoftmax: GraphIR.logSoftmax(x)
    }
  }

  /// What weights before this activation start from unless told otherwise: He's normal numbers
  /// before the relatives of the rectifier, which let half of a signal through, LeCun's normal ones
  /// before the self-normalizing unit, else Glorot's uniform ones.
  public var weightInitializer: Initializer {
    switch self {
    case .relu, .leakyReLU, .relu6, .elu, .celu, .gelu, .geluTanh, .silu, .mish, .softplus,
      .hardSwish:
      .heNormal
    case .selu: .leCunNormal
    case .linear, .sigmoid, .tanh, .softsign, .hardSigmoid, .hardTanh, .logSigmoid, .tanhShrink,
      .softShrink, .hardShrink, .step, .softmax, .logSoftmax:
      .glorotUniform
    }
  }
}

extension Activation {
  /// α and λ at which activations tend to mean 0 and variance 1 from layer to layer.
  private static let (seluAlpha, seluScale) = (1.6732632423543772, 1.0507009873554805)

  /// min(max(0, x), 6).
  private static func capped(_ x: Expression) -> Expression { minimum(GraphIR.relu(x), 6) }

  /// (1 + tanh u) / 2 is the sigmoid of 2 u, which has all its digits for negative u too.
  private static func geluTanh(_ x: Expression) -> Expression {
    let factor = 2 * (2 / Double.pi).squareRoot()
    return x * GraphIR.sigmoid((x + x * x.squared() * 0.044715) * factor)
  }

  private static func softShrink(_ x: Expression, _ width: Double) -> Expression {
    GraphIR.relu(x - width) - GraphIR.relu(-x - width)
  }

  private static func hardShrink(_ x: Expression, _ width: Double) -> Expression {
    x * (abs(x) .> width)
  }

  /// f(x) with another constant than the usual one; see ``Activate/parameter``.
  func callAsFunction(_ x: Expression, parameter: Double?) -> Expression {
    guard let parameter else { return self(x) }
    return switch self {
    case .leakyReLU: GraphIR.leakyReLU(x, slope: parameter)
    case .elu: GraphIR.elu(x, alpha: parameter)
    case .celu: GraphIR.elu(x * (1 / parameter)) * parameter
    case .softplus: GraphIR.softplus(x * parameter) * (1 / parameter)
    case .softShrink: Self.softShrink(x, parameter)
    case .hardShrink: Self.hardShrink(x, parameter)
    default: self(x)
    }
  }

  /// What is wrong with a number as the activation's constant; nil where nothing is.
  func problem(withParameter value: Double) -> String? {
    switch self {
    case .leakyReLU, .elu: value.isFinite ? nil : "expected a number"
    case .celu, .softplus: value.isFinite && value > 0 ? nil : "expected more than 0"
    case .softShrink, .hardShrink: value.isFinite && value >= 0 ? nil : "expected 0 or more"
    default: "\(rawValue) has none"
    }
  }
}

extension Activation {
  /// The activation that goes by a name, however it is written: `leaky-relu`, `Swish` (silu),
  /// `logistic` (sigmoid), `identity` or `none` (linear).
  public init?(named name: String) {
    let key = name.looseKey
    let match = Self.allCases.first { $0.rawValue.looseKey == key } ?? Self.otherNames[key]
    guard let match else { return nil }
    self = match
  }

  private static let otherNames: [String: Activation] = [
    "identity": .linear, "none": .linear, "logistic": .sigmoid, "hyperbolictangent": .tanh,
    "rectifier": .relu, "lrelu": .leakyReLU, "swish": .silu, "heaviside": .step,
    "threshold": .step, "gelunew": .geluTanh, "hardsilu": .hardSwish,
  ]
}

extension Activation: Codable {
  /// Reads an activation's name, however it is written.
  ///
  /// - Throws: ``LayerError`` with the nearest name where there is none of this name.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let activation = Activation(named: name) else {
      throw LayerError(
        "\(decoder.location)there is no activation \"\(name)\"; "
          + suggestion(for: name, in: Self.allCases.map(\.rawValue)))
    }
    self = activation
  }
}

extension String {
  /// The name without capitals, spaces, hyphens and underscores.
  var looseKey: String { lowercased().filter { !" -_".contains($0) } }
}
