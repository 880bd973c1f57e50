/// The curves of many runs over a common axis: one of them strong, all others faint behind it.
///
/// Values that cannot be drawn leave a gap. Long curves are thinned as those of a line chart are.
public struct RunsChart: Chart, Hashable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// The curves; the name of the strong one stands in the legend.
  public var runs: [Series]
  /// The place of the strong one in `runs`.
  public var best: Int?
  /// What the others are called in the legend.
  public var othersName: String
  /// Whether the y axis shows powers of ten at equal distances.
  public var logarithmicY: Bool

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", runs: [Series], best: Int? = nil,
    othersName: String = "the others", logarithmicY: Bool = false
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.runs = runs
    self.best = best
    self.othersName = othersName
    self.logarithmicY = logarithmicY
  }

  public var svg: String {
    let drawable = runs.lazy.flatMap(\.points).filter(isDrawable)
    guard let x = Scale(drawable.map(\.x)),
      let y = Scale(drawable.map(\.y), isLogarithmic: logarithmicY, isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let strong = best.flatMap { runs.indices.contains($0) ? $0 : nil }
    let others = runs.indices.filter { $0 != strong }
    let legend = (strong.map { [runs[$0].name] } ?? []) + (others.isEmpty ? [] : [othersName])
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, legend: legend, marks: [], x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      if strong != nil, index == 0 {
        svg.line(x, y, x + 18, y, color: Palette.color(0), width: 2.8)
      } else {
        svg.line(x, y, x + 18, y, width: 1.2, opacity: 0.45)
      }
    }
    // The strong curve lies on top.
    for index in others { draw(runs[index], isStrong: false, frame, in: &svg) }
    if let strong { draw(runs[strong], isStrong: true, frame, in: &svg) }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  private func isDrawable(_ point: Point) -> Bool {
    point.isDrawable && (!logarithmicY || point.y > 1e-300)
  }

  private func draw(_ run: Series, isStrong: Bool, _ frame: PlotFrame, in svg: inout SVG) {
    let path = run.points.split(whereSeparator: { !isDrawable($0) }).map { part in
      let positions = part.compactMap { point -> Point? in
        guard let x = frame.x.position(point.x), let y = frame.y.position(point.y) else {
          return nil
        }
        return Point(x: x, y: y)
      }
      let corners = Downsampling.thinned(positions).map {
        "\(SVG.number($0.x)) \(SVG.number($0.y))"
      }
      // A point without neighbors is a dot: a line of no length with round ends.
      return "M" + (corners.count == 1 ? corners + corners : corners).joined(separator: "L")
    }.joined()
    guard !path.isEmpty else { return }
    svg.add(
      "path",
      [
        "d": path, "fill": "none", "stroke": isStrong ? Palette.color(0) : "currentColor",
        "stroke-width": isStrong ? "2.4" : "1", "stroke-opacity": isStrong ? nil : "0.35",
        "stroke-linejoin": "round", "stroke-linecap": "round",
      ])
  }
}
