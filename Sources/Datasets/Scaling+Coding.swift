/// In JSON, by name: `{"kind":"none"}`, `{"kind":"standard","mean":[…],"deviation":[…]}`,
/// `{"kind":"minMax","low":[…],"high":[…]}` or `{"kind":"divide","by":255}`.
extension Scaling: Codable {
  private enum Key: String, CodingKey {
    case kind, mean, deviation, low, high, by
  }

  private enum Name: String, CaseIterable {
    case none, standard, minMax, divide
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.name(Name.self, forKey: .kind) {
    case .none: self = .none
    case .standard:
      self = .standard(
        mean: try container.decode([Double].self, forKey: .mean),
        deviation: try container.decode([Double].self, forKey: .deviation))
    case .minMax:
      self = .minMax(
        low: try container.decode([Double].self, forKey: .low),
        high: try container.decode([Double].self, forKey: .high))
    case .divide: self = .divide(by: try container.decode(Double.self, forKey: .by))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    func name(_ name: Name) throws { try container.encode(name.rawValue, forKey: .kind) }
    switch self {
    case .none: try name(.none)
    case .standard(let mean, let deviation):
      try name(.standard)
      try container.encode(mean, forKey: .mean)
      try container.encode(deviation, forKey: .deviation)
    case .minMax(let low, let high):
      try name(.minMax)
      try container.encode(low, forKey: .low)
      try container.encode(high, forKey: .high)
    case .divide(let divisor):
      try name(.divide)
      try container.encode(divisor, forKey: .by)
    }
  }
}

/// In JSON, by name: `{"kind":"none"}`, `{"kind":"standard"}`, `{"kind":"minMax"}` or
/// `{"kind":"divide","by":255}`.
extension Scaling.Kind: Codable {
  private enum Key: String, CodingKey {
    case kind, by
  }

  private enum Name: String, CaseIterable {
    case none, standard, minMax, divide
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self =
      switch try container.name(Name.self, forKey: .kind) {
      case .none: .none
      case .standard: .standard
      case .minMax: .minMax
      case .divide: .divide(by: try container.decode(Double.self, forKey: .by))
      }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    let name: Name =
      switch self {
      case .none: .none
      case .standard: .standard
      case .minMax: .minMax
      case .divide: .divide
      }
    try container.encode(name.rawValue, forKey: .kind)
    if case .divide(let divisor) = self { try container.encode(divisor, forKey: .by) }
  }
}

extension KeyedDecodingContainer {
  /// One of the names that a field may hold.
  ///
  /// - Throws: `DecodingError` that tells the text found and the names expected.
  func name<Name: RawRepresentable<String> & CaseIterable>(
    _ type: Name.Type, forKey key: Key
  ) throws -> Name {
    let text = try decode(String.self, forKey: key)
    if let name = Name(rawValue: text) { return name }
    let names = Name.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self, debugDescription: "found \(quoted(text)), expected one of \(names)")
  }
}
