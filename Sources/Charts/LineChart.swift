/// Lines over a common axis, such as training and validation loss over the epochs.
///
/// Ticks are multiples of 1, 2 or 5 times a power of ten. A value that is not finite, or on a
/// logarithmic axis not above zero, leaves a gap. A point without neighbors is drawn as a dot.
/// Long lines are thinned to the lowest and highest point of each column.
///
///     LineChart(
///       title: "Loss", xLabel: "epoch", yLabel: "cross-entropy",
///       series: [Series("training", values: [0.9, 0.4, 0.2]),
///                Series("validation", values: [0.8, 0.5, 0.6])],
///       marks: [Mark(x: 2, label: "best epoch 2")]
///     ).svg
public struct LineChart: Chart, Hashable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var series: [Series]
  /// Whether the y axis shows powers of ten at equal distances.
  public var logarithmicY: Bool
  /// Vertical lines; one outside the range of the data is left out.
  public var marks: [Mark]

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", series: [Series],
    logarithmicY: Bool = false, marks: [Mark] = []
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.logarithmicY = logarithmicY
    self.marks = marks
  }

  public var svg: String {
    let drawable = series.lazy.flatMap(\.points).filter(isDrawable)
    guard let x = Scale(drawable.map(\.x)),
      let y = Scale(drawable.map(\.y), isLogarithmic: logarithmicY, isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let names = series.map(\.name)
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, legend: names == [""] ? [] : names,
      marks: marks, x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      svg.line(
        x, y, x + 18, y, color: Palette.color(index), width: 2.5, dash: Palette.dash(index))
    }
    for (index, line) in series.enumerated() { draw(line, index, frame, in: &svg) }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  private func isDrawable(_ point: Point) -> Bool {
    point.isDrawable && (!logarithmicY || point.y > 1e-300)
  }

  private func draw(_ line: Series, _ index: Int, _ frame: PlotFrame, in svg: inout SVG) {
    let color = Palette.color(index)
    let showsDots = line.points.count <= 25
    var path = ""
    for run in line.points.split(whereSeparator: { !isDrawable($0) }) {
      let positions = run.compactMap { point -> Point? in
        guard let x = frame.x.position(point.x), let y = frame.y.position(point.y) else {
          return nil
        }
        return Point(x: x, y: y)
      }
      let thinned = Downsampling.thinned(positions)
      if thinned.count > 1 { path += LineChart.path(thinned) }
      for position in thinned where showsDots || thinned.count == 1 {
        svg.add(
          "circle",
          [
            "cx": SVG.number(position.x), "cy": SVG.number(position.y), "r": "2.6", "fill": color,
          ])
      }
    }
    guard !path.isEmpty else { return }
    svg.add(
      "path",
      [
        "d": path, "fill": "none", "stroke": color, "stroke-width": "1.8",
        "stroke-linejoin": "round", "stroke-dasharray": Palette.dash(index),
      ])
  }

  private static func path(_ points: [Point]) -> String {
    var result = ""
    for (index, point) in points.enumerated() {
      result += index == 0 ? "M" : index == 1 ? "L" : " "
      result += SVG.number(point.x) + " " + SVG.number(point.y)
    }
    return result
  }
}
