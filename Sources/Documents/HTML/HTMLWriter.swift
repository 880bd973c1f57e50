import Formulas
import Foundation

/// Writes documents as one HTML file each, with MathML, inline SVG and no script.
///
/// The body is well-formed XML. The page follows the reader's light or dark scheme, prints, and is
/// readable on a phone: long formulas break between their terms, and what cannot be broken scrolls
/// in its own box.
public struct HTMLWriter: Sendable {
  public init() {}

  public func write(_ document: Document) -> String {
    let language = document.language
    let title = XML.escaped(document.title.onOneLine)
    var level = 1
    let blocks = document.blocks.map { block in
      guard case .heading(let wanted, let text) = block else { return write(block, language) }
      // Headings go down one level at a time, so that readers by ear miss none.
      level = min(max(2, wanted + 1), level + 1, 6)
      return "<h\(level)>\(HTMLText.inline(text, language))</h\(level)>"
    }
    return """
      <!doctype html>
      <html lang="\(language == .chinese ? "zh-Hans" : "en")">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(title)</title>
      <style>
      \(HTMLStyle.text)</style>
      </head>
      <body>
      <main>
      \(title.isEmpty ? "" : "<h1>\(title)</h1>\n")\(blocks.filter { !$0.isEmpty }
        .joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  private func write(_ block: Block, _ language: Language) -> String {
    switch block {
    case .heading: return ""
    case .paragraph(let text): return "<p>\(HTMLText.inline(text, language))</p>"
    case .equations(let formulas): return HTMLEquations.write(formulas, language)
    case .list(let items):
      guard !items.isEmpty else { return "" }
      let lines = items.map { "<li>\(HTMLText.inline($0, language))</li>" }
      return "<ul>\n\(lines.joined(separator: "\n"))\n</ul>"
    case .table(let table): return self.table(table, language)
    case .picture(let picture):
      return "<figure>\n<div class=\"scroll picture\">\(picture.svg)</div>\n"
        + "<figcaption>\(HTMLText.inline(picture.caption, language))</figcaption>\n</figure>"
    case .remark(let tone, let text):
      return "<div class=\"remark \(tone.name)\" role=\"note\"><span class=\"mark\">\(tone.mark)"
        + "</span><p>\(HTMLText.inline(text, language))</p></div>"
    }
  }

  private func table(_ table: DocumentTable, _ language: Language) -> String {
    guard !table.columns.isEmpty else { return "" }
    let classes = table.columns.map { column in
      switch column.alignment {
      case .leading: ""
      case .trailing: " class=\"n\""
      case .center: " class=\"c\""
      }
    }
    let titles = zip(table.columns, classes).map { column, name in
      "<th scope=\"col\"\(name)>\(HTMLText.inline(column.title, language))</th>"
    }
    let rows = table.rows.map { row in
      let cells = classes.indices.map { column in
        let text = column < row.count ? HTMLText.inline(row[column], language) : ""
        return column == 0
          ? "<th scope=\"row\"\(classes[column])>\(text)</th>"
          : "<td\(classes[column])>\(text)</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let caption = table.caption.map { "<caption>\(HTMLText.inline($0, language))</caption>\n" }
    let name =
      table.caption.map { XML.escaped($0.plain(in: language)) }
      ?? Phrase("Table", "表格")[language]
    return """
      <div class="scroll" role="region" aria-label="\(name)" tabindex="0">
      <table>
      \(caption ?? "")<thead><tr>\(titles.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      """
  }
}

extension Block.Tone {
  fileprivate var name: String {
    switch self {
    case .neutral: "neutral"
    case .good: "good"
    case .bad: "bad"
    case .doubtful: "doubtful"
    }
  }
}

/// Text and formulas within a line of HTML.
enum HTMLText {
  static func inline(_ text: RichText, _ language: Language) -> String {
    var (result, lastFormula) = ("", "")
    for part in text.parts {
      var written: String
      switch part {
      case .text(let text):
        // No line begins with the mark that ends a formula's sentence.
        let marks = text.prefix { ",.;:!?)，。；：！？）、".contains($0) }
        if !lastFormula.isEmpty, !marks.isEmpty {
          result.removeLast(lastFormula.count)
          result += "<span class=\"whole\">\(lastFormula)\(XML.escaped(String(marks)))</span>"
          written = XML.escaped(String(text.dropFirst(marks.count)))
        } else {
          written = XML.escaped(text)
        }
      case .strong(let text): written = "<strong>\(XML.escaped(text))</strong>"
      case .code(let text): written = "<code>\(XML.escaped(text))</code>"
      case .formula(let formula): written = math(formula, language)
      }
      result += written
      // Of a formula in several pieces the last one stays with the mark.
      lastFormula = ""
      if case .formula = part {
        lastFormula = written.components(separatedBy: "<wbr/>").last ?? written
      }
    }
    return result
  }

  /// A formula as one `<math>` or, where it is long, as several in a row.
  static func math(_ formula: Formula, _ language: Language, isDisplay: Bool = false) -> String {
    let style = isDisplay ? " displaystyle=\"true\"" : ""
    // Wider than a page, and a printed one cannot scroll.
    return MathMLPieces.pieces(formula.unfolded(widerThan: 30).mathMLContent(in: language))
      .map { "<math\(style) xmlns=\"http://www.w3.org/1998/Math/MathML\">\($0)</math>" }
      .joined(separator: "<wbr/>")
  }
}

/// Chains of equations as a grid: what is on the left, the signs, and what is on the right.
enum HTMLEquations {
  static func write(_ formulas: [Formula], _ language: Language) -> String {
    guard let chain = Chain(formulas) else { return "" }
    let lead = HTMLText.math(chain.lead, language, isDisplay: true)
    guard !chain.steps.isEmpty else {
      return "<div class=\"chain alone\"><div class=\"side\">\(lead)</div></div>"
    }
    var cells = ["<div class=\"lead\">\(lead)</div>"]
    for (number, step) in chain.steps.enumerated() {
      let isResult = number > 0 && number == chain.steps.count - 1
      let name = isResult ? "side result" : "side"
      let sign = XML.escaped(step.relation.rawValue)
      cells.append(
        "<div class=\"sign\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mo>\(sign)</mo>"
          + "</math></div>"
          + "<div class=\"\(name)\">\(HTMLText.math(step.side, language, isDisplay: true))</div>")
    }
    let width = MathMLNode.read(chain.lead.mathMLContent(in: language)).reduce(0) { $0 + $1.width }
    let name = width > 12 ? "chain long" : width > 4 ? "chain medium" : "chain"
    return "<div class=\"\(name)\">\n\(cells.joined(separator: "\n"))\n</div>"
  }
}
