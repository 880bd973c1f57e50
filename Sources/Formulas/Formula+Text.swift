extension Formula {
  /// The formula on one line of Unicode text, such as `1 / (1 + e⁻ˣ)`.
  ///
  /// An exponent is raised where every character of it has a raised form, else it follows `^`
  /// in parentheses.
  public var text: String { layout(.linear).text }
}

extension Layout {
  var text: String {
    switch self {
    case .row(let parts): return parts.map(\.text).joined()
    case .number(let text), .name(let text), .function(let text), .tight(let text): return text
    case .infix(let sign): return " \(sign) "
    case .comma: return ", "
    case .application: return ""
    case .juxtaposition: return " "
    case .fenced(let open, let inside, let close): return open + inside.text + close
    case .fraction(let a, let b): return "\(a.text) / \(b.text)"
    case .radical(let inside): return "√" + inside.text
    case .scripts(let base, let lower, let upper):
      return base.text + Layout.lowered(lower) + Layout.raised(upper)
    case .limits(let sign, let lower, let upper):
      return sign.rawValue + Layout.lowered(lower) + Layout.raised(upper) + " "
    case .table(let rows):
      let lines = rows.map { row in
        row.value.text + (row.condition.map { " if " + $0.text } ?? " otherwise")
      }
      return "{ " + lines.joined(separator: "; ") + " }"
    case .matrix(let rows):
      let lines = rows.map { $0.map(\.text).joined(separator: ", ") }
      return "[" + lines.joined(separator: "; ") + "]"
    }
  }

  private static func raised(_ layout: Layout?) -> String {
    guard let layout else { return "" }
    return ScriptCharacters.raised(layout.text) ?? "^(\(layout.text))"
  }

  private static func lowered(_ layout: Layout?) -> String {
    guard let layout else { return "" }
    let text = layout.text
    if let lowered = ScriptCharacters.lowered(text) { return lowered }
    let isWord = text.allSatisfy { $0.isLetter || $0.isNumber || "_,.[]".contains($0) }
    return isWord ? "_" + text : "_(\(text))"
  }
}
