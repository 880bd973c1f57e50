import Formulas

extension TextWriter {
  /// A table with its columns below their titles. Where it is too wide, the widest columns are
  /// narrowed and their cells go on in the next line.
  func table(_ table: DocumentTable, _ language: Language) -> [String] {
    guard !table.columns.isEmpty else { return [] }
    let count = table.columns.count
    let titles = table.columns.map { marked($0.title, language) }
    let rows = table.rows.map { row in
      (0..<count).map { $0 < row.count ? marked(row[$0], language) : "" }
    }
    let widths = narrowed(
      (0..<count).map { column in
        ([titles] + rows).map { displayWidth($0[column]) }.max() ?? 0
      })
    let alignments = table.columns.map(\.alignment)
    func lines(_ cells: [String], style: Style? = nil) -> [String] {
      let parts = zip(cells, widths).map { TextWrapping.lines($0, width: $1) }
      return (0..<(parts.map(\.count).max() ?? 0)).map { number in
        var line = zip(parts, zip(widths, alignments)).map { cell, column in
          (number < cell.count ? cell[number] : "").padded(to: column.0, column.1)
        }.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return style.map { styled(line, $0) } ?? line
      }
    }
    var result: [String] = []
    if let caption = table.caption {
      result = TextWrapping.lines(marked(caption, language), width: width)
    }
    if titles.contains(where: { !$0.isEmpty }) { result += lines(titles, style: .bold) }
    result.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "──"))
    // Rows of several lines would run into each other without space between them.
    let bodies = rows.map { lines($0) }
    let isLoose = bodies.contains { $0.count > 1 }
    for (number, body) in bodies.enumerated() {
      if isLoose, number > 0 { result.append("") }
      result += body
    }
    return result
  }

  private func narrowed(_ natural: [Int]) -> [Int] {
    var widths = natural.map { max(1, $0) }
    let room = width - 2 * (widths.count - 1)
    while widths.reduce(0, +) > room, let widest = widths.max(), widest > 6,
      let column = widths.firstIndex(of: widest)
    {
      widths[column] -= 1
    }
    return widths
  }
}
