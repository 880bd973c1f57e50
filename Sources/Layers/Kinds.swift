import GraphIR

extension CodingUserInfoKey {
  /// Further layers, of type `[any Layer.Type]`, that a decoder may meet in an architecture file.
  public static let layerTypes = CodingUserInfoKey(text: "layerTypes")
  /// Further losses, of type `[any Loss.Type]`, that a decoder may meet.
  public static let lossTypes = CodingUserInfoKey(text: "lossTypes")

  private init(text: String) {
    // Only optional because `RawRepresentable` asks for it: every text is a key.
    self = CodingUserInfoKey(rawValue: text)!
  }
}

/// The type that the `kind` at a decoder's place stands for.
///
/// - Throws: ``LayerError`` where there is no `kind`, or an unknown one.
func decodedKind<T>(
  from decoder: any Decoder, noun: String, in types: [(kind: String, type: T)]
) throws -> T {
  let names = types.map(\.kind)
  let container = try? decoder.container(keyedBy: TextKey.self)
  guard let kind = try? container?.decode(String.self, forKey: TextKey(stringValue: "kind")) else {
    throw LayerError(
      "\(decoder.location)a \(noun) has no kind; expected \"kind\": one of "
        + names.joined(separator: ", "))
  }
  guard let match = types.first(where: { $0.kind == kind }) else {
    throw LayerError(
      "\(decoder.location)there is no \(noun) of kind \"\(kind)\"; "
        + suggestion(for: kind, in: names))
  }
  return match.type
}

extension Encoder {
  /// Writes the kind beside the fields that follow.
  func write(kind: String) throws {
    var container = container(keyedBy: TextKey.self)
    try container.encode(kind, forKey: TextKey(stringValue: "kind"))
  }
}
