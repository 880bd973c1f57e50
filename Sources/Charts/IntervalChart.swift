/// Estimates with their errors: points with a bar to both sides, joined by a line.
///
/// On a logarithmic axis what is not above zero is left out, and a bar that reaches down to zero ends at
/// the bottom. Points may be marked as chosen.
public struct IntervalChart: Chart, Hashable {
  /// One estimate.
  public struct Estimate: Hashable, Sendable {
    public var x: Double
    public var y: Double
    /// How far the bar reaches up and down; 0 draws none.
    public var error: Double
    /// Whether it is drawn in the color of what is chosen.
    public var isChosen: Bool

    public init(x: Double, y: Double, error: Double = 0, isChosen: Bool = false) {
      self.x = x
      self.y = y
      self.error = error
      self.isChosen = isChosen
    }
  }

  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// The estimates, in ascending order of x.
  public var estimates: [Estimate]
  /// Whether a line joins them.
  public var isJoined: Bool
  public var logarithmicX: Bool
  public var logarithmicY: Bool
  public var marks: [Mark]

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", estimates: [Estimate],
    isJoined: Bool = true, logarithmicX: Bool = false, logarithmicY: Bool = false,
    marks: [Mark] = []
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.estimates = estimates
    self.isJoined = isJoined
    self.logarithmicX = logarithmicX
    self.logarithmicY = logarithmicY
    self.marks = marks
  }

  public var svg: String {
    let drawn = estimates.filter {
      Point(x: $0.x, y: $0.y).isDrawable && abs($0.error) <= 1e300
        && (!logarithmicX || $0.x > 1e-300) && (!logarithmicY || $0.y > 1e-300)
    }
    let ends = drawn.flatMap { [$0.y - $0.error, $0.y, $0.y + $0.error] }
    guard let x = Scale(drawn.map(\.x), isLogarithmic: logarithmicX),
      let y = Scale(ends, isLogarithmic: logarithmicY, isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, legend: [], marks: marks, x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { _, _, _, _ in }
    let positions = drawn.compactMap { estimate in
      frame.x.position(estimate.x).flatMap { x in
        frame.y.position(estimate.y).map { Point(x: x, y: $0) }
      }
    }
    if isJoined, positions.count > 1 {
      let path = positions.map { "\(SVG.number($0.x)) \(SVG.number($0.y))" }
      svg.add(
        "path",
        [
          "d": "M" + path.joined(separator: "L"), "fill": "none", "stroke": Palette.color(0),
          "stroke-width": "1.4", "stroke-linejoin": "round",
        ])
    }
    for (estimate, place) in zip(drawn, positions) {
      draw(estimate, at: place, frame, in: &svg)
    }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  private func draw(_ estimate: Estimate, at place: Point, _ frame: PlotFrame, in svg: inout SVG) {
    let color = Palette.color(estimate.isChosen ? 1 : 0)
    if estimate.error != 0, let top = frame.y.position(estimate.y + estimate.error) {
      let bottom = frame.y.position(estimate.y - estimate.error) ?? frame.y.start
      svg.line(place.x, top, place.x, bottom, color: color, width: 1.4)
      for end in [top, bottom] {
        svg.line(place.x - 3, end, place.x + 3, end, color: color, width: 1.4)
      }
    }
    svg.add(
      "circle",
      [
        "cx": SVG.number(place.x), "cy": SVG.number(place.y), "r": estimate.isChosen ? "4" : "3",
        "fill": color,
      ])
  }
}
