import GraphIR

// An initializer without numbers is its name, `"heNormal"`; one with numbers is an object with its
// name as the only key: `{"constant": 0.1}`, `{"uniform": {"low": -1, "high": 1}}`.

extension Initializer: Codable {
  private static let plain: [(name: String, initializer: Initializer)] = [
    ("glorotUniform", .glorotUniform), ("glorotNormal", .glorotNormal),
    ("heUniform", .heUniform), ("heNormal", .heNormal),
    ("leCunUniform", .leCunUniform), ("leCunNormal", .leCunNormal),
    ("zeros", .zeros), ("ones", .ones),
  ]

  private enum Key: String, CodingKey, CaseIterable {
    case constant, uniform, normal, values
  }

  private struct Range: Codable {
    var low: Double
    var high: Double
  }

  private struct Normal: Codable {
    var mean: Double
    var deviation: Double
  }

  /// Reads a name, or an object with numbers.
  ///
  /// - Throws: ``LayerError`` where there is no such initializer, or its numbers are impossible.
  public init(from decoder: any Decoder) throws {
    let names = Self.plain.map(\.name) + Key.allCases.map(\.rawValue)
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let match = Self.plain.first(where: { $0.name.looseKey == name.looseKey }) else {
        throw LayerError(
          "\(decoder.location)there is no initializer \"\(name)\" without numbers; "
            + suggestion(for: name, in: names))
      }
      self = match.initializer
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    let found = try decoder.container(keyedBy: TextKey.self).allKeys.map(\.stringValue).sorted()
    guard found.count == 1, let key = container.allKeys.first else {
      throw LayerError(
        "\(decoder.location)found an initializer with the fields \(found), expected one of "
          + names.joined(separator: ", "))
    }
    switch key {
    case .constant: self = .constant(try container.decode(Double.self, forKey: key))
    case .values: self = .values(try container.decode([Double].self, forKey: key))
    case .uniform:
      let range = try container.decode(Range.self, forKey: key)
      self = .uniform(low: range.low, high: range.high)
    case .normal:
      let normal = try container.decode(Normal.self, forKey: key)
      self = .normal(mean: normal.mean, deviation: normal.deviation)
    }
    if let problem = problem() { throw LayerError(decoder.location + problem) }
  }

  public func encode(to encoder: any Encoder) throws {
    if let match = Self.plain.first(where: { $0.initializer == self }) {
      var container = encoder.singleValueContainer()
      try container.encode(match.name)
      return
    }
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .constant(let value): try container.encode(value, forKey: .constant)
    case .uniform(let low, let high):
      try container.encode(Range(low: low, high: high), forKey: .uniform)
    case .normal(let mean, let deviation):
      try container.encode(Normal(mean: mean, deviation: deviation), forKey: .normal)
    case .values(let values): try container.encode(values, forKey: .values)
    case .glorotUniform, .glorotNormal, .heUniform, .heNormal, .leCunUniform, .leCunNormal,
      .zeros, .ones:
      break  // Written as a name above.
    }
  }
}
