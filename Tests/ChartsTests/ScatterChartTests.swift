import Charts
import Testing

@Suite struct ScatterChartTests {
  private func labels(_ svg: String) -> [String] {
    svg.matches(of: />(−?[0-9.]+)<\/text>/).map { String($0.output.1) }
  }

  @Test func valuesBesideThoseTheyShouldEqualHaveOneRange() {
    let points = [Point(x: 0.2, y: 3), Point(x: 7.8, y: 5)]
    var chart = ScatterChart(classes: [Series("", points: points)])
    #expect(!chart.svg.contains("stroke-dasharray"))
    chart.showsDiagonal = true
    let svg = chart.svg
    // The ticks of y, then those of x.
    #expect(labels(svg) == ["0", "2", "4", "6", "8", "0", "2", "4", "6", "8"])
    // From the lower left corner to the upper right one; the grid's lines are level.
    let line = /<line x1="([0-9.]+)" y1="([0-9.]+)" x2="([0-9.]+)" y2="([0-9.]+)"[^>]*dasharray/
    let ends = svg.firstMatch(of: line)?.output
    #expect(ends.map { Double($0.1) ?? 0 < Double($0.3) ?? 0 } == true)
    #expect(ends.map { Double($0.2) ?? 0 > Double($0.4) ?? 0 } == true)
  }
}
