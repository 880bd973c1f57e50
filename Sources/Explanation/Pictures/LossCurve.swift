import Charts
import Documents
import Formulas

/// The error over the iterations of a training, on logarithmic axes where the numbers span decades.
public struct LossCurve: Sendable {
  /// Iterations and the error at each, in ascending order.
  public var points: [(iteration: Int, error: Double)]
  /// What the error is called.
  public var symbol: Formula

  public init(points: [(iteration: Int, error: Double)], symbol: Formula = "E_total") {
    self.points = points
    self.symbol = symbol
  }

  /// The points that logarithmic axes have a place for, and whether each axis is logarithmic.
  ///
  /// An axis is logarithmic where its greatest number is at least 50 times its least positive one.
  /// Then what is not above zero, such as iteration 0, is left out.
  var axes: (points: [Point], x: Scale, y: Scale)? {
    let all = points.map { Point(x: Double($0.iteration), y: $0.error) }.filter { $0.y.isFinite }
    func spansDecades(_ values: [Double]) -> Bool {
      let positive = values.filter { $0 > 0 }
      return (positive.max() ?? 1) >= 50 * (positive.min() ?? 1)
    }
    let (wideX, wideY) = (spansDecades(all.map(\.x)), spansDecades(all.map(\.y)))
    let kept = all.filter { (!wideX || $0.x > 0) && (!wideY || $0.y > 0) }
    guard let x = Scale(kept.map(\.x), isLogarithmic: wideX),
      let y = Scale(kept.map(\.y), isLogarithmic: wideY, isRounded: true)
    else { return nil }
    return (kept, x, y)
  }

  /// The picture in every form; nil where there is no point to draw.
  public func picture(language: Language, caption: RichText) -> Picture? {
    guard let (points, x, y) = axes else { return nil }
    let name = Phrase("updates", "更新次数")[language]
    var area = PlotArea(
      title: Phrase("The error during training", "训练过程中的误差")[language], size: (380, 210), x: x,
      y: y, names: (.text(name), .formula(symbol)))
    area.line(points, .init(.accent, width: 1.8))
    if points.count <= 25 {
      let places = points.compactMap { area.place($0.x, $0.y) }
      area.draw { drawing in
        for place in places { drawing.circle(at: place, radius: 2.6, stroke: nil, fill: .accent) }
      }
    }
    return area.drawing.picture(text: text(points, x, y, name), caption: caption)
  }

  private func text(_ points: [Point], _ x: Scale, _ y: Scale, _ name: String) -> String {
    let (columns, rows) = (60, 14)
    var (x, y) = (x, y)
    (x.start, x.end) = (0, Double(columns * 2 - 1))
    (y.start, y.end) = (Double(rows * 4 - 1), 0)
    var canvas = BrailleCanvas(columns: columns, rows: rows)
    var before: (x: Int, y: Int)?
    for point in points {
      guard let left = x.position(point.x), let top = y.position(point.y) else { continue }
      let dot = (x: Int(left.rounded()), y: Int(top.rounded()))
      canvas.line(from: before ?? dot, to: dot)
      before = dot
    }
    var plot = CharacterPlot(columns: columns, rows: rows, x: x, y: y)
    for row in 0..<rows {
      for column in 0..<columns {
        plot.put(canvas.character(column: column, row: row), column: column, row: row)
      }
    }
    return plot.text(xName: name, yName: symbol.text)
  }
}
