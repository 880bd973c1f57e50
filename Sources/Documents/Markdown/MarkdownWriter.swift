import Formulas
import Foundation

/// Writes documents as CommonMark with tables and with formulas between dollar signs, as GitHub,
/// GitLab, Jupyter, Pandoc and others show them.
///
/// GitHub reads backslashes and underscores before it reads formulas, so every `\\` ends a line,
/// every `$` has a space or punctuation outside of it, and no command is used that it forbids.
public struct MarkdownWriter: Sendable {
  public init() {}

  public func write(_ document: Document) -> String {
    let language = document.language
    var blocks: [String] = []
    if !document.title.isEmpty { blocks.append("# " + MarkdownText.escaped(document.title)) }
    blocks += document.blocks.map { write($0, language) }
    return blocks.filter { !$0.isEmpty }.map { $0 + "\n" }.joined(separator: "\n")
  }

  private func write(_ block: Block, _ language: Language) -> String {
    switch block {
    case .heading(let level, let text):
      return String(repeating: "#", count: min(6, max(1, level) + 1)) + " "
        + MarkdownText.inline(text, language)
    case .paragraph(let text): return MarkdownText.paragraph(text, language)
    case .equations(let formulas): return equations(formulas, language)
    case .list(let items):
      return items.map { "- " + MarkdownText.paragraph($0, language) }.joined(separator: "\n")
    case .table(let table): return self.table(table, language)
    case .picture(let picture):
      let data = Data(picture.svg.utf8).base64EncodedString()
      let caption = MarkdownText.escaped(picture.caption.plain(in: language))
      return "![\(caption)](data:image/svg+xml;base64,\(data))\n\n"
        + MarkdownText.paragraph(picture.caption, language)
    case .remark(let tone, let text):
      let mark = tone == .neutral ? "" : "**\(tone.mark)** "
      return "> " + mark + MarkdownText.paragraph(text, language)
    }
  }

  private func equations(_ formulas: [Formula], _ language: Language) -> String {
    guard let chain = Chain(formulas) else { return "" }
    let lead = MarkdownText.math(chain.lead, language)
    guard !chain.steps.isEmpty else { return "$$\n\(lead)\n$$" }
    let sides = chain.steps.map { step in
      MarkdownText.safe(step.relation.latex) + " " + MarkdownText.math(step.side, language)
    }
    if sides.count == 1 { return "$$\n\(lead) \(sides[0])\n$$" }
    let lines = sides.enumerated().map { ($0 == 0 ? lead + " &" : "&") + $1 }
    return "$$\n\\begin{aligned}\n" + lines.joined(separator: " \\\\\n") + "\n\\end{aligned}\n$$"
  }

  private func table(_ table: DocumentTable, _ language: Language) -> String {
    guard !table.columns.isEmpty else { return "" }
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let marks = table.columns.map { column in
      switch column.alignment {
      case .leading: ":---"
      case .trailing: "---:"
      case .center: ":---:"
      }
    }
    var lines = [
      row(table.columns.map { MarkdownText.inline($0.title, language, isCell: true) }), row(marks),
    ]
    for cells in table.rows {
      lines.append(
        row(
          table.columns.indices.map {
            $0 < cells.count ? MarkdownText.inline(cells[$0], language, isCell: true) : ""
          }))
    }
    let caption = table.caption.map { MarkdownText.paragraph($0, language) + "\n\n" } ?? ""
    return caption + lines.joined(separator: "\n")
  }
}
