import GraphIR
import Tensors

/// Scores for each token of a vocabulary by the vectors that an embedding has learned: s = x Eᵀ + b.
///
/// x has the shape [batch…, units], E is the weight [vocabulary, units] of an ``Embedding`` that
/// comes before, and b [vocabulary] a bias of this layer, where there is one. E has the gradients of
/// both layers.
///
/// ```swift
/// let model = Sequential {
///   Embedding(vocabulary: 65, units: 16, name: "tokens")
///   Dense(units: 16, activation: .tanh)
///   TiedOutput(to: "tokens")
/// }
/// print(try model.outputShape(input: [8]))      // [8, 65]
/// ```
///
/// Source: O. Press, L. Wolf, "Using the output embedding to improve language models", EACL 2017,
/// arXiv:1608.05859.
public struct TiedOutput: Layer {
  public static let kind = "tiedOutput"

  /// The path of the embedding: its name, seen from this layer's place or from one around it.
  public let embedding: String
  /// Whether b is added; false unless told otherwise.
  public let hasBias: Bool
  public let name: String?

  /// - Parameter embedding: The path of the embedding; `embedding1`, as the first embedding of a
  ///   `Sequential` is named, unless told otherwise.
  public init(to embedding: String = "embedding1", hasBias: Bool = false, name: String? = nil) {
    self.embedding = embedding
    self.hasBias = hasBias
    self.name = name
  }

  public var description: String {
    "tiedOutput, to \(embedding)" + (hasBias ? ", with bias" : "")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard let weight = scope.shared("\(embedding).weight"), weight.shape.rank == 2 else {
      let known = scope.sharedNames.filter { $0.hasSuffix(".weight") }.map { $0.dropLast(7) }
      scope.fail(
        "tiedOutput: there is no embedding \"\(embedding)\" before this layer; "
          + suggestion(for: embedding, in: known.map(String.init)))
      return input
    }
    let (vocabulary, units) = (weight.shape[0], weight.shape[1])
    guard shape.rank >= 2, shape[-1] == units else {
      scope.fail("tiedOutput: input has shape \(shape), \(embedding) expects [batch…, \(units)]")
      return input
    }
    guard input.scalarType == scope.scalarType else {
      scope.fail(
        "tiedOutput: input is \(input.type), expected \(scope.scalarType.rawValue) numbers")
      return input
    }
    var scores = input.reshaped([shape.count / units, units]).matmul(weight, transposeB: true)
    if hasBias { scores = scores + scope.parameter("bias", [vocabulary], .zeros) }
    return scores.reshaped(Shape(Array(shape.dimensions.dropLast()) + [vocabulary]))
  }

  public static var samples: [LayerSample] {
    [false, true].map { hasBias in
      let layer = Sequential {
        Embedding(vocabulary: 3, units: 2, name: "tokens")
        Sequential {
          Activate(.tanh)
          TiedOutput(to: "tokens", hasBias: hasBias)
        }
      }
      return LayerSample(layer, input: [4])
    }
  }
}

extension TiedOutput {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case embedding, hasBias, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      to: try fields.value(.embedding, default: "embedding1"),
      hasBias: try fields.value(.hasBias, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
