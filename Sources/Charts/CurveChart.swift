/// Points with curves through them: measurements, and what a network makes of them.
///
/// Points that are not finite are left out; of a curve they leave a gap. The legend names the sets of
/// points first, then the curves.
public struct CurveChart: Chart, Hashable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// Each set has its color and its shape.
  public var points: [Series]
  public var curves: [Series]

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", points: [Series], curves: [Series]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.points = points
    self.curves = curves
  }

  public var svg: String {
    let drawable = (points + curves).flatMap(\.points).filter(\.isDrawable)
    guard let x = Scale(drawable.map(\.x)), let y = Scale(drawable.map(\.y), isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let names = (points + curves).map(\.name)
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, legend: names == [""] ? [] : names,
      marks: [], x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      if index < points.count {
        svg.add("path", ["d": ScatterChart.shape(index, x + 10, y), "fill": Palette.color(index)])
      } else {
        svg.line(
          x, y, x + 18, y, color: Palette.color(index), width: 2.5, dash: Palette.dash(index))
      }
    }
    for (index, series) in points.enumerated() {
      let path = positions(series.points.filter(\.isDrawable), frame)
        .map { ScatterChart.shape(index, $0.x, $0.y) }.joined()
      guard !path.isEmpty else { continue }
      svg.add("path", ["d": path, "fill": Palette.color(index), "fill-opacity": "0.6"])
    }
    for (offset, series) in curves.enumerated() {
      let index = points.count + offset
      let path = series.points.split(whereSeparator: { !$0.isDrawable }).map { run in
        let corners = Downsampling.thinned(positions(Array(run), frame))
        return "M"
          + corners.map { "\(SVG.number($0.x)) \(SVG.number($0.y))" }.joined(separator: "L")
      }.joined()
      guard !path.isEmpty else { continue }
      svg.add(
        "path",
        [
          "d": path, "fill": "none", "stroke": Palette.color(index), "stroke-width": "2",
          "stroke-linejoin": "round", "stroke-dasharray": Palette.dash(index),
        ])
    }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  private func positions(_ points: [Point], _ frame: PlotFrame) -> [Point] {
    points.compactMap { point in
      guard let x = frame.x.position(point.x), let y = frame.y.position(point.y) else { return nil }
      return Point(x: x, y: y)
    }
  }
}
