/// How a recurrent layer goes over its sequences: what ``Elman``, ``Jordan``, ``LSTM`` and ``GRU`` have
/// in common.
public struct Recurrence: Hashable, Sendable, Codable {
  /// What a recurrent layer gives.
  public enum Output: String, Hashable, Sendable, Codable, CaseIterable {
    /// What each step gave: [batch, steps, units].
    case sequence
    /// What the last step gave: [batch, units]. Of two directions, what the last step of each gave.
    case last
  }

  /// The number of layers one above the other; 1 unless told otherwise.
  public let layers: Int
  /// Whether a second layer goes over the steps from the last to the first; the features of both
  /// stand side by side, those of the first direction before those of the second.
  public let isBidirectional: Bool
  /// The part of the features between two layers that is left out in training; 0 unless told
  /// otherwise.
  public let dropout: Double
  /// What the layer gives: a sequence unless told otherwise.
  public let output: Output
  /// In segments of how many steps the gradient computes the steps' values again rather than keeping
  /// them all; nil where all are kept. See `GraphBuilder.loop`.
  public let segment: Int?
  /// Whether no gradient goes back over the border between two segments: truncated backpropagation
  /// through time.
  public let isTruncated: Bool

  public init(
    layers: Int = 1, isBidirectional: Bool = false, dropout: Double = 0, output: Output = .sequence,
    segment: Int? = nil, isTruncated: Bool = false
  ) {
    self.layers = layers
    self.isBidirectional = isBidirectional
    self.dropout = dropout
    self.output = output
    self.segment = segment
    self.isTruncated = isTruncated
  }

  /// What is wrong with the settings; nil where nothing is.
  var problem: String? {
    if !(1...1000).contains(layers) { return "layers is \(layers), expected 1 to 1000" }
    if !(dropout >= 0 && dropout < 1) {
      return "dropout is \(dropout), expected at least 0 and less than 1"
    }
    if let segment, segment < 1 { return "segment is \(segment), expected at least 1" }
    if isTruncated, segment == nil {
      return "isTruncated is true without a segment, expected segment to say after how many steps"
    }
    return nil
  }

  /// What differs from the plain case, for summaries: `, 2 layers, both directions`.
  var words: String {
    (layers == 1 ? "" : ", \(layers) layers") + (isBidirectional ? ", both directions" : "")
      + (dropout == 0 ? "" : ", dropout \(dropout)") + (output == .last ? ", last step" : "")
      + (segment.map { ", segments of \($0)" } ?? "") + (isTruncated ? ", truncated" : "")
  }
}

extension Recurrence {
  /// The keys, as recurrent layers have them among their own.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case layers, isBidirectional, dropout, output, segment, isTruncated
  }

  /// Reads the fields from among those of a recurrent layer.
  ///
  /// - Throws: ``LayerError`` where one is of another type.
  init<Key: CodingKey & CaseIterable>(_ fields: Fields<Key>) throws {
    func value<T: Decodable>(_ key: CodingKeys, default standard: T) throws -> T {
      guard let key = Key(stringValue: key.stringValue) else { return standard }
      return try fields.value(key, default: standard)
    }
    self.init(
      layers: try value(.layers, default: 1),
      isBidirectional: try value(.isBidirectional, default: false),
      dropout: try value(.dropout, default: 0), output: try value(.output, default: .sequence),
      segment: try value(.segment, default: Int?.none),
      isTruncated: try value(.isTruncated, default: false))
  }

  /// Writes what is not the default.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let plain = Recurrence()
    if layers != plain.layers { try container.encode(layers, forKey: .layers) }
    if isBidirectional { try container.encode(true, forKey: .isBidirectional) }
    if dropout != plain.dropout { try container.encode(dropout, forKey: .dropout) }
    if output != plain.output { try container.encode(output, forKey: .output) }
    try container.encodeIfPresent(segment, forKey: .segment)
    if isTruncated { try container.encode(true, forKey: .isTruncated) }
  }
}
