/// The key under which a stored optimizer or schedule says of which kind it is.
private enum KindKey: String, CodingKey { case kind }

/// Reads a value of the kind that stands beside its settings.
///
/// - Parameters:
///   - noun: What is read, for the error.
///   - kinds: Every kind, with what reads and checks it.
/// - Throws: `DecodingError` where the kind is not known or a setting is missing or senseless.
func decodedByKind<Value>(
  _ decoder: any Decoder, noun: String,
  kinds: [(kind: String, read: (any Decoder) throws -> Value)]
) throws -> Value {
  let container = try decoder.container(keyedBy: KindKey.self)
  let kind = try container.decode(String.self, forKey: .kind)
  func refused(_ text: String) -> DecodingError {
    .dataCorruptedError(forKey: .kind, in: container, debugDescription: text)
  }
  guard let known = kinds.first(where: { $0.kind == kind }) else {
    throw refused(
      "found the \(noun) \"\(kind.prefix(40))\"; expected one of "
        + kinds.map(\.kind).joined(separator: ", "))
  }
  do {
    return try known.read(decoder)
  } catch let error as TrainingError {
    throw refused(error.description)
  }
}

extension Encodable {
  /// Writes the value's settings beside its kind.
  func encode(asKind kind: String, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: KindKey.self)
    try container.encode(kind, forKey: .kind)
    try encode(to: encoder)
  }
}
