import GraphIR

/// Reads the fields of a layer or loss from an architecture file.
///
/// Fields that are left out take their defaults. A field that there is not – `unitz` – is an error
/// that names the nearest one, so that a slip of the pen never goes unnoticed.
///
/// ```swift
/// init(from decoder: any Decoder) throws {
///   let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
///   units = try fields.value(.units)
///   hasBias = try fields.value(.hasBias, default: true)
/// }
/// ```
public struct Fields<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>
  private let location: String

  /// The fields at the decoder's place.
  ///
  /// - Throws: ``LayerError`` where there is a field that is neither a `Key` nor `kind`.
  public init(_ decoder: any Decoder, of kind: String) throws {
    location = decoder.location + kind
    let known = Key.allCases.map(\.stringValue)
    let found = try decoder.container(keyedBy: TextKey.self).allKeys.map(\.stringValue)
    for name in found.sorted() where name != "kind" && !known.contains(name) {
      throw LayerError(
        "\(location): there is no field \"\(name)\"; \(suggestion(for: name, in: known))")
    }
    container = try decoder.container(keyedBy: Key.self)
  }

  /// A field that must be there.
  ///
  /// - Throws: ``LayerError`` where it is missing or of another type.
  public func value<T: Decodable>(_ key: Key, as type: T.Type = T.self) throws -> T {
    guard let value = try value(ifPresent: key, as: type) else {
      throw LayerError("\(location): \(key.stringValue) is missing")
    }
    return value
  }

  /// A field, or its default where it is left out.
  ///
  /// - Throws: ``LayerError`` where it is of another type.
  public func value<T: Decodable>(_ key: Key, default: T) throws -> T {
    try value(ifPresent: key, as: T.self) ?? `default`
  }

  /// A field, or nil where it is left out or null.
  ///
  /// - Throws: ``LayerError`` where it is of another type.
  public func value<T: Decodable>(ifPresent key: Key, as type: T.Type = T.self) throws -> T? {
    do {
      return try container.decodeIfPresent(T.self, forKey: key)
    } catch let error as LayerError {
      throw error
    } catch {
      let found = (try? container.decode(FoundValue.self, forKey: key).text) ?? "something else"
      let reason = (error as? DecodingError)?.words ?? "\(error)"
      throw LayerError(
        "\(location): \(key.stringValue): found \(found), expected "
          + (expectation(of: T.self) ?? "another value (\(reason))"))
    }
  }
}

/// A key that may be any text.
struct TextKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The place in the file, to begin a message with: `layers[1]: `, or nothing at the top.
  var location: String {
    var text = ""
    for key in codingPath {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text.isEmpty ? "" : text + ": "
  }
}

extension DecodingError {
  /// What is wrong, without the layout of the error.
  fileprivate var words: String {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context.debugDescription
    @unknown default: "\(self)"
    }
  }
}
