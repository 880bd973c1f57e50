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
/// | `elu` | x for x > 0, else eˣ − 1 |
/// | `gelu` | x Φ(x), Φ the standard normal distribution |
/// | `silu` | x / (1 + e⁻ˣ) |
/// | `softplus` | ln(1 + eˣ) |
/// | `softsign` | x / (1 + \|x\|) |
/// | `step` | 1 for x ≥ 0, else 0; no gradient |
/// | `softmax` | e^xᵢ / Σⱼ e^xⱼ over the last axis |
public enum Activation: String, Hashable, Sendable, CaseIterable {
  case linear, sigmoid, tanh, relu, leakyReLU, elu, gelu, silu, softplus, softsign, step, softmax

  /// f(x).
  public func callAsFunction(_ x: Expression) -> Expression {
    // Qualified, because the cases have the functions' names.
    switch self {
    case .linear: x
    case .sigmoid: GraphIR.sigmoid(x)
    case .tanh: GraphIR.tanh(x)
    case .relu: GraphIR.relu(x)
    case .leakyReLU: GraphIR.leakyReLU(x)
    case .elu: GraphIR.elu(x)
    case .gelu: GraphIR.gelu(x)
    case .silu: GraphIR.silu(x)
    case .softplus: GraphIR.softplus(x)
    case .softsign: GraphIR.softsign(x)
    case .step: GraphIR.step(x)
    case .softmax: GraphIR.softmax(x)
    }
  }

  /// What weights before this activation start from unless told otherwise: He's normal numbers
  /// before the relatives of the rectifier, which let half of a signal through, else Glorot's
  /// uniform ones.
  public var weightInitializer: Initializer {
    switch self {
    case .relu, .leakyReLU, .elu, .gelu, .silu, .softplus: .heNormal
    case .linear, .sigmoid, .tanh, .softsign, .step, .softmax: .glorotUniform
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
    "threshold": .step,
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
