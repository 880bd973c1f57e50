import GraphIR

/// A block of a transformer: attention of a sequence to itself, then two layers that each step
/// passes by itself, both added to what they start from.
///
/// With the normalization first (`normalizesFirst`), x ← x + attention(norm₁ x), x ← x +
/// feedForward(norm₂ x); else x ← norm₁(x + attention(x)), x ← norm₂(x + feedForward(x)). The input
/// and the output are [batch, steps, features]. feedForward(x) = f(x W₁ + b₁) W₂ + b₂; with a gate,
/// (f(x W₁ + b₁) ⊗ (x W₃ + b₃)) W₂ + b₂, which is called SwiGLU where f is `silu`.
///
/// A causal block, in which no step looks at a later one, is what language models such as GPT are
/// made of.
///
/// ```swift
/// let block = TransformerEncoderBlock(heads: 4, isCausal: true)
/// print(try block.parameterCount(input: [64, 128]))      // 198272
/// ```
///
/// Source: A. Vaswani et al., "Attention is all you need", NIPS 2017, arXiv:1706.03762; R. Xiong et
/// al., "On layer normalization in the transformer architecture", ICML 2020, arXiv:2002.04745; of
/// gates, N. Shazeer, "GLU variants improve transformer", arXiv:2002.05202.
public struct TransformerEncoderBlock: Layer {
  public static let kind = "transformerEncoderBlock"

  /// The heads of the attention.
  public let heads: Int
  /// The width of the inner layer; four times the features unless told otherwise.
  public let feedForward: Int?
  /// f; `gelu` unless told otherwise.
  public let activation: Activation
  /// Whether the inner layer has a gate; false unless told otherwise.
  public let isGated: Bool
  /// The kind of normalization; `layer` unless told otherwise.
  public let normalization: BlockNormalization
  /// Whether the normalization comes before each part, and not after it; true unless told
  /// otherwise.
  public let normalizesFirst: Bool
  /// Whether no step looks at a later one; false unless told otherwise.
  public let isCausal: Bool
  /// Whether queries and keys are turned by their positions; false unless told otherwise.
  public let isRotary: Bool
  /// The heads of keys and values; `heads` unless told otherwise.
  public let keyValueHeads: Int?
  /// The part that is left out in training, of the attention's weights, of the inner layer, and of
  /// what each part adds; 0 unless told otherwise.
  public let dropout: Double
  /// Whether there are biases, and shifts of the normalizations; true unless told otherwise.
  public let hasBias: Bool
  public let name: String?

  public init(
    heads: Int, feedForward: Int? = nil, activation: Activation = .gelu, isGated: Bool = false,
    normalization: BlockNormalization = .layer, normalizesFirst: Bool = true,
    isCausal: Bool = false, isRotary: Bool = false, keyValueHeads: Int? = nil, dropout: Double = 0,
    hasBias: Bool = true, name: String? = nil
  ) {
    self.heads = heads
    self.feedForward = feedForward
    self.activation = activation
    self.isGated = isGated
    self.normalization = normalization
    self.normalizesFirst = normalizesFirst
    self.isCausal = isCausal
    self.isRotary = isRotary
    self.keyValueHeads = keyValueHeads
    self.dropout = dropout
    self.hasBias = hasBias
    self.name = name
  }

  private var attention: MultiHeadAttention {
    MultiHeadAttention(
      heads: heads, keyValueHeads: keyValueHeads, isCausal: isCausal, isRotary: isRotary,
      dropout: dropout, hasBias: hasBias)
  }

  private var parts: TransformerParts {
    TransformerParts(
      feedForward: feedForward, activation: activation, isGated: isGated,
      normalization: normalization, normalizesFirst: normalizesFirst, dropout: dropout,
      hasBias: hasBias)
  }

  public var problem: String? { attention.problem ?? parts.problem }

  public var description: String {
    "transformerEncoderBlock, \(heads) head\(heads == 1 ? "" : "s")"
      + (isCausal ? ", causal" : "") + ", \(isGated ? "gated " : "")\(activation.rawValue)"
      + ", norm \(normalizesFirst ? "first" : "last")"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.sequences(input, kind: Self.kind),
      parts.fits(sizes, heads: heads, kind: Self.kind, in: scope)
    else { return input }
    let parts = parts
    return parts.rows(of: input, sizes) { rows in
      let attended = parts.residual(rows, 1, in: scope) {
        scope.apply(attention, to: $0.reshaped(input.shape), as: "attention")
          .reshaped(rows.shape)
      }
      return parts.residual(attended, 2, in: scope) { parts.feedForward($0, in: scope) }
    }
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(
        TransformerEncoderBlock(heads: 2, feedForward: 3, isCausal: true), input: [3, 4]),
      LayerSample(
        TransformerEncoderBlock(
          heads: 1, feedForward: 2, activation: .silu, isGated: true, normalization: .rms,
          isRotary: true, hasBias: false), input: [2, 4]),
      LayerSample(
        TransformerEncoderBlock(
          heads: 2, activation: .tanh, normalizesFirst: false, keyValueHeads: 1, dropout: 0.2),
        input: [2, 4]),
    ]
  }
}

extension TransformerEncoderBlock {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case heads, feedForward, activation, isGated, normalization, normalizesFirst, isCausal, isRotary
    case keyValueHeads, dropout, hasBias, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      heads: try fields.value(.heads), feedForward: try fields.value(ifPresent: .feedForward),
      activation: try fields.value(.activation, default: .gelu),
      isGated: try fields.value(.isGated, default: false),
      normalization: try fields.value(.normalization, default: .layer),
      normalizesFirst: try fields.value(.normalizesFirst, default: true),
      isCausal: try fields.value(.isCausal, default: false),
      isRotary: try fields.value(.isRotary, default: false),
      keyValueHeads: try fields.value(ifPresent: .keyValueHeads),
      dropout: try fields.value(.dropout, default: 0),
      hasBias: try fields.value(.hasBias, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
