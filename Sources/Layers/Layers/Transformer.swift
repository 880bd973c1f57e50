import GraphIR

/// A transformer that turns one sequence of tokens into another: an encoder reads the source, and a
/// decoder gives, for each step of the target, the scores of the token that comes next.
///
/// An input of shape [batch, sourceSteps + target's steps] holds the source's tokens and then the
/// target's, each filled up to its length with the padding token; the output is [batch, target's
/// steps, vocabulary]. The target starts with a token for the beginning, and the scores at a step
/// depend on the target up to it alone; so what is to be learned is the target one token on.
///
/// Both sequences have one embedding, times √units, with sinusoidal positions added. The blocks are
/// ``TransformerEncoderBlock`` and ``TransformerDecoderBlock``; behind the last of each there is one
/// more normalization.
///
/// Source: A. Vaswani et al., "Attention is all you need", NIPS 2017, arXiv:1706.03762.
public struct Transformer: Layer {
  public static let kind = "transformer"

  /// The number of different tokens.
  public let vocabulary: Int
  /// The features of each step.
  public let units: Int
  /// The heads of each attention.
  public let heads: Int
  /// How many tokens of the input are the source.
  public let sourceSteps: Int
  /// The number of the encoder's blocks, and of the decoder's; 2 unless told otherwise.
  public let encoderBlocks: Int
  public let decoderBlocks: Int
  /// The width of the blocks' inner layer; four times the units unless told otherwise.
  public let feedForward: Int?
  /// The activation of the inner layer; `relu` unless told otherwise.
  public let activation: Activation
  /// Whether the blocks normalize before each part, and not after it; false unless told otherwise.
  public let normalizesFirst: Bool
  /// The part that is left out in training; 0 unless told otherwise.
  public let dropout: Double
  /// The token that fills short sequences up; none unless told otherwise.
  public let paddingIndex: Int?
  /// Whether the scores are made with the embedding's weight (see ``TiedOutput``); false unless told
  /// otherwise.
  public let tiesOutput: Bool
  public let name: String?

  public init(
    vocabulary: Int, units: Int, heads: Int, sourceSteps: Int, encoderBlocks: Int = 2,
    decoderBlocks: Int = 2, feedForward: Int? = nil, activation: Activation = .relu,
    normalizesFirst: Bool = false, dropout: Double = 0, paddingIndex: Int? = nil,
    tiesOutput: Bool = false, name: String? = nil
  ) {
    self.vocabulary = vocabulary
    self.units = units
    self.heads = heads
    self.sourceSteps = sourceSteps
    self.encoderBlocks = encoderBlocks
    self.decoderBlocks = decoderBlocks
    self.feedForward = feedForward
    self.activation = activation
    self.normalizesFirst = normalizesFirst
    self.dropout = dropout
    self.paddingIndex = paddingIndex
    self.tiesOutput = tiesOutput
    self.name = name
  }

  private static let mostBlocks = 1024

  public var problem: String? {
    embedding.problem ?? MultiHeadAttention(heads: heads, units: units).problem
      ?? encoderBlock.problem ?? sizeProblem("sourceSteps", sourceSteps)
      ?? sizeProblem("encoderBlocks", encoderBlocks, most: Self.mostBlocks)
      ?? sizeProblem("decoderBlocks", decoderBlocks, most: Self.mostBlocks)
  }

  public var description: String {
    "transformer, \(encoderBlocks) + \(decoderBlocks) blocks, \(units) units, "
      + "\(heads) head\(heads == 1 ? "" : "s")"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank == 2, shape[1] > sourceSteps else {
      scope.fail(
        "transformer: input has shape \(shape), expected [batch, steps] with more steps than the "
          + "\(sourceSteps) of the source")
      return input
    }
    var memory = embedded(input.slice(axis: 1, to: sourceSteps), in: scope)
    let sourceMask = scope.mask
    for number in 1...encoderBlocks {
      memory = scope.apply(encoderBlock, to: memory, as: "encoder\(number)")
    }
    memory = BlockNormalization.layer(memory, in: scope, as: "encoderNorm")

    var x = embedded(input.slice(axis: 1, from: sourceSteps), in: scope)
    for number in 1...decoderBlocks {
      x = decoderBlock(
        x, memory: memory, memoryMask: sourceMask, in: scope.child("decoder\(number)"))
    }
    x = BlockNormalization.layer(x, in: scope, as: "decoderNorm")
    return tiesOutput
      ? scope.apply(TiedOutput(to: "embedding"), to: x, as: "output")
      : scope.apply(Dense(units: vocabulary), to: x, as: "output")
  }

  /// The vectors of tokens with their positions; the scope's mask is then that of these tokens.
  private func embedded(_ tokens: Expression, in scope: Scope) -> Expression {
    scope.mask = nil
    let vectors = scope.apply(embedding, to: tokens, as: "embedding")
    let placed = scope.apply(PositionalEncoding(), to: vectors, as: "positions")
    return dropout > 0 ? scope.apply(Dropout(dropout), to: placed, as: "dropout") : placed
  }

  private var embedding: Embedding {
    // Times √units, the vectors start with a deviation of 1.
    Embedding(
      vocabulary: vocabulary, units: units, paddingIndex: paddingIndex, isScaled: true,
      weight: .normal(mean: 0, deviation: 1 / Double(max(units, 1)).squareRoot()))
  }

  private var encoderBlock: TransformerEncoderBlock {
    TransformerEncoderBlock(
      heads: heads, feedForward: feedForward, activation: activation,
      normalizesFirst: normalizesFirst, dropout: dropout)
  }

  private var decoderBlock: TransformerDecoderBlock {
    TransformerDecoderBlock(
      heads: heads, feedForward: feedForward, activation: activation,
      normalizesFirst: normalizesFirst, dropout: dropout)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(
        Transformer(
          vocabulary: 3, units: 4, heads: 1, sourceSteps: 2, encoderBlocks: 1, decoderBlocks: 1,
          feedForward: 2, activation: .tanh, paddingIndex: 0), input: [4]),
      LayerSample(
        Transformer(
          vocabulary: 2, units: 4, heads: 2, sourceSteps: 1, encoderBlocks: 1, decoderBlocks: 1,
          feedForward: 2, activation: .tanh, normalizesFirst: true, dropout: 0.2,
          tiesOutput: true), input: [3]),
    ]
  }
}

extension Transformer {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case vocabulary, units, heads, sourceSteps, encoderBlocks, decoderBlocks, feedForward
    case activation, normalizesFirst, dropout, paddingIndex, tiesOutput, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      vocabulary: try fields.value(.vocabulary), units: try fields.value(.units),
      heads: try fields.value(.heads), sourceSteps: try fields.value(.sourceSteps),
      encoderBlocks: try fields.value(.encoderBlocks, default: 2),
      decoderBlocks: try fields.value(.decoderBlocks, default: 2),
      feedForward: try fields.value(ifPresent: .feedForward),
      activation: try fields.value(.activation, default: .relu),
      normalizesFirst: try fields.value(.normalizesFirst, default: false),
      dropout: try fields.value(.dropout, default: 0),
      paddingIndex: try fields.value(ifPresent: .paddingIndex),
      tiesOutput: try fields.value(.tiesOutput, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
