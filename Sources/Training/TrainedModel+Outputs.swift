/// The form of a model's file: `{"classes": ["setosa", "versicolor"]}` or `{"values": ["y"]}`.
extension TrainedModel.Outputs: Codable {
  private enum CodingKeys: String, CodingKey { case classes, values }

  /// Reads the names.
  ///
  /// - Throws: `DecodingError` unless there are either classes or values.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let classes = try container.decodeIfPresent([String].self, forKey: .classes)
    let values = try container.decodeIfPresent([String].self, forKey: .values)
    switch (classes, values) {
    case (let names?, nil): self = .classes(names)
    case (nil, let names?): self = .values(names)
    default:
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "found \(classes == nil ? "neither" : "both"), "
            + "expected either \"classes\" or \"values\""))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .classes(let names): try container.encode(names, forKey: .classes)
    case .values(let names): try container.encode(names, forKey: .values)
    }
  }
}
