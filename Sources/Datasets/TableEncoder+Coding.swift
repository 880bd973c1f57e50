/// In JSON, by name: `{"kind":"number","mean":2.5,"missing":0}` or
/// `{"kind":"categories","names":["blue","red"]}`.
extension TableEncoder.Kind: Codable {
  private enum Key: String, CodingKey {
    case kind, mean, missing, names
  }

  private enum Name: String, CaseIterable {
    case number, categories
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self =
      switch try container.name(Name.self, forKey: .kind) {
      case .number:
        .number(
          mean: try container.decode(Double.self, forKey: .mean),
          missing: try container.decode(Int.self, forKey: .missing))
      case .categories: .categories(try container.decode([String].self, forKey: .names))
      }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .number(let mean, let missing):
      try container.encode(Name.number.rawValue, forKey: .kind)
      try container.encode(mean, forKey: .mean)
      try container.encode(missing, forKey: .missing)
    case .categories(let names):
      try container.encode(Name.categories.rawValue, forKey: .kind)
      try container.encode(names, forKey: .names)
    }
  }
}

/// In JSON, by name: `{"kind":"classes","names":["a","b"],"areNumbers":false}` or
/// `{"kind":"values"}`.
extension TableEncoder.TargetKind: Codable {
  private enum Key: String, CodingKey {
    case kind, names, areNumbers
  }

  private enum Name: String, CaseIterable {
    case classes, values
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self =
      switch try container.name(Name.self, forKey: .kind) {
      case .classes:
        .classes(
          try container.decode([String].self, forKey: .names),
          areNumbers: try container.decode(Bool.self, forKey: .areNumbers))
      case .values: .values
      }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .classes(let names, let areNumbers):
      try container.encode(Name.classes.rawValue, forKey: .kind)
      try container.encode(names, forKey: .names)
      try container.encode(areNumbers, forKey: .areNumbers)
    case .values: try container.encode(Name.values.rawValue, forKey: .kind)
    }
  }
}
