import GraphIR
import Tensors

/// Adds waves of many lengths to the features, from which the position of a step can be told.
///
/// For x of shape [batch, steps, features], y₍ₜ₎ = x₍ₜ₎ + p₍ₜ₎ with
///
/// p₍ₜ₎,₂ᵢ = sin(t / base^(2i / n)),  p₍ₜ₎,₂ᵢ₊₁ = cos(t / base^(2i / n))
///
/// for n features (for an odd number, n is the next even one). It has no parameters, and sequences
/// may be of any length.
///
/// Source: A. Vaswani et al., "Attention is all you need", NIPS 2017, arXiv:1706.03762.
public struct PositionalEncoding: Layer {
  public static let kind = "positionalEncoding"

  /// The base of the waves' lengths, which are 2π to 2π · base; 10,000 unless told otherwise.
  public let base: Double
  public let name: String?

  public init(base: Double = 10_000, name: String? = nil) {
    self.base = base
    self.name = name
  }

  public var problem: String? {
    base > 0 && base.isFinite ? nil : "base is \(base), expected a positive number"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.sequences(input, kind: Self.kind) else { return input }
    let waves = Self.waves(steps: sizes.steps, features: sizes.features, base: base)
    return input + input.constant(waves.cast(to: input.scalarType))
  }

  /// p for the first steps: [steps, features].
  static func waves(steps: Int, features: Int, base: Double) -> Tensor {
    let pairs = (features + 1) / 2
    let waves = positionWaves(steps: steps, count: pairs, base: base)
    let values = (0..<steps).flatMap { step in
      (0..<features).map { feature in
        (feature % 2 == 0 ? waves.sines : waves.cosines)[step * pairs + feature / 2]
      }
    }
    return Tensor(values, shape: [steps, features])
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(PositionalEncoding(), input: [3, 4]),
      LayerSample(PositionalEncoding(base: 100), input: [2, 3]),
    ]
  }
}

extension PositionalEncoding {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case base, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      base: try fields.value(.base, default: 10_000), name: try fields.value(ifPresent: .name))
  }
}
