/// What a classifier answers over a plane, as colored regions, with points of the classes on top.
///
/// Neighboring cells of one class are drawn as one bar, so that fine grids stay small files.
public struct RegionChart: Chart, Hashable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// The points of each class, in the order of the classes' numbers.
  public var classes: [Series]
  /// Points to stand out, such as prototypes, of each class in the same order; empty for none.
  public var centers: [[Point]]
  /// The number of the class in each cell, the lowest row first; a negative number is no class.
  public var regions: [[Int]]
  /// Other points, as rings on top of everything, such as the centers of units.
  public var landmarks: Series?
  /// What the regions' cells span.
  public var xRange: ClosedRange<Double>
  public var yRange: ClosedRange<Double>

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", classes: [Series],
    regions: [[Int]], xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    centers: [[Point]] = [], landmarks: Series? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.classes = classes
    self.regions = regions
    self.xRange = xRange
    self.yRange = yRange
    self.centers = centers
    self.landmarks = landmarks
  }

  public var svg: String {
    guard let x = Scale([xRange.lowerBound, xRange.upperBound]),
      let y = Scale([yRange.lowerBound, yRange.upperBound]),
      let columns = regions.first?.count, columns > 0
    else { return PlotFrame.empty(title: title) }
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel,
      legend: (classes + [landmarks].compactMap { $0 }).map(\.name), marks: [], x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      guard index < classes.count else {
        return Self.circle(x + 10, y, radius: "4.5", fill: "none", in: &svg)
      }
      svg.add(
        "path", ["d": ScatterChart.shape(index, x + 10, y), "fill": Palette.color(index)])
    }
    let width = (frame.x.end - frame.x.start) / Double(columns)
    let height = (frame.y.start - frame.y.end) / Double(regions.count)
    for (row, cells) in regions.enumerated() {
      var start = 0
      while start < cells.count {
        var end = start + 1
        while end < cells.count, cells[end] == cells[start] { end += 1 }
        if cells[start] >= 0 {
          svg.add(
            "rect",
            [
              "x": SVG.number(frame.x.start + Double(start) * width),
              "y": SVG.number(frame.y.start - Double(row + 1) * height),
              "width": SVG.number(Double(end - start) * width), "height": SVG.number(height),
              "fill": Palette.color(cells[start]), "fill-opacity": "0.22",
              "shape-rendering": "crispEdges",
            ])
        }
        start = end
      }
    }
    func position(_ point: Point) -> (x: Double, y: Double)? {
      guard point.isDrawable, xRange.contains(point.x), yRange.contains(point.y),
        let x = frame.x.position(point.x), let y = frame.y.position(point.y)
      else { return nil }
      return (x, y)
    }
    for (index, series) in classes.enumerated() {
      let path = series.points.compactMap(position).map { ScatterChart.shape(index, $0.x, $0.y) }
        .joined()
      guard !path.isEmpty else { continue }
      svg.add("path", ["d": path, "fill": Palette.color(index), "fill-opacity": "0.85"])
    }
    for (index, points) in centers.enumerated() {
      for place in points.compactMap(position) {
        Self.circle(place.x, place.y, radius: "5.5", fill: Palette.color(index), in: &svg)
      }
    }
    for place in (landmarks?.points ?? []).compactMap(position) {
      Self.circle(place.x, place.y, radius: "4.5", fill: "none", in: &svg)
    }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  private static func circle(
    _ x: Double, _ y: Double, radius: String, fill: String, in svg: inout SVG
  ) {
    svg.add(
      "circle",
      [
        "cx": SVG.number(x), "cy": SVG.number(y), "r": radius, "fill": fill,
        "stroke": "currentColor", "stroke-width": "1.7",
      ])
  }
}
