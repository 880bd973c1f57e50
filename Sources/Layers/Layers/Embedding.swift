import GraphIR

/// A vector for each token: y₍ₜ₎ = E[x₍ₜ₎], the row of the weight E [vocabulary, units] that the
/// token's number names.
///
/// The input has the shape [batch, steps] (or any other), of Int32 or of whole floating-point
/// numbers, whose fraction is cut off; the output has one more axis: [batch, steps, units]. A token
/// outside 0 to vocabulary − 1 becomes zeros and trains nothing. So does the padding token: its row
/// is never read. Where there is one, the layers after this one are told by the mask which steps
/// are padding.
///
/// ```swift
/// let embedding = Embedding(vocabulary: 65, units: 128)
/// print(try embedding.parameterCount(input: [64]))      // 8320
/// ```
///
/// Source: Y. Bengio et al., "A neural probabilistic language model", JMLR 3 (2003).
public struct Embedding: Layer {
  public static let kind = "embedding"

  /// The number of different tokens.
  public let vocabulary: Int
  /// The number of output features.
  public let units: Int
  /// The token that fills short sequences up; none unless told otherwise.
  public let paddingIndex: Int?
  /// Whether the vectors are multiplied by √units, as before sinusoidal positions; false unless
  /// told otherwise.
  public let isScaled: Bool
  /// What E starts from; normal numbers with a deviation of 1 unless told otherwise.
  public let weight: Initializer
  public let name: String?

  /// What E starts from unless told otherwise.
  public static let defaultWeight = Initializer.normal(mean: 0, deviation: 1)

  public init(
    vocabulary: Int, units: Int, paddingIndex: Int? = nil, isScaled: Bool = false,
    weight: Initializer = Self.defaultWeight, name: String? = nil
  ) {
    self.vocabulary = vocabulary
    self.units = units
    self.paddingIndex = paddingIndex
    self.isScaled = isScaled
    self.weight = weight
    self.name = name
  }

  public var problem: String? {
    if let problem = sizeProblem("vocabulary", vocabulary) ?? sizeProblem("units", units) {
      return problem
    }
    if let paddingIndex, !(0..<vocabulary).contains(paddingIndex) {
      return "paddingIndex is \(paddingIndex), expected 0 to \(vocabulary - 1)"
    }
    return weight.problem().map { "weight: \($0)" }
  }

  public var description: String { "embedding, \(vocabulary) tokens, \(units) units" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.shape.rank >= 1 else {
      scope.fail("embedding: input has shape \(input.shape), expected [batch, steps]")
      return input
    }
    let weight = scope.parameter("weight", [vocabulary, units], weight, isWeight: true)
    var tokens = input.cast(to: .int32)
    if let paddingIndex {
      let isToken = tokens .!= Double(paddingIndex)
      if input.shape.rank == 2 { scope.mask = isToken.cast(to: scope.scalarType) }
      // Outside the vocabulary: neither read nor trained.
      tokens = select(isToken, tokens, -1)
    }
    let vectors = weight.gathered(tokens)
    return isScaled ? vectors * Double(units).squareRoot() : vectors
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Embedding(vocabulary: 2, units: 3), input: [4]),
      LayerSample(Embedding(vocabulary: 3, units: 2, paddingIndex: 0), input: [5]),
      LayerSample(Embedding(vocabulary: 2, units: 2, isScaled: true), input: [2, 2]),
      LayerSample(Embedding(vocabulary: 2, units: 2), input: []),
    ]
  }
}

extension Embedding {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case vocabulary, units, paddingIndex, isScaled, weight, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      vocabulary: try fields.value(.vocabulary), units: try fields.value(.units),
      paddingIndex: try fields.value(ifPresent: .paddingIndex),
      isScaled: try fields.value(.isScaled, default: false),
      weight: try fields.value(.weight, default: Self.defaultWeight),
      name: try fields.value(ifPresent: .name))
  }
}
