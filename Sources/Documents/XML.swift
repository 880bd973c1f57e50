/// Text in HTML and SVG.
enum XML {
  /// Text that is safe between tags and between double quotes. Characters that XML does not allow
  /// become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar.value < 0x20 ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }
}

extension RichText {
  /// The text on one line without any mark-up, for alternative texts and titles.
  public func plain(in language: Language) -> String {
    parts.map { part in
      switch part {
      case .text(let text), .strong(let text), .code(let text): return text
      case .formula(let formula): return formula.text(in: language)
      }
    }.joined().onOneLine
  }
}

extension String {
  /// The text with a space for every line break.
  var onOneLine: String {
    contains(where: \.isNewline) ? String(map { $0.isNewline ? " " : $0 }) : self
  }
}
