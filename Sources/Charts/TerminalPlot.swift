/// Lines drawn with braille dots for a terminal, with axes on two sides; each line's name stands
/// at its right end.
///
/// Values that are not finite, or on a logarithmic axis not above zero, leave gaps.
public struct TerminalPlot: Hashable, Sendable {
  public var title: String
  public var xLabel: String
  public var series: [Series]
  public var logarithmicY: Bool
  /// Characters in a row, all labels included; at least 24.
  public var width: Int
  /// Rows of the plot itself, without title and axis; at least 2.
  public var height: Int
  /// Whether to color the lines with ANSI escape sequences.
  public var colored: Bool

  public init(
    title: String = "", xLabel: String = "", series: [Series], logarithmicY: Bool = false,
    width: Int = 72, height: Int = 14, colored: Bool = false
  ) {
    self.title = title
    self.xLabel = xLabel
    self.series = series
    self.logarithmicY = logarithmicY
    self.width = max(24, width)
    self.height = max(2, height)
    self.colored = colored
  }

  /// The plot, each row ending in a line break and without trailing spaces.
  public var text: String {
    let drawable = series.lazy.flatMap(\.points).filter(isDrawable)
    guard var x = Scale(drawable.map(\.x)),
      var y = Scale(drawable.map(\.y), isLogarithmic: logarithmicY, isRounded: true)
    else { return (title.isEmpty ? "" : title + "\n") + "no finite values\n" }
    let yTicks = y.ticks(count: min(5, height / 2))
    let left = (yTicks.labels.map(\.count).max() ?? 0) + 1
    let longest = series.map { min($0.name.count, width / 4) }.max() ?? 0
    let right = longest == 0 ? 0 : longest + 1
    let columns = max(8, width - left - 1 - right)
    (x.start, x.end) = (0, Double(columns * 2 - 1))
    (y.start, y.end) = (Double(height * 4 - 1), 0)

    var canvas = BrailleCanvas(columns: columns, rows: height)
    var names: [Int: Int] = [:]
    for (index, line) in series.enumerated() {
      guard let last = draw(line, index, x, y, on: &canvas), !line.name.isEmpty else { continue }
      // The nearest row that no other name has taken.
      let rows = (0..<height).sorted { (abs($0 - last), $0) < (abs($1 - last), $1) }
      if let row = rows.first(where: { names[$0] == nil }) { names[row] = index }
    }
    var ticks: [Int: String] = [:]
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      if let position = y.position(value) { ticks[Int(position.rounded()) / 4] = label }
    }
    var result = title.isEmpty ? "" : title + "\n"
    for row in 0..<height {
      let label = ticks[row] ?? ""
      let pad = String(repeating: " ", count: left - 1 - label.count)
      let name = names[row].map { paint(String(series[$0].name.prefix(longest)), $0) } ?? ""
      let line = pad + label + (label.isEmpty ? " │" : " ┤") + cells(canvas, row)
      result += TerminalPlot.trimmed(name.isEmpty ? line : line + " " + name) + "\n"
    }
    return result + axis(x, left: left, columns: columns)
  }

  private func isDrawable(_ point: Point) -> Bool {
    point.isDrawable && (!logarithmicY || point.y > 1e-300)
  }

  /// Draws a line and returns the text row of its last point.
  private func draw(
    _ line: Series, _ index: Int, _ x: Scale, _ y: Scale, on canvas: inout BrailleCanvas
  ) -> Int? {
    var previous: (x: Int, y: Int)?
    var lastRow: Int?
    for point in line.points {
      guard isDrawable(point), let px = x.position(point.x), let py = y.position(point.y) else {
        previous = nil
        continue
      }
      let dot = (x: Int(px.rounded()), y: Int(py.rounded()))
      canvas.line(from: previous ?? dot, to: dot, owner: index)
      previous = dot
      lastRow = dot.y / 4
    }
    return lastRow
  }

  private func cells(_ canvas: BrailleCanvas, _ row: Int) -> String {
    var result = ""
    for column in 0..<canvas.columns {
      let character = String(canvas.character(column: column, row: row))
      result += canvas.owner(column: column, row: row).map { paint(character, $0) } ?? character
    }
    return result
  }

  private func paint(_ text: String, _ index: Int) -> String {
    guard colored else { return text }
    return "\u{1B}[\([34, 33, 32, 35, 36, 31][index % 6])m\(text)\u{1B}[0m"
  }

  /// The axis line, the labels below it and the axis name.
  private func axis(_ x: Scale, left: Int, columns: Int) -> String {
    var line = Array(repeating: Character("─"), count: columns)
    var labels = Array(repeating: Character(" "), count: left + 1 + columns)
    let ticks = x.ticks(count: max(2, columns / 12))
    var free = 0
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let position = x.position(value) else { continue }
      let column = min(columns - 1, Int(position.rounded()) / 2)
      line[column] = "┬"
      let start = min(labels.count - label.count, max(0, left + 1 + column - label.count / 2))
      guard start >= free else { continue }
      for (offset, character) in label.enumerated() { labels[start + offset] = character }
      free = start + label.count + 1
    }
    var result = String(repeating: " ", count: left) + "└" + String(line) + "\n"
    result += TerminalPlot.trimmed(String(labels)) + "\n"
    if !xLabel.isEmpty {
      let pad = max(0, left + 1 + (columns - xLabel.count) / 2)
      result += String(repeating: " ", count: pad) + xLabel + "\n"
    }
    return result
  }

  private static func trimmed(_ line: String) -> String {
    var result = Substring(line)
    while result.last == " " { result = result.dropLast() }
    return String(result)
  }
}
