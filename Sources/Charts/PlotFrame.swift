/// Everything around the data of a line or scatter chart: title, legend, axes and grid.
///
/// From top to bottom: title, legend, axis name, one row for each mark, then the plot. Nothing
/// but the data and the grid is inside the plot.
struct PlotFrame {
  static let width = 420.0
  static let maxWidth = 600.0
  private static let plotHeight = 190.0
  private static let tickSize = 11.0
  /// About how many ticks an axis has.
  static let xTicks = 6
  static let yTicks = 5

  let title: String
  let xLabel: String
  let yLabel: String
  /// Name, and what to draw beside it, for each legend entry.
  let legend: [String]
  let marks: [Mark]
  private(set) var x: Scale
  private(set) var y: Scale
  private let legendRows: [[(index: Int, x: Double)]]
  private let top: Double
  private let xTicks: Int

  init(
    title: String, xLabel: String, yLabel: String, legend: [String], marks: [Mark], x: Scale,
    y: Scale, xTicks: Int = PlotFrame.xTicks
  ) {
    self.title = title
    self.xLabel = xLabel
    self.xTicks = xTicks
    self.yLabel = yLabel
    self.legend = legend
    self.marks = marks.filter { $0.x >= x.low && $0.x <= x.high }
    legendRows = PlotFrame.rows(legend)
    var top = title.isEmpty ? 6.0 : 26
    top += Double(legendRows.count) * 18
    top += yLabel.isEmpty ? 0 : 16
    top += Double(self.marks.count) * 15 + 8
    self.top = top
    let labels = y.ticks(count: PlotFrame.yTicks).labels
    let left = labels.map { TextMeasure.width($0, size: PlotFrame.tickSize) }.max() ?? 0
    self.x = x
    self.x.start = left + 14
    self.x.end = PlotFrame.width - 12
    self.y = y
    self.y.start = top + PlotFrame.plotHeight
    self.y.end = top
  }

  private var bottom: Double { top + PlotFrame.plotHeight }
  var height: Double { bottom + (xLabel.isEmpty ? 24 : 40) }

  /// Puts legend entries side by side, as many as fit in a row.
  private static func rows(_ names: [String]) -> [[(index: Int, x: Double)]] {
    var rows: [[(index: Int, x: Double)]] = []
    var position = width
    for (index, name) in names.enumerated() {
      let needed = 38 + TextMeasure.width(shortened(name), size: 12)
      if position + needed > width {
        rows.append([])
        position = 8
      }
      rows[rows.count - 1].append((index, position))
      position += needed
    }
    return rows
  }

  private static func shortened(_ name: String) -> String {
    TextMeasure.shortened(name, to: width - 60, size: 12)
  }

  /// Draws the frame; `swatch` draws a legend entry's sign between x and x + 18 at height y.
  func draw(in svg: inout SVG, swatch: (inout SVG, _ index: Int, Double, Double) -> Void) {
    svg.text(
      TextMeasure.shortened(title, to: PlotFrame.width - 16, size: 15), 8, 19, size: 14,
      isBold: true)
    var row = title.isEmpty ? 6.0 : 26
    for entries in legendRows {
      row += 18
      for (index, position) in entries {
        swatch(&svg, index, position, row - 8)
        svg.text(PlotFrame.shortened(legend[index]), position + 24, row - 4)
      }
    }
    if !yLabel.isEmpty {
      row += 16
      svg.text(yLabel, 8, row - 2, size: PlotFrame.tickSize, opacity: 0.75)
    }
    drawGrid(in: &svg)
    for mark in marks {
      guard let position = x.position(mark.x) else { continue }
      row += 15
      svg.line(position, row, position, bottom, width: 1.2, opacity: 0.6, dash: "4 3")
      let isRight = position > PlotFrame.width / 2
      svg.text(
        mark.label, position + (isRight ? -4 : 4), row + 6, anchor: isRight ? .end : .start,
        size: PlotFrame.tickSize, opacity: 0.85)
    }
  }

  private func drawGrid(in svg: inout SVG) {
    let yTicks = y.ticks(count: PlotFrame.yTicks)
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      guard let position = y.position(value) else { continue }
      svg.line(x.start, position, x.end, position, opacity: 0.15)
      svg.text(
        label, x.start - 6, position + 4, anchor: .end, size: PlotFrame.tickSize, opacity: 0.75)
    }
    let xTicks = x.ticks(count: xTicks)
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      guard let position = x.position(value) else { continue }
      svg.line(position, bottom, position, bottom + 4, opacity: 0.4)
      // The outermost labels stay inside the picture.
      let half = TextMeasure.width(label, size: PlotFrame.tickSize) / 2
      svg.text(
        label, min(position, PlotFrame.width - 2 - half), bottom + 16, anchor: .middle,
        size: PlotFrame.tickSize, opacity: 0.75)
    }
    svg.line(x.start, bottom, x.end, bottom, opacity: 0.4)
    svg.text(
      xLabel, (x.start + x.end) / 2, bottom + 33, anchor: .middle, size: PlotFrame.tickSize,
      opacity: 0.75)
  }

  /// The picture that stands for a chart without a single value to draw.
  static func empty(title: String) -> String {
    var svg = SVG()
    svg.text(title, 8, 19, size: 14, isBold: true)
    svg.text("no finite values", width / 2, 60, anchor: .middle, opacity: 0.75)
    return svg.document(width: width, height: 90, maxWidth: maxWidth, label: title)
  }
}
