import GraphIR

/// Adds a learned vector for each position: y₍ₜ₎ = x₍ₜ₎ + P₍ₜ₎, with x of shape [batch, steps,
/// features] and the weight P [longest, features].
///
/// ```swift
/// let positions = PositionEmbedding(longest: 64)
/// print(try positions.parameterCount(input: [10, 8]))      // 512
/// ```
///
/// Source: J. Gehring et al., "Convolutional sequence to sequence learning", ICML 2017,
/// arXiv:1705.03122.
public struct PositionEmbedding: Layer {
  public static let kind = "positionEmbedding"

  /// The number of steps of the longest sequence.
  public let longest: Int
  /// What P starts from; normal numbers with a deviation of 0.02 unless told otherwise.
  public let weight: Initializer
  public let name: String?

  /// What P starts from unless told otherwise.
  public static let defaultWeight = Initializer.normal(mean: 0, deviation: 0.02)

  public init(longest: Int, weight: Initializer = Self.defaultWeight, name: String? = nil) {
    self.longest = longest
    self.weight = weight
    self.name = name
  }

  public var problem: String? {
    sizeProblem("longest", longest) ?? weight.problem().map { "weight: \($0)" }
  }

  public var description: String { "positionEmbedding, up to \(longest) steps" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.sequences(input, kind: Self.kind) else { return input }
    guard sizes.steps <= longest else {
      scope.fail(
        "\(Self.kind): input has \(sizes.steps) steps, expected at most \(longest) (longest)")
      return input
    }
    let weight = scope.parameter("weight", [longest, sizes.features], weight, isWeight: true)
    return input + weight.slice(axis: 0, to: sizes.steps)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(PositionEmbedding(longest: 4), input: [3, 2]),
      LayerSample(PositionEmbedding(longest: 2), input: [2, 3]),
    ]
  }
}

extension PositionEmbedding {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case longest, weight, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      longest: try fields.value(.longest),
      weight: try fields.value(.weight, default: Self.defaultWeight),
      name: try fields.value(ifPresent: .name))
  }
}
