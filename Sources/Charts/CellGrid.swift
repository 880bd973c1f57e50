/// A table of shaded cells with names on the left and below: what a confusion matrix and a
/// heat map have in common.
struct CellGrid {
  struct Cell {
    var text: String
    var color: String
    /// The strength of the shade, 0…1.
    var shade: Double
    var tooltip: String?
  }

  let title: String
  let rowLabels: [String]
  let columnLabels: [String]
  let rowAxis: String
  let columnAxis: String
  /// One array for each row; missing cells stay blank.
  let cells: [[Cell]]

  private static let labelSize = 11.0
  private static let longest = 84.0

  private func shortened(_ labels: [String]) -> [String] {
    labels.map { TextMeasure.abbreviated($0, to: CellGrid.longest, size: CellGrid.labelSize) }
  }

  private static func widest(_ labels: [String]) -> Double {
    labels.map { TextMeasure.width($0, size: labelSize) }.max() ?? 0
  }

  var svg: String {
    let rows = shortened(rowLabels)
    let columns = shortened(columnLabels)
    let widestText =
      cells.joined().map { TextMeasure.width($0.text, size: 12) }.max() ?? 0
    // Turned labels reach to the left of their column.
    let left = max(
      CellGrid.widest(rows) + 14 + (rowAxis.isEmpty ? 0 : 18),
      columns.first.map { CellGrid.widest([$0]) * 0.72 - 6 } ?? 0)
    // Few cells fill the usual width; many make the picture wider rather than the text smaller.
    let available = (PlotFrame.width - left - 12) / Double(max(1, columns.count))
    let cell = max(min(available, 80), 22)
    let cellHeight = min(cell, 40)
    let size = min(12, max(6, 12 * (cell - 4) / max(1, widestText)))
    let isTurned = CellGrid.widest(columns) > cell - 4
    let top = title.isEmpty ? 6.0 : 30
    let bottom = top + cellHeight * Double(rows.count)
    let gridRight = left + cell * Double(columns.count)
    let labelHeight = isTurned ? CellGrid.widest(columns) * 0.72 + 14 : 18
    let width = max(PlotFrame.width, gridRight + 12)
    var svg = SVG()
    svg.text(
      TextMeasure.shortened(title, to: width - 16, size: 15), 8, 19, size: 14, isBold: true)
    for (row, label) in rows.enumerated() {
      let middle = top + cellHeight * (Double(row) + 0.5)
      svg.text(
        label, left - 6, middle + 4, anchor: .end, size: CellGrid.labelSize,
        tooltip: label == rowLabels[row] ? nil : rowLabels[row])
    }
    for (column, label) in columns.enumerated() {
      let middle = left + cell * (Double(column) + 0.5)
      svg.text(
        label, middle + (isTurned ? 4 : 0), bottom + (isTurned ? 12 : 14),
        anchor: isTurned ? .end : .middle, size: CellGrid.labelSize, turn: isTurned ? 45 : 0,
        tooltip: label == columnLabels[column] ? nil : columnLabels[column])
    }
    for (row, line) in cells.prefix(rows.count).enumerated() {
      for (column, content) in line.prefix(columns.count).enumerated() {
        svg.rect(
          left + cell * Double(column) + 0.5, top + cellHeight * Double(row) + 0.5, cell - 1,
          cellHeight - 1, color: content.shade > 0 ? content.color : "currentColor",
          opacity: max(0.06, content.shade), tooltip: content.tooltip)
      }
    }
    // The text lets the pointer through to the tooltip of its cell.
    svg.open("g", ["text-anchor": "middle", "pointer-events": "none"])
    for (row, line) in cells.prefix(rows.count).enumerated() {
      for (column, content) in line.prefix(columns.count).enumerated() {
        svg.text(
          content.text, left + cell * (Double(column) + 0.5),
          top + cellHeight * (Double(row) + 0.5) + size * 0.36, size: size,
          color: content.shade >= 0.6 ? "#fff" : nil)
      }
    }
    svg.close("g")
    let axisY = bottom + labelHeight + 14
    svg.text(
      columnAxis, (left + gridRight) / 2, axisY, anchor: .middle, size: CellGrid.labelSize,
      opacity: 0.75)
    svg.text(
      rowAxis, 14, (top + bottom) / 2, anchor: .middle, size: CellGrid.labelSize, opacity: 0.75,
      turn: 90)
    return svg.document(
      width: width, height: columnAxis.isEmpty ? bottom + labelHeight + 4 : axisY + 8,
      maxWidth: PlotFrame.maxWidth * width / PlotFrame.width, label: title)
  }
}
