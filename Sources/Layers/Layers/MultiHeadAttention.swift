import GraphIR
import Tensors

/// Attention: every step looks at all steps of a sequence, and takes from each as much as its query
/// fits the other's key; several heads do so side by side, each with its share of the features.
///
/// For x of shape [batch, steps, features], q = x Q + b_q, k = m K + b_k, v = m V + b_v, where the
/// memory m is x itself (self-attention) or another sequence (cross-attention). In each head, with
/// d = units / heads features of q, k and v:
///
/// a = softmax(q kᵀ / √d) v
///
/// and y = [a₁, a₂, …] O + b_o, of shape [batch, steps, units]. Steps that `scope.mask` calls padding
/// are not looked at; nor, where the attention is causal, are later steps than one's own.
///
/// The parameters are `queryWeight` [features, units], `keyWeight` and `valueWeight` [memory's
/// features, d · keyValueHeads], `outputWeight` [units, units], and a bias of each.
///
/// ```swift
/// let attention = MultiHeadAttention(heads: 4, isCausal: true)
/// print(try attention.parameterCount(input: [64, 128]))      // 66048
/// ```
///
/// Source: A. Vaswani et al., "Attention is all you need", NIPS 2017, arXiv:1706.03762; J. Ainslie
/// et al., "GQA", EMNLP 2023, doi:10.18653/v1/2023.emnlp-main.298, of shared keys and values.
public struct MultiHeadAttention: Layer {
  public static let kind = "multiHeadAttention"

  /// The number of heads.
  public let heads: Int
  /// The number of output features; those of the input unless told otherwise.
  public let units: Int?
  /// The number of heads of keys and values, each shared by as many of the queries' (grouped-query
  /// attention; 1 is multi-query attention); `heads` unless told otherwise.
  public let keyValueHeads: Int?
  /// Whether no step looks at a later one; false unless told otherwise.
  public let isCausal: Bool
  /// Whether queries and keys are turned by their positions (see ``rotaryBase``); false unless told
  /// otherwise. The angle of features i and i + d / 2 at step t is t · base^(−2i / d) (Su et al.,
  /// doi:10.1016/j.neucom.2023.127063).
  public let isRotary: Bool
  /// The base of the angles; 10,000 unless told otherwise.
  public let rotaryBase: Double
  /// The part of the weights softmax(…) that is left out in training; 0 unless told otherwise.
  public let dropout: Double
  /// Whether biases are added; true unless told otherwise.
  public let hasBias: Bool
  /// What the weights start from; `glorotUniform` unless told otherwise.
  public let weight: Initializer
  public let name: String?

  public init(
    heads: Int, units: Int? = nil, keyValueHeads: Int? = nil, isCausal: Bool = false,
    isRotary: Bool = false, rotaryBase: Double = 10_000, dropout: Double = 0,
    hasBias: Bool = true, weight: Initializer = .glorotUniform, name: String? = nil
  ) {
    self.heads = heads
    self.units = units
    self.keyValueHeads = keyValueHeads
    self.isCausal = isCausal
    self.isRotary = isRotary
    self.rotaryBase = rotaryBase
    self.dropout = dropout
    self.hasBias = hasBias
    self.weight = weight
    self.name = name
  }

  public var problem: String? {
    if let problem = sizeProblem("heads", heads) ?? rateProblem("dropout", dropout) {
      return problem
    }
    if let units {
      if let problem = sizeProblem("units", units) { return problem }
      if units % heads != 0 {
        return "\(units) units cannot be shared evenly by \(heads) heads"
      }
    }
    if let keyValueHeads {
      if let problem = sizeProblem("keyValueHeads", keyValueHeads) { return problem }
      if heads % keyValueHeads != 0 {
        return "\(heads) heads cannot share \(keyValueHeads) heads of keys and values evenly"
      }
    }
    if !(rotaryBase > 0 && rotaryBase.isFinite) {
      return "rotaryBase is \(rotaryBase), expected a positive number"
    }
    return weight.problem().map { "weight: \($0)" }
  }

  public var description: String {
    "multiHeadAttention, \(heads) head\(heads == 1 ? "" : "s")"
      + (keyValueHeads.map { ", \($0) of keys and values" } ?? "") + (isCausal ? ", causal" : "")
      + (isRotary ? ", rotary" : "") + (dropout > 0 ? ", dropout \(dropout)" : "")
      + (hasBias ? "" : ", no bias")
  }

