import GraphIR

/// A limit on gradients, applied before the optimizer sees them.
///
/// Saved as `{"kind": "none"}`, `{"kind": "norm", "limit": 1}` or
/// `{"kind": "value", "limit": 0.5}`.
///
/// Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural
/// networks", ICML 2013, arXiv:1211.5063.
public enum GradientClipping: Hashable, Sendable {
  /// The gradients as they are.
  case none
  /// All gradients are scaled together, so that their common Euclidean norm is at most c:
  /// g ← g · min(1, c / (‖g‖ + 10⁻⁶)), where ‖g‖² sums over all elements of all gradients.
  case norm(Double)
  /// Every element is cut to the range from −c to c.
  case value(Double)

  /// The gradients within the limit, as more graph: of the same types, in the same order.
  public func apply(_ gradients: [Expression]) -> [Expression] {
    switch self {
    case .none: return gradients
    case .value(let limit): return gradients.map { minimum(maximum($0, -limit), limit) }
    case .norm(let limit):
      guard let first = gradients.first else { return [] }
      let type = first.scalarType
      let squares = gradients.map { $0.squared().sum().cast(to: type) }
      let norm = sqrt(squares.dropFirst().reduce(squares[0], +))
      let scale = minimum(limit / (norm + 1e-6), 1)
      return gradients.map { $0 * scale.cast(to: $0.scalarType) }
    }
  }

  /// Refuses a limit that makes no sense.
  ///
  /// - Throws: ``TrainingError`` unless the limit is a finite number above 0.
  public func check() throws {
    switch self {
    case .none: break
    case .norm(let limit), .value(let limit):
      try Hyperparameter("limit", limit, .positive).check(in: "gradient clipping by \(kind)")
    }
  }

  private var kind: String {
    switch self {
    case .none: "none"
    case .norm: "norm"
    case .value: "value"
    }
  }
}

extension GradientClipping: CustomStringConvertible {
  /// `none`, `norm at most 1`, `values from -0.5 to 0.5`.
  public var description: String {
    switch self {
    case .none: "none"
    case .norm(let limit): "norm at most \(shortText(limit))"
    case .value(let limit): "values from \(shortText(-limit)) to \(shortText(limit))"
    }
  }
}

extension GradientClipping: Codable {
  private enum Key: String, CodingKey { case kind, limit }

  /// Reads a limit.
  ///
  /// - Throws: `DecodingError` where the kind is not known or the limit is missing or senseless.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let kind = try container.decode(String.self, forKey: .kind)
    switch kind {
    case "none": self = .none
    case "norm": self = .norm(try container.decode(Double.self, forKey: .limit))
    case "value": self = .value(try container.decode(Double.self, forKey: .limit))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "found \"\(kind.prefix(40))\"; expected none, norm or value")
    }
    do {
      try check()
    } catch let error as TrainingError {
      throw DecodingError.dataCorruptedError(
        forKey: .limit, in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .none: break
    case .norm(let limit), .value(let limit): try container.encode(limit, forKey: .limit)
    }
  }
}
