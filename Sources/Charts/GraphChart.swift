/// Points in a plane with the units of a network among them, and the edges between units.
///
/// Points are faint, a color and a shape for each class. Units are dots with a rim; each may have the
/// color of a class. What is not finite is left out.
public struct GraphChart: Chart, Hashable {
  /// The places of two units in the list of them.
  public struct Edge: Hashable, Sendable {
    public var from: Int
    public var to: Int

    public init(_ from: Int, _ to: Int) { (self.from, self.to) = (from, to) }
  }

  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var classes: [Series]
  public var nodes: [Point]
  /// The number of each unit's class; empty where they have none.
  public var nodeClasses: [Int]
  public var edges: [Edge]

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", classes: [Series],
    nodes: [Point], nodeClasses: [Int] = [], edges: [Edge] = []
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.classes = classes
    self.nodes = nodes
    self.nodeClasses = nodeClasses
    self.edges = edges
  }

  public var svg: String {
    let drawable = (classes.flatMap(\.points) + nodes).filter(\.isDrawable)
    guard let x = Scale(drawable.map(\.x), isRounded: true),
      let y = Scale(drawable.map(\.y), isRounded: true)
    else { return PlotFrame.empty(title: title) }
    let names = classes.map(\.name)
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, legend: names == [""] ? [] : names, marks: [],
      x: x, y: y)
    var svg = SVG()
    frame.draw(in: &svg) { svg, index, x, y in
      svg.add("path", ["d": ScatterChart.shape(index, x + 10, y), "fill": Palette.color(index)])
    }
    func place(_ point: Point) -> (x: Double, y: Double)? {
      guard point.isDrawable, let x = frame.x.position(point.x), let y = frame.y.position(point.y)
      else { return nil }
      return (x, y)
    }
    for (index, series) in classes.enumerated() {
      var seen: Set<[Int]> = []
      var path = ""
      for point in series.points {
        guard let spot = place(point),
          seen.insert([Int(spot.x.rounded()), Int(spot.y.rounded())]).inserted
        else { continue }
        path += ScatterChart.shape(index, spot.x, spot.y)
      }
      guard !path.isEmpty else { continue }
      svg.add("path", ["d": path, "fill": Palette.color(index), "fill-opacity": "0.35"])
    }
    var lines = ""
    for edge in edges where nodes.indices.contains(edge.from) && nodes.indices.contains(edge.to) {
      guard let from = place(nodes[edge.from]), let to = place(nodes[edge.to]) else { continue }
      lines += "M\(SVG.number(from.x)) \(SVG.number(from.y))"
      lines += "L\(SVG.number(to.x)) \(SVG.number(to.y))"
    }
    if !lines.isEmpty {
      svg.add(
        "path",
        [
          "d": lines, "fill": "none", "stroke": "currentColor", "stroke-width": "1.2",
          "stroke-opacity": "0.75",
        ])
    }
    for (index, node) in nodes.enumerated() {
      guard let spot = place(node) else { continue }
      let group = index < nodeClasses.count ? nodeClasses[index] : -1
      svg.add(
        "circle",
        [
          "cx": SVG.number(spot.x), "cy": SVG.number(spot.y), "r": group < 0 ? "2.6" : "4.2",
          "fill": group < 0 ? "currentColor" : Palette.color(group),
          "stroke": group < 0 ? nil : "currentColor", "stroke-width": group < 0 ? nil : "1.4",
        ])
    }
    return svg.document(
      width: PlotFrame.width, height: frame.height, maxWidth: PlotFrame.maxWidth, label: title)
  }
}
