import Formulas

/// Writes documents as Unicode text for terminals.
///
/// Chains of equations are aligned at their signs, and a formula that is too long goes on in the
/// next line, before a sign. Widths are in columns, of which a Chinese character takes two.
public struct TextWriter: Sendable {
  public var width: Int
  public var usesColor: Bool

  /// - Parameters:
  ///   - width: The columns of a line, at least 20.
  ///   - usesColor: Whether headings, results and remarks have colors, as ANSI sequences.
  public init(width: Int = 80, usesColor: Bool = false) {
    self.width = max(20, width)
    self.usesColor = usesColor
  }

  public func write(_ document: Document) -> String {
    let title = document.title.onOneLine
    var blocks: [[String]] = []
    if !title.isEmpty { blocks.append(heading(title, ruledBy: "═")) }
    blocks += document.blocks.map { lines($0, document.language) }
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
  }

  private func lines(_ block: Block, _ language: Language) -> [String] {
    switch block {
    case .heading(let level, let text):
      let plain = text.plain(in: language)
      return level <= 1 ? heading(plain, ruledBy: "─") : wrapped(plain, after: "── ", .bold)
    case .paragraph(let text): return wrapped(marked(text, language))
    case .equations(let formulas): return equations(formulas, language)
    case .list(let items): return items.flatMap { wrapped(marked($0, language), after: "• ") }
    case .table(let table): return self.table(table, language)
    case .picture(let picture):
      let caption = wrapped(marked(picture.caption, language))
      let rows = picture.text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
      return rows.map(String.init).trimmingEmpty + caption
    case .remark(let tone, let text):
      return wrapped(marked(text, language), after: tone.mark + " ", tone.style)
    }
  }

  private func heading(_ text: String, ruledBy rule: Character) -> [String] {
    let lines = TextWrapping.lines(text, width: width)
    let length = lines.map(displayWidth).max() ?? 0
    return lines.map { styled($0, .bold) } + [String(repeating: rule, count: length)]
  }

  /// A paragraph, with a mark before its first line and spaces before the others.
  private func wrapped(_ text: String, after mark: String = "", _ style: Style? = nil) -> [String] {
    let indent = displayWidth(mark)
    return TextWrapping.lines(text, width: width - indent).enumerated().map { number, line in
      let start = number == 0 ? mark : String(repeating: " ", count: indent)
      return style.map { styled(start + line, $0) } ?? start + line
    }
  }

  /// The text on one line. Spaces of a short formula are unbreakable until the lines are broken.
  func marked(_ text: RichText, _ language: Language) -> String {
    var result = ""
    var isApart = false
    for part in text.parts {
      var piece: String
      var isForeign = false
      switch part {
      case .text(let text): piece = text.onOneLine
      case .strong(let text): piece = styled(text.onOneLine, .bold)
      case .code(let text):
        piece = text.onOneLine
        isForeign = true
      case .formula(let formula):
        piece = formula.text(in: language)
        isForeign = true
        if displayWidth(piece) <= width / 2 {
          piece = String(piece.map { $0 == " " ? TextWrapping.hardSpace : $0 })
        }
      }
      // Chinese text keeps a space from formulas, but its punctuation has that space in itself.
      let neighbor = isForeign ? result.last : isApart ? piece.first : nil
      if let neighbor, neighbor.isWide, neighbor.isLetter { result += " " }
      result += piece
      isApart = isForeign
    }
    return result
  }
}

extension TextWriter {
  /// Colors as ANSI sequences name them.
  enum Style: String {
    case bold = "1"
    case result = "1;36"
    case green = "32"
    case red = "31"
    case yellow = "33"
    case faint = "2"
  }

  func styled(_ text: String, _ style: Style) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension Block.Tone {
  /// The sign before a remark.
  var mark: String {
    switch self {
    case .neutral: "·"
    case .good: "✓"
    case .bad: "✗"
    case .doubtful: "?"
    }
  }

  fileprivate var style: TextWriter.Style? {
    switch self {
    case .neutral: nil
    case .good: .green
    case .bad: .red
    case .doubtful: .yellow
    }
  }
}

extension [String] {
  /// Without empty lines at the start and the end.
  fileprivate var trimmingEmpty: [String] {
    let isEmpty = { (line: String) in line.allSatisfy(\.isWhitespace) }
    let start = drop(while: isEmpty)
    guard let end = start.lastIndex(where: { !isEmpty($0) }) else { return [] }
    return Array(start[...end])
  }
}
