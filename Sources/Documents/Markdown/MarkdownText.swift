import Formulas

/// Text and formulas within a line of Markdown.
enum MarkdownText {
  /// A paragraph: one line that is nothing but text, whatever it begins with.
  static func paragraph(_ text: RichText, _ language: Language) -> String {
    let line = inline(text, language)
    guard let first = line.first else { return line }
    if "#+-=".contains(first) { return "\\" + line }
    // "1." at the start would make a list.
    let number = line.prefix(while: { $0.isASCII && $0.isNumber })
    let rest = line.dropFirst(number.count)
    if !number.isEmpty, let mark = rest.first, mark == "." || mark == ")" {
      return number + "\\" + rest
    }
    return line
  }

  /// A line; in a cell of a table, code has its vertical bars escaped.
  static func inline(_ text: RichText, _ language: Language, isCell: Bool = false) -> String {
    let hasFormula = text.parts.contains { if case .formula = $0 { true } else { false } }
    var result = ""
    var followsFormula = false
    for part in text.parts {
      var piece: String
      switch part {
      case .text(let text): piece = escaped(text, besideFormulas: hasFormula)
      case .strong(let text):
        piece = text.isEmpty ? "" : "**\(escaped(text, besideFormulas: hasFormula))**"
      case .code(let text):
        piece = isCell ? code(text).replacingAll("|", with: "\\|") : code(text)
      case .formula(let formula):
        if let last = result.last, !isOutside(last, "(-—") { result += " " }
        piece = "$\(math(formula, language))$"
      }
      guard let first = piece.first else { continue }
      if followsFormula, result.last != " ", !isOutside(first, ".,;:!?)") { piece = " " + piece }
      followsFormula = if case .formula = part { true } else { false }
      result += piece
    }
    return result
  }

  /// Whether a dollar sign next to the character is read as a formula's end.
  private static func isOutside(_ character: Character, _ marks: String) -> Bool {
    character == " " || marks.contains(character)
  }

  /// The formula in the part of LaTeX that survives GitHub's reading.
  static func math(_ formula: Formula, _ language: Language) -> String {
    safe(formula.latex(in: language))
  }

  static func safe(_ latex: String) -> String {
    latex.replacingAll("\\operatorname{", with: "\\mathrm{").replacingAll(" \\\\ ", with: " \\cr ")
      .replacingAll("<", with: "\\lt ").replacingAll(">", with: "\\gt ")
  }

  /// Text without any sign that Markdown gives a meaning.
  static func escaped(_ text: String, besideFormulas: Bool = false) -> String {
    var result = ""
    for character in text.onOneLine {
      switch character {
      // A dollar sign that a backslash protects would still end a formula on GitHub.
      case "$" where besideFormulas: result += "<span>$</span>"
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "$", "&", "#":
        result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }

  /// Code between more backticks than it has in a row.
  static func code(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    var longest = 0
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let space = text.first == "`" || text.last == "`" ? " " : ""
    return fence + space + text.onOneLine + space + fence
  }
}
