/// Values of units on a lattice, squares or hexagons, such as the U-matrix of a self-organizing map.
///
/// The shade grows from a plane's smallest value to its largest; below each plane stand both. Units
/// may have dots, whose colors are groups. A value that is not finite is a blank unit.
public struct LatticeChart: Chart, Hashable {
  /// A dot on a unit.
  public struct Mark: Hashable, Sendable {
    /// The number of its color.
    public var group: Int
    /// Its diameter, 0…1.
    public var size: Double

    public init(group: Int, size: Double) {
      self.group = group
      self.size = size
    }
  }

  /// One value for each unit.
  public struct Plane: Hashable, Sendable {
    public var title: String
    /// One array for each row of units, the first on top.
    public var values: [[Double]]
    /// Dots, in the same order; empty where there are none.
    public var marks: [[Mark?]]

    public init(title: String = "", values: [[Double]], marks: [[Mark?]] = []) {
      self.title = title
      self.values = values
      self.marks = marks
    }
  }

  public var title: String
  public var planes: [Plane]
  /// Whether units are hexagons, every second row of them shifted right by half a unit.
  public var isHexagonal: Bool
  /// The names of the dots' groups, for a legend; empty for none.
  public var groups: [String]

  public init(
    title: String = "", planes: [Plane], isHexagonal: Bool = false, groups: [String] = []
  ) {
    self.title = title
    self.planes = planes
    self.isHexagonal = isHexagonal
    self.groups = groups
  }

  private static let gap = 14.0
  private static let largestUnit = 44.0

  public var svg: String {
    let width = PlotFrame.width
    let inRow = planes.count == 1 ? 1 : planes.count <= 4 ? 2 : 3
    let panel = (width - 16 - LatticeChart.gap * Double(inRow - 1)) / Double(inRow)
    let rows = planes.map(\.values.count).max() ?? 0
    let columns = planes.flatMap { $0.values.map(\.count) }.max() ?? 0
    guard rows > 0, columns > 0 else { return PlotFrame.empty(title: title) }
    let unit = min(
      panel / (Double(columns) + (isHexagonal && rows > 1 ? 0.5 : 0)), LatticeChart.largestUnit)
    let height =
      isHexagonal ? unit * (Double(rows - 1) * 0.866 + 1.1548) : unit * Double(rows)
    let headed = planes.contains { !$0.title.isEmpty }
    var svg = SVG()
    svg.text(
      TextMeasure.shortened(title, to: width - 16, size: 15), 8, 19, size: 14, isBold: true)
    var top = title.isEmpty ? 6.0 : 30
    top = legend(in: &svg, from: top)
    for (index, plane) in planes.enumerated() {
      let left = 8 + Double(index % inRow) * (panel + LatticeChart.gap)
      let y = top + Double(index / inRow) * (height + 34 + (headed ? 18 : 0))
      if headed {
        svg.text(TextMeasure.shortened(plane.title, to: panel, size: 12), left, y + 11)
      }
      draw(plane, in: &svg, left: left, top: y + (headed ? 18 : 0), unit: unit, height: height)
    }
    let lines = Double((planes.count + inRow - 1) / inRow)
    return svg.document(
      width: width, height: top + lines * (height + 34 + (headed ? 18 : 0)),
      maxWidth: PlotFrame.maxWidth, label: title)
  }

  private func legend(in svg: inout SVG, from top: Double) -> Double {
    guard !groups.isEmpty else { return top }
    var (x, y) = (8.0, top)
    for (index, name) in groups.enumerated() {
      let shown = TextMeasure.shortened(name, to: PlotFrame.width - 60, size: 12)
      let needed = 32 + TextMeasure.width(shown, size: 12)
      if x > 8 && x + needed > PlotFrame.width { (x, y) = (8, y + 18) }
      svg.add(
        "circle",
        [
          "cx": SVG.number(x + 6), "cy": SVG.number(y + 5), "r": "5",
          "fill": Palette.color(LatticeChart.color(index)),
        ])
      svg.text(shown, x + 16, y + 9)
      x += needed
    }
    return y + 24
  }

  /// The groups' colors leave out the first, which the planes have.
  private static func color(_ group: Int) -> Int { group + 1 }

  private func draw(
    _ plane: Plane, in svg: inout SVG, left: Double, top: Double, unit: Double, height: Double
  ) {
    let finite = plane.values.joined().filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    for (row, values) in plane.values.enumerated() {
      for (column, value) in values.enumerated() {
        let (x, y) = middle(row, column, left: left, top: top, unit: unit)
        let share = value.isFinite && high > low ? (value - low) / (high - low) : 0
        let text = value.isFinite ? NumberText.compact(value) : "–"
        svg.add(
          "path",
          [
            "d": outline(x, y, unit), "fill": Palette.color(0),
            "fill-opacity": value.isFinite ? SVG.share(0.06 + 0.94 * share) : "0",
            "stroke": "currentColor", "stroke-opacity": "0.2", "stroke-width": "0.5",
          ], tooltip: "row \(row + 1), column \(column + 1): \(text)")
        guard plane.marks.indices.contains(row), plane.marks[row].indices.contains(column),
          let mark = plane.marks[row][column]
        else { continue }
        svg.add(
          "circle",
          [
            "cx": SVG.number(x), "cy": SVG.number(y),
            "r": SVG.number(max(0.12, min(1, mark.size)) * unit * 0.38),
            "fill": Palette.color(LatticeChart.color(mark.group)), "stroke": "#fff",
            "stroke-width": "0.8", "pointer-events": "none",
          ])
      }
    }
    guard !finite.isEmpty else { return }
    // From pale to dark, between the smallest and the largest value.
    let (lowText, highText) = (
      NumberText.compact(low, digits: 3), NumberText.compact(high, digits: 3)
    )
    let y = top + height + 8
    svg.text(lowText, left, y + 9, size: 10.5, opacity: 0.75)
    let start = left + TextMeasure.width(lowText, size: 10.5) + 6
    for step in 0..<8 {
      svg.rect(
        start + Double(step) * 7, y, 7, 10, color: Palette.color(0),
        opacity: 0.06 + 0.94 * Double(step) / 7)
    }
    svg.text(highText, start + 62, y + 9, size: 10.5, opacity: 0.75)
  }

  private func middle(
    _ row: Int, _ column: Int, left: Double, top: Double, unit: Double
  ) -> (x: Double, y: Double) {
    guard isHexagonal else {
      return (left + unit * (Double(column) + 0.5), top + unit * (Double(row) + 0.5))
    }
    let shift = row.isMultiple(of: 2) ? 0.5 : 1
    return (left + unit * (Double(column) + shift), top + unit * (0.5774 + 0.866 * Double(row)))
  }

  private func outline(_ x: Double, _ y: Double, _ unit: Double) -> String {
    let (half, side) = (unit / 2, unit * 0.57735)
    let corners: [(Double, Double)] =
      isHexagonal
      ? [
        (0.0, -side), (half, -side / 2), (half, side / 2), (0, side), (-half, side / 2),
        (-half, -side / 2),
      ]
      : [(-half, -half), (half, -half), (half, half), (-half, half)]
    return "M"
      + corners.map { "\(SVG.number(x + $0)) \(SVG.number(y + $1))" }.joined(separator: "L") + "z"
  }
}
