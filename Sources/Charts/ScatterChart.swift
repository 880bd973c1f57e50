/// Points of several classes in a plane; each class has its color and its shape.
///
/// Points that are not finite are left out, and of points that fall on the same spot within a
/// class only one is drawn.
public struct ScatterChart: Chart, Hashable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var classes: [Series]
  /// Whether both axes have one range and the same ticks, and the line y = x is drawn: for values
  /// beside those that they should equal.
  public var showsDiagonal: Bool

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", classes: [Series],
    showsDiagonal: Bool = false
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.classes = classes
    self.showsDiagonal = showsDiagonal
  }

  public var svg: String {
    let drawable = classes.flatMap(\.points).filter(\.isDrawable)
    let (xs, ys) = (drawable.map(\.x), drawable.map(\.y))
    guard let x = Scale(showsDiagonal ? xs + ys : xs, isRounded: true),
      let y = Scale(showsDiagonal ? xs + ys : ys, isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let names = classes.map(\.name)
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, legend: names == [""] ? [] : names,
      marks: [], x: x, y: y, xTicks: showsDiagonal ? PlotFrame.yTicks : PlotFrame.xTicks)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      svg.add("path", ["d": ScatterChart.shape(index, x + 10, y), "fill": Palette.color(index)])
    }
    if showsDiagonal {
      svg.line(
        frame.x.start, frame.y.start, frame.x.end, frame.y.end, width: 1.2, opacity: 0.6,
        dash: "4 3")
    }
    for (index, series) in classes.enumerated() {
      var seen: Set<[Int]> = []
      var path = ""
      for point in series.points where point.isDrawable {
        guard let x = frame.x.position(point.x), let y = frame.y.position(point.y),
          seen.insert([Int(x.rounded()), Int(y.rounded())]).inserted
        else { continue }
        path += ScatterChart.shape(index, x, y)
      }
      guard !path.isEmpty else { continue }
      svg.add("path", ["d": path, "fill": Palette.color(index), "fill-opacity": "0.8"])
    }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  /// Circle, square, triangle and diamond in turn, of about equal area.
  static func shape(_ index: Int, _ x: Double, _ y: Double) -> String {
    func start(_ dx: Double, _ dy: Double) -> String {
      "M\(SVG.number(x + dx)) \(SVG.number(y + dy))"
    }
    switch index % 4 {
    case 0: return start(-2.8, 0) + "a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0z"
    case 1: return start(-2.5, -2.5) + "h5v5h-5z"
    case 2: return start(0, -3.6) + "l3.4 6h-6.8z"
    default: return start(0, -3.6) + "l3.6 3.6l-3.6 3.6l-3.6-3.6z"
    }
  }
}
