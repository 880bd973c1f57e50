import GraphIR

/// A block of a transformer's decoder: causal attention of a sequence to itself, then its attention
/// to a memory (what an encoder made of another sequence), then two layers that each step passes by
/// itself, all added to what they start from.
///
/// With the normalization first, x ← x + attention(norm₁ x), x ← x + attention(norm₂ x; memory),
/// x ← x + feedForward(norm₃ x); else each norm comes after its sum. The parts are those of
/// ``TransformerEncoderBlock``.
///
/// Applied to a single input, `block(input, in: scope)`, the first `memorySteps` steps are the
/// memory and the rest the sequence; with ``callAsFunction(_:memory:memoryMask:in:)`` the memory is
/// a value of its own.
///
/// Source: A. Vaswani et al., "Attention is all you need", NIPS 2017, arXiv:1706.03762.
public struct TransformerDecoderBlock: Layer {
  public static let kind = "transformerDecoderBlock"

  /// The heads of both attentions.
  public let heads: Int
  /// How many steps of a single input are the memory.
  public let memorySteps: Int
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
  /// Whether no step looks at a later one of its own sequence; true unless told otherwise.
  public let isCausal: Bool
  /// Whether queries and keys of the sequence are turned by their positions; false unless told
  /// otherwise.
  public let isRotary: Bool
  /// The heads of keys and values; `heads` unless told otherwise.
  public let keyValueHeads: Int?
  /// The part that is left out in training; 0 unless told otherwise.
  public let dropout: Double
  /// Whether there are biases, and shifts of the normalizations; true unless told otherwise.
  public let hasBias: Bool
  public let name: String?

  public init(
    heads: Int, memorySteps: Int = 1, feedForward: Int? = nil, activation: Activation = .gelu,
    isGated: Bool = false, normalization: BlockNormalization = .layer,
    normalizesFirst: Bool = true, isCausal: Bool = true, isRotary: Bool = false,
    keyValueHeads: Int? = nil, dropout: Double = 0, hasBias: Bool = true, name: String? = nil
  ) {
    self.heads = heads
    self.memorySteps = memorySteps
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

  private func attention(isCausal: Bool, isRotary: Bool) -> MultiHeadAttention {
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

  public var problem: String? {
    attention(isCausal: isCausal, isRotary: isRotary).problem ?? parts.problem
      ?? sizeProblem("memorySteps", memorySteps)
  }

  public var description: String {
    "transformerDecoderBlock, \(heads) head\(heads == 1 ? "" : "s"), \(memorySteps) memory steps, "
      + "\(isGated ? "gated " : "")\(activation.rawValue), "
      + "norm \(normalizesFirst ? "first" : "last")"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.sequences(input, kind: Self.kind) else { return input }
    guard sizes.steps > memorySteps else {
      scope.fail(
        "\(Self.kind): input has \(sizes.steps) steps, expected more than the \(memorySteps) of "
          + "the memory")
      return input
    }
    let mask = scope.mask(for: sizes, kind: Self.kind)
    scope.mask = mask?.slice(axis: 1, from: memorySteps)
    return callAsFunction(
      input.slice(axis: 1, from: memorySteps), memory: input.slice(axis: 1, to: memorySteps),
      memoryMask: mask?.slice(axis: 1, to: memorySteps), in: scope)
  }

  /// - Parameters:
  ///   - input: The sequence, [batch, steps, features].
  ///   - memory: What it looks at, [batch, memory's steps, memory's features].
  ///   - memoryMask: [batch, memory's steps], 0 where the memory is padding; nil where none is.
  ///   - scope: Where the parameters are.
  public func callAsFunction(
    _ input: Expression, memory: Expression, memoryMask: Expression?, in scope: Scope
  ) -> Expression {
    guard let sizes = scope.sequences(input, kind: Self.kind),
      parts.fits(sizes, heads: heads, kind: Self.kind, in: scope)
    else { return input }
    let parts = parts
    return parts.rows(of: input, sizes) { rows in
      var x = parts.residual(rows, 1, in: scope) {
        let own = attention(isCausal: isCausal, isRotary: isRotary)
        return scope.apply(own, to: $0.reshaped(input.shape), as: "attention")
          .reshaped(rows.shape)
      }
      x = parts.residual(x, 2, in: scope) {
        let cross = attention(isCausal: false, isRotary: false)
        return cross(
          $0.reshaped(input.shape), memory: memory, memoryMask: memoryMask,
          in: scope.child("crossAttention")
        ).reshaped(rows.shape)
      }
      return parts.residual(x, 3, in: scope) { parts.feedForward($0, in: scope) }
    }
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(
        TransformerDecoderBlock(heads: 2, memorySteps: 2, feedForward: 3), input: [4, 4]),
      LayerSample(
        TransformerDecoderBlock(
          heads: 1, feedForward: 2, activation: .silu, isGated: true, normalization: .rms,
          normalizesFirst: false, isRotary: true, dropout: 0.2, hasBias: false), input: [3, 4]),
    ]
  }
}

extension TransformerDecoderBlock {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case heads, memorySteps, feedForward, activation, isGated, normalization, normalizesFirst
    case isCausal, isRotary, keyValueHeads, dropout, hasBias, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      heads: try fields.value(.heads), memorySteps: try fields.value(.memorySteps, default: 1),
      feedForward: try fields.value(ifPresent: .feedForward),
      activation: try fields.value(.activation, default: .gelu),
      isGated: try fields.value(.isGated, default: false),
      normalization: try fields.value(.normalization, default: .layer),
      normalizesFirst: try fields.value(.normalizesFirst, default: true),
      isCausal: try fields.value(.isCausal, default: true),
      isRotary: try fields.value(.isRotary, default: false),
      keyValueHeads: try fields.value(ifPresent: .keyValueHeads),
      dropout: try fields.value(.dropout, default: 0),
      hasBias: try fields.value(.hasBias, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
