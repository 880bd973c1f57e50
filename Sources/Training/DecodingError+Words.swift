import Foundation

extension Error {
  /// What went wrong, with the place in the JSON where decoding failed.
  var words: String { (self as? DecodingError)?.words ?? "\(self)" }
}

extension DecodingError {
  /// What went wrong and where: `layers[1].units: expected a number`.
  package var words: String {
    func text(_ context: Context, _ key: (any CodingKey)? = nil) -> String {
      var place = ""
      for key in context.codingPath {
        place +=
          key.intValue.map { "[\($0)]" } ?? (place.isEmpty ? "" : ".") + key.stringValue
      }
      let cause = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey]
      return (place.isEmpty ? "" : "\(place): ") + context.debugDescription
        + (cause.map { " \($0)" } ?? "") + (key.map { " (\($0.stringValue))" } ?? "")
    }
    return switch self {
    case .typeMismatch(_, let context), .dataCorrupted(let context): text(context)
    case .valueNotFound(_, let context): text(context)
    case .keyNotFound(let key, let context): text(context, key)
    @unknown default: "damaged JSON"
    }
  }
}
