import Charts
import Testing

@Suite struct LatticeChartTests {
  private func count(_ text: String, in svg: String) -> Int {
    svg.ranges(of: text).count
  }

  @Test func unitsAreSquaresOrHexagons() {
    let values = [[0, 1, 2], [3, 4, .nan]]
    var chart = LatticeChart(title: "Map", planes: [.init(values: values)])
    #expect(count("<path", in: chart.svg) == 6)
    // Four corners have three lines and the closing one.
    let square = /d="M[^"]*"/
    #expect(chart.svg.matches(of: square).allSatisfy { $0.output.filter { $0 == "L" }.count == 3 })
    chart.isHexagonal = true
    #expect(chart.svg.matches(of: square).allSatisfy { $0.output.filter { $0 == "L" }.count == 5 })
    #expect(chart.svg.contains("<title>row 2, column 3: –</title>"))
    #expect(chart.svg.contains(">0</text>") && chart.svg.contains(">4</text>"))
  }

  @Test func dotsHaveTheColorsOfTheLegend() {
    let marks: [[LatticeChart.Mark?]] = [[.init(group: 0, size: 1), nil]]
    let chart = LatticeChart(planes: [.init(values: [[1, 2]], marks: marks)], groups: ["a", "b"])
    // One dot on the map and two in the legend.
    #expect(count("<circle", in: chart.svg) == 3)
    #expect(count("#d55e00", in: chart.svg) == 2)
  }

  @Test func severalPlanesStandSideBySide() {
    let planes = (0..<5).map { LatticeChart.Plane(title: "plane \($0)", values: [[0, 1]]) }
    let svg = LatticeChart(planes: planes).svg
    for plane in planes { #expect(svg.contains(">\(plane.title)</text>")) }
    #expect(LatticeChart(planes: []).svg.contains("no finite values"))
    #expect(LatticeChart(planes: [.init(values: [])]).svg.contains("no finite values"))
  }

  @Test func aMosaicIsOnePicture() {
    let images = (0..<5).map { _ in
      GrayImage(width: 3, height: 2, values: (0..<6).map { Double($0) / 5 })
    }
    let svg = MosaicChart(title: "All", images: images, columns: 2, isStaggered: true).svg
    #expect(count("<image", in: svg) == 1)
    #expect(MosaicChart(images: [], columns: 3).svg.contains("no finite values"))
    // An image that holds too few values leaves gray.
    let few = GrayImage(width: 3, height: 2, values: [1])
    #expect(MosaicChart(images: images + [few], columns: 0).svg.hasPrefix("<svg"))
  }

  @Test func graphsHaveUnitsAndEdges() {
    let nodes = [Point(x: 0, y: 0), Point(x: 1, y: 1), Point(x: .nan, y: 0)]
    let rows = Series("", points: [Point(x: 0.5, y: 0.5)])
    var chart = GraphChart(
      classes: [rows], nodes: nodes, edges: [.init(0, 1), .init(0, 2), .init(0, 9)])
    #expect(count("<circle", in: chart.svg) == 2)
    let line = /<path d="M[^"]*" fill="none"/
    #expect(chart.svg.firstMatch(of: line)?.output.filter { $0 == "L" }.count == 1)
    chart.nodeClasses = [0, 1, 0]
    #expect(chart.svg.contains("#d55e00"))
    #expect(GraphChart(classes: [], nodes: []).svg.contains("no finite values"))
  }

  @Test func centersStandOutInRegions() {
    let rows = Series("a", points: [Point(x: 0.2, y: 0.2)])
    var chart = RegionChart(classes: [rows], regions: [[0, 0]], xRange: 0...1, yRange: 0...1)
    #expect(count("<circle", in: chart.svg) == 0)
    chart.centers = [[Point(x: 0.5, y: 0.5), Point(x: 5, y: 5)]]
    #expect(count("<circle", in: chart.svg) == 1)
  }
}
