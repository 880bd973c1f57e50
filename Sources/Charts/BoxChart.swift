/// Boxes in a plane with the points that they hold, such as the categories of Fuzzy ART.
///
/// A box and the points of one group have the same color; the largest boxes are drawn first. A box
/// without an extent along an axis is drawn as a bar of two pixels. The legend names the first groups
/// only.
public struct BoxChart: Chart, Hashable {
  /// One box.
  public struct Box: Hashable, Sendable {
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>
    /// The number of its group.
    public var group: Int
    /// What its tooltip says.
    public var name: String

    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, group: Int, name: String = "") {
      self.x = x
      self.y = y
      self.group = group
      self.name = name
    }

    fileprivate var area: Double {
      (x.upperBound - x.lowerBound) * (y.upperBound - y.lowerBound)
    }
  }

  /// How many groups the legend names.
  private static let named = 8

  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// The points of each group, in the order of the groups' numbers.
  public var groups: [Series]
  public var boxes: [Box]

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", groups: [Series], boxes: [Box]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.groups = groups
    self.boxes = boxes
  }

  public var svg: String {
    let points = groups.flatMap(\.points).filter(\.isDrawable)
    let corners = boxes.flatMap {
      [
        Point(x: $0.x.lowerBound, y: $0.y.lowerBound),
        Point(x: $0.x.upperBound, y: $0.y.upperBound),
      ]
    }
    let all = (points + corners).filter(\.isDrawable)
    guard let x = Scale(all.map(\.x), isRounded: true), let y = Scale(all.map(\.y), isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel,
      legend: groups.prefix(BoxChart.named).map(\.name)
        + (groups.count > BoxChart.named ? ["and \(groups.count - BoxChart.named) more"] : []),
      marks: [], x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      guard index < BoxChart.named else { return }
      svg.add("path", ["d": ScatterChart.shape(index, x + 10, y), "fill": Palette.color(index)])
    }
    for box in boxes.sorted(by: { $0.area > $1.area }) {
      guard let left = frame.x.position(box.x.lowerBound),
        let right = frame.x.position(box.x.upperBound),
        let top = frame.y.position(box.y.upperBound),
        let bottom = frame.y.position(box.y.lowerBound)
      else { continue }
      let (width, height) = (max(2, right - left), max(2, bottom - top))
      svg.add(
        "rect",
        [
          "x": SVG.number((left + right - width) / 2), "y": SVG.number((top + bottom - height) / 2),
          "width": SVG.number(width), "height": SVG.number(height),
          "fill": Palette.color(max(0, box.group)), "fill-opacity": "0.12",
          "stroke": Palette.color(max(0, box.group)), "stroke-width": "1.3",
        ], tooltip: box.name.isEmpty ? nil : box.name)
    }
    for (index, series) in groups.enumerated() {
      let path = series.points.filter(\.isDrawable).compactMap { point -> String? in
        guard let x = frame.x.position(point.x), let y = frame.y.position(point.y) else {
          return nil
        }
        return ScatterChart.shape(index, x, y)
      }.joined()
      guard !path.isEmpty else { continue }
      svg.add("path", ["d": path, "fill": Palette.color(index), "fill-opacity": "0.8"])
    }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }
}
