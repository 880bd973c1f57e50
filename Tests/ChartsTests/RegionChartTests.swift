import Charts
import Testing

/// Regions of a plane, and points with curves through them.
@Suite struct RegionChartTests {
  private let classes = [
    Series("low", points: [Point(x: 0.25, y: 0.25)]),
    Series("high", points: [Point(x: 0.75, y: 0.75), Point(x: 2, y: 0.5)]),
  ]

  private func chart(_ regions: [[Int]]) -> RegionChart {
    RegionChart(title: "Plane", classes: classes, regions: regions, xRange: 0...1, yRange: 0...1)
  }

  private func circles(_ svg: String) -> [(radius: String, fill: String)] {
    svg.matches(of: /<circle[^>]* r="([0-9.]+)" fill="([^"]+)"/).map {
      (String($0.output.1), String($0.output.2))
    }
  }

  @Test func neighborsOfOneClassAreOneBar() {
    // The lowest row first: two bars in it, one in that above, none where no class is.
    let svg = chart([[0, 0, 1, 1], [1, 1, 1, 1], [-1, -1, -1, -1]]).svg
    let bars = svg.matches(of: /<rect[^>]*fill="(#[0-9a-f]{6})" fill-opacity="0.22"/)
    #expect(bars.map { String($0.output.1) } == ["#1279bd", "#d55e00", "#d55e00"])
    #expect(svg.contains(">low</text>") && svg.contains(">high</text>"))
    // Points outside the plane are left out: one square of two remains beside that of the legend.
    #expect(svg.matches(of: /h5v5h-5z/).count == 2)
    #expect(chart([]).svg.contains("no finite values"))
  }

  @Test func landmarksAreEmptyRingsAndCentersFullOnes() {
    var picture = chart([[0, 1]])
    #expect(circles(picture.svg).isEmpty)
    picture.centers = [[Point(x: 0.5, y: 0.5)], [Point(x: 0.6, y: 0.6), Point(x: 9, y: 9)]]
    #expect(circles(picture.svg).map(\.radius) == ["5.5", "5.5"])
    #expect(circles(picture.svg).map(\.fill) == ["#1279bd", "#d55e00"])
    picture.centers = []
    picture.landmarks = Series(
      "units", points: [Point(x: 0.1, y: 0.9), Point(x: .nan, y: 0.5), Point(x: 0.5, y: -1)])
    let rings = circles(picture.svg)
    // One in the plane, one in the legend.
    #expect(rings.map(\.radius) == ["4.5", "4.5"])
    #expect(rings.allSatisfy { $0.fill == "none" })
    #expect(picture.svg.contains(">units</text>"))
  }

  @Test func curvesGoThroughPoints() {
    let points = Series("measured", points: [Point(x: 0, y: 1), Point(x: 1, y: 3)])
    let curve = Series(
      "fitted", points: (0...4).map { Point(x: Double($0), y: $0 == 2 ? .nan : Double($0)) })
    let svg = CurveChart(points: [points], curves: [curve]).svg
    #expect(svg.contains(">measured</text>") && svg.contains(">fitted</text>"))
    // Two points and the legend's in the first color, the curve with a gap in the second.
    let shapes = svg.matches(of: /<path d="([^"]*)" fill="#1279bd"/).map { String($0.output.1) }
    #expect(shapes.map { $0.count { $0 == "z" } } == [1, 2])
    let lines = svg.matches(of: /<path d="([^"]*)" fill="none" stroke="#d55e00"/)
      .map { String($0.output.1) }
    #expect(lines.map { $0.count { $0 == "M" } } == [2])
    #expect(CurveChart(points: [], curves: []).svg.contains("no finite values"))
  }
}