  /// Self-attention.
  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let sizes = scope.sequences(input, kind: Self.kind) else { return input }
    return callAsFunction(
      input, memory: input, memoryMask: scope.mask(for: sizes, kind: Self.kind), in: scope)
  }

  /// Cross-attention: the steps of a sequence look at those of another.
  ///
  /// - Parameters:
  ///   - query: The sequence that looks, [batch, steps, features].
  ///   - memory: The sequence that is looked at, [batch, memory's steps, memory's features].
  ///   - memoryMask: [batch, memory's steps], 0 where the memory is padding; nil where none is.
  ///   - scope: Where the parameters are.
  public func callAsFunction(
    _ query: Expression, memory: Expression, memoryMask: Expression? = nil, in scope: Scope
  ) -> Expression {
    guard let sizes = scope.sequences(query, kind: Self.kind),
      let seen = scope.sequences(memory, kind: Self.kind, what: "memory")
    else { return query }
    guard sizes.batch == seen.batch else {
      scope.fail(
        "\(Self.kind): input has \(sizes.batch) sequences and memory \(seen.batch), "
          + "expected as many")
      return query
    }
    let units = units ?? sizes.features
    guard units % heads == 0 else {
      scope.fail("\(Self.kind): \(units) units cannot be shared evenly by \(heads) heads")
      return query
    }
    let heads = AttentionHeads(
      count: heads, keyValueCount: keyValueHeads ?? heads, size: units / heads)
    guard !isRotary || heads.size % 2 == 0 else {
      scope.fail(
        "\(Self.kind): a head has \(heads.size) features, expected an even number, to turn them "
          + "in pairs")
      return query
    }
    let queries = project(query, sizes, "query", heads.count, heads.size, in: scope)
    let keys = project(memory, seen, "key", heads.keyValueCount, heads.size, in: scope)
    let values = project(
      memory, seen, "value", heads.keyValueCount, heads.size, turns: false, in: scope)
    let scores = heads.scores(queries: queries, keys: keys)
    let allowed = AttentionMask(
      isCausal: isCausal, steps: sizes.steps, memorySteps: seen.steps, memoryMask: memoryMask)
    var weights = softmax(allowed.applied(to: scores))
    if dropout > 0 { weights = scope.apply(Dropout(dropout), to: weights, as: "dropout") }
    let context = heads.context(weights: weights, values: values)
    note([("q", queries), ("k", keys), ("v", values)], scores: scores, weights: weights, in: scope)
    return linear(
      context.reshaped([sizes.rows, units]), "output", [units, units], in: scope
    ).reshaped([sizes.batch, sizes.steps, units])
  }

  /// Says what the texts call the parts: q, k and v, the scores s and the weights a of each head and step
  /// of the memory. Here all are [batch, steps, …].
  private func note(
    _ projected: [(letter: String, value: Expression)], scores: Expression, weights: Expression,
    in scope: Scope
  ) {
    guard scores.builder.writesLoopsOut else { return }
    for (letter, value) in projected {
      let shape = value.shape
      value.reshaped([shape[0], shape[1], shape[2] * shape[3]]).noted(letter)
    }
    for (letter, value) in [("s", scores), ("a", weights)] {
      let (rank, shape) = (value.shape.rank, value.shape)
      let stepsFirst = value.transposed([0, rank - 2] + Array(1..<rank - 2) + [rank - 1])
      stepsFirst.reshaped([shape[0], shape[rank - 2], heads, shape[rank - 1]]).noted(letter)
    }
    scope.collector.recordParts(in: scope, of: scope, areAlone: true)
  }

  /// Queries, keys or values: [batch, steps, heads, features of a head].
  private func project(
    _ input: Expression, _ sizes: SequenceSizes, _ what: String, _ heads: Int, _ size: Int,
    turns: Bool = true, in scope: Scope
  ) -> Expression {
    let features = input.reshaped([sizes.rows, sizes.features])
    let projected = linear(features, what, [sizes.features, heads * size], in: scope)
      .reshaped([sizes.batch, sizes.steps, heads, size])
    return isRotary && turns ? RotaryPositions(base: rotaryBase)(projected) : projected
  }

  private func linear(_ x: Expression, _ what: String, _ shape: Shape, in scope: Scope)
    -> Expression
  {
    let y = x.matmul(scope.parameter("\(what)Weight", shape, weight, isWeight: true))
    return hasBias ? y + scope.parameter("\(what)Bias", [shape[1]], .zeros) : y
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(MultiHeadAttention(heads: 2), input: [3, 4]),
      LayerSample(MultiHeadAttention(heads: 2, isCausal: true, dropout: 0.3), input: [3, 2]),
      LayerSample(
        MultiHeadAttention(heads: 2, units: 4, keyValueHeads: 1, isRotary: true), input: [3, 3]),
      LayerSample(MultiHeadAttention(heads: 1, hasBias: false), input: [2, 3]),
      LayerSample(
        Sequential {
          Embedding(vocabulary: 2, units: 2, paddingIndex: 1)
          MultiHeadAttention(heads: 1)
        }, input: [5]),
    ]
  }
}

extension MultiHeadAttention {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case heads, units, keyValueHeads, isCausal, isRotary, rotaryBase, dropout, hasBias, weight, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      heads: try fields.value(.heads), units: try fields.value(ifPresent: .units),
      keyValueHeads: try fields.value(ifPresent: .keyValueHeads),
      isCausal: try fields.value(.isCausal, default: false),
      isRotary: try fields.value(.isRotary, default: false),
      rotaryBase: try fields.value(.rotaryBase, default: 10_000),
      dropout: try fields.value(.dropout, default: 0),
      hasBias: try fields.value(.hasBias, default: true),
      weight: try fields.value(.weight, default: .glorotUniform),
      name: try fields.value(ifPresent: .name))
  }
}
