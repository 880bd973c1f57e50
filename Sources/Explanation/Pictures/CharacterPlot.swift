import Charts
import Documents

/// A field of characters with axes: a plot for a terminal.
struct CharacterPlot {
  let columns: Int
  let rows: Int
  private var x: Scale
  private var y: Scale
  private var cells: [Character]

  /// A plot with nothing in it; the scales' positions are set here.
  init(columns: Int, rows: Int, x: Scale, y: Scale) {
    self.columns = columns
    self.rows = rows
    (self.x, self.y) = (x, y)
    (self.x.start, self.x.end) = (0, Double(columns - 1))
    (self.y.start, self.y.end) = (Double(rows - 1), 0)
    cells = Array(repeating: " ", count: columns * rows)
  }

  mutating func put(_ character: Character, column: Int, row: Int) {
    guard column >= 0, column < columns, row >= 0, row < rows else { return }
    cells[row * columns + column] = character
  }

  /// Puts a character at a point in the data's units.
  mutating func put(_ character: Character, x: Double, y: Double) {
    guard let column = self.x.position(x), let row = self.y.position(y) else { return }
    put(character, column: Int(column.rounded()), row: Int(row.rounded()))
  }

  /// The point in the data's units at a cell's middle, for linear axes.
  func value(column: Int, row: Int) -> (x: Double, y: Double) {
    let across = columns > 1 ? Double(column) / Double(columns - 1) : 0
    let down = rows > 1 ? Double(row) / Double(rows - 1) : 0
    return (x.low + (x.high - x.low) * across, y.high - (y.high - y.low) * down)
  }

  /// The plot with ticks on two sides and the axes' names, each row ending in a line break.
  func text(xName: String, yName: String) -> String {
    let yTicks = y.ticks(count: 5)
    var labels: [Int: String] = [:]
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      if let place = y.position(value) { labels[Int(place.rounded())] = label }
    }
    let left = labels.values.map(\.count).max() ?? 0
    var lines = [String(repeating: " ", count: left) + " " + yName]
    for row in 0..<rows {
      let label = labels[row] ?? ""
      let start = String(repeating: " ", count: left - label.count) + label
      let line =
        start + (label.isEmpty ? " │" : " ┤") + String(cells[(row * columns)...].prefix(columns))
      lines.append(trimmed(line))
    }
    var axis = Array(repeating: Character("─"), count: columns)
    var below = Array(repeating: Character(" "), count: left + 2 + columns + 12)
    var free = 0
    let xTicks = x.ticks(count: 6)
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      guard let place = x.position(value) else { continue }
      let column = Int(place.rounded())
      guard axis.indices.contains(column) else { continue }
      axis[column] = "┬"
      let start = max(0, left + 2 + column - label.count / 2)
      guard start >= free, start + label.count <= below.count else { continue }
      for (offset, character) in label.enumerated() { below[start + offset] = character }
      free = start + label.count + 1
    }
    lines.append(String(repeating: " ", count: left) + " └" + String(axis))
    lines.append(trimmed(String(below)))
    let indent = max(0, left + 2 + (columns - displayWidth(xName)) / 2)
    lines.append(String(repeating: " ", count: indent) + xName)
    return lines.joined(separator: "\n") + "\n"
  }

  private func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line = line.dropLast() }
    return String(line)
  }
}
