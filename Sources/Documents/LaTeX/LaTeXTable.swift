import Foundation

/// Tables that go on over pages and stay within their margins.
enum LaTeXTable {
  /// The room of a table in em, in type of 11 pt.
  private static let room = 41.0
  /// The space between columns in em.
  private static let gap = 1.2
  /// The most rows of a table that stays on one page.
  private static let longest = 24
  private static let sizes: [(command: String, scale: Double)] = [
    ("", 1), ("\\small", 0.91), ("\\footnotesize", 0.82),
  ]

  static func write(_ table: DocumentTable, _ language: Language) -> String {
    guard !table.columns.isEmpty else { return "" }
    let count = table.columns.count
    let rows = table.rows.map { row in
      (0..<count).map { $0 < row.count ? row[$0] : RichText("") }
    }
    let cells = (0..<count).map { column in
      [table.columns[column].title] + rows.map { $0[column] }
    }
    let natural = cells.map { $0.map { width($0, language) }.max() ?? 0 }
    // The largest type in which the columns fit, else the smallest and columns that break.
    let needed = natural.reduce(0, +) + gap * Double(count)
    let size = sizes.first { needed * $0.scale <= room } ?? sizes[sizes.count - 1]
    let columns = zip(natural, cells).map {
      Column(width: $0 * size.scale, breaks: $1.contains(where: hasSpaces))
    }
    let widths = limited(columns, to: room - gap * Double(count))
    let isTooWide = widths.reduce(0, +) + gap * Double(count) > room
    let isLong = rows.count > longest
    let letters = zip(table.columns, zip(columns, widths)).map { title, column in
      letter(
        title.alignment, width: column.1, breaks: column.1 < column.0.width - 0.01,
        isFixed: isLong && !isTooWide)
    }.joined()
    func line(_ cells: [RichText]) -> String {
      // A bracket at the start of a row would be read as an option of the row before.
      cells.map { "{}" + LaTeXText.inline($0, language) }.joined(separator: " & ") + " \\\\"
    }
    let head = "\\toprule\n\(line(table.columns.map(\.title)))\n\\midrule"
    let lines = rows.map(line)
    func tabular(_ lines: some Sequence<String>) -> String {
      "\\begin{tabular}{@{}\(letters)@{}}\n\(head)\n\(lines.joined(separator: "\n"))\n"
        + "\\bottomrule\n\\end{tabular}"
    }
    let body: String
    if isTooWide {
      // What cannot break shrinks, in parts that fit on a page each.
      let starts = stride(from: 0, to: max(1, lines.count), by: longest)
      body = starts.map { start in
        LaTeXText.fitted(tabular(lines[start..<min(start + longest, lines.count)]))
      }.joined(separator: "\\par\\medskip\n")
    } else if isLong {
      body =
        "\\begin{longtable}[l]{@{}\(letters)@{}}\n\(head)\n\\endhead\n\\bottomrule\n\\endlastfoot\n"
        + lines.joined(separator: "\n") + "\n\\end{longtable}"
    } else {
      body = tabular(lines)
    }
    let isTall = lines.contains { $0.contains("\\frac") }
    let stretch = "\\renewcommand{\\arraystretch}{\(isTall ? 1.6 : 1.1)}"
    let caption = table.caption.map {
      "\\emph{\(LaTeXText.inline($0, language))}\\par\\nopagebreak\n"
    }
    return "\(caption ?? "")\\begingroup\(size.command)\\setlength{\\tabcolsep}{0.6em}"
      + "\(stretch)%\n" + body + "\\par\\endgroup\\medskip"
  }

  private struct Column {
    var width: Double
    /// Whether its cells can go on in a further line.
    var breaks: Bool
  }

  private static func hasSpaces(_ cell: RichText) -> Bool {
    cell.parts.contains { part in
      switch part {
      case .text(let text), .strong(let text): text.contains { $0 == " " || $0.isWide }
      case .code: true
      case .formula: false
      }
    }
  }

  private static func letter(
    _ alignment: DocumentTable.Alignment, width: Double, breaks: Bool, isFixed: Bool
  ) -> String {
    let (letter, side) =
      switch alignment {
      case .leading: ("l", "\\raggedright")
      case .trailing: ("r", "\\raggedleft")
      case .center: ("c", "\\centering")
      }
    // In points, since an em depends on the type's size.
    let points = String(format: "%.1f", width * 10.95)
    if breaks { return ">{\(side)\\arraybackslash}p{\(points)pt}" }
    // A long table sets its columns only in a second run, unless their widths are given.
    return isFixed ? "w{\(letter)}{\(points)pt}" : letter
  }

  /// The columns' widths, of which those that can break are cut until all fit.
  private static func limited(_ columns: [Column], to room: Double) -> [Double] {
    var result = columns.map(\.width)
    guard result.reduce(0, +) > room else { return result }
    let breaking = columns.indices.filter { columns[$0].breaks }
      .sorted { columns[$0].width < columns[$1].width }
    var left = room - columns.filter { !$0.breaks }.reduce(0) { $0 + $1.width }
    // Narrow columns keep their width, and the others share what is left.
    for (number, column) in breaking.enumerated() {
      let share = max(6, left / Double(breaking.count - number))
      result[column] = min(columns[column].width, share)
      left -= result[column]
    }
    return result
  }

  private static func width(_ text: RichText, _ language: Language) -> Double {
    text.parts.reduce(0) { total, part in
      switch part {
      case .text(let text): return total + 0.5 * Double(displayWidth(text))
      case .strong(let text): return total + 0.57 * Double(displayWidth(text))
      case .code(let text): return total + 0.53 * Double(displayWidth(text))
      case .formula(let formula):
        return total + 0.95 * LaTeXMeasure.width(formula.latex(in: language))
      }
    }
  }
}
