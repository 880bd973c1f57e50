import Foundation

/// A JSON value whose members keep their order.
enum JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case string(String)
  /// Written as null where it is not finite, which JSON cannot say.
  case number(Double)
  case integer(Int)
  case bool(Bool)
  case null
  case array([JSON])
  case object([(String, JSON)])
  /// JSON text.
  case raw(String)

  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .integer(value) }

  /// A number, or null.
  static func number(_ value: Double?) -> JSON { value.map { JSON.number($0) } ?? .null }
  /// A string, or null.
  static func string(_ value: String?) -> JSON { value.map { JSON.string($0) } ?? .null }
  /// A whole number, or null.
  static func integer(_ value: Int?) -> JSON { value.map { JSON.integer($0) } ?? .null }
  /// Strings.
  static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }

  /// What a value encodes itself to.
  static func encoded(_ value: some Encodable) throws -> JSON {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // JSON has no numbers that are not finite.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    return .raw(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// The value on one line.
  var text: String {
    switch self {
    case .string(let text): Self.quoted(text)
    case .number(let value): value.isFinite ? exact(value) : "null"
    case .integer(let value): String(value)
    case .bool(let value): value ? "true" : "false"
    case .null: "null"
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)):\($1.text)" }.joined(separator: ",") + "}"
    case .raw(let text): text
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
