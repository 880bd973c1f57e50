import Charts
import Testing

@Suite struct LineChartTests {
  /// The smallest whole picture, to the letter.
  @Test func exactPicture() {
    let svg = LineChart(series: [Series("", values: [0, 1])]).svg
    #expect(svg == expected)
  }

  @Test func gapsSplitTheLineAndLonePointsAreDots() {
    let values = [1, 2, .nan, 4, .infinity] + Array(repeating: 3.0, count: 30)
    let svg = LineChart(series: [Series("loss", values: values)]).svg
    #expect(svg.components(of: "<circle") == 1)
    #expect(svg.components(of: "M") == 2)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func singlePointIsVisible() {
    let svg = LineChart(series: [Series("loss", values: [0.25])]).svg
    #expect(svg.components(of: "<circle") == 1)
    #expect(!svg.contains("<path"))
  }

  @Test func nothingToDraw() {
    #expect(LineChart(series: []).svg.contains("no finite values"))
    let negative = [Series("a", values: [-1, 0])]
    #expect(LineChart(series: negative, logarithmicY: true).svg.contains("no finite values"))
  }

  @Test func textIsEscaped() {
    let chart = LineChart(
      title: "a < b & \"c\"\u{0}", xLabel: "<x>", series: [Series("<s>", values: [1, 2])],
      marks: [Mark(x: 1, label: "<best>"), Mark(x: 99, label: "outside")])
    #expect(chart.svg.contains("a &lt; b &amp; &quot;c&quot;\u{FFFD}"))
    for text in ["&lt;x&gt;", "&lt;s&gt;", "&lt;best&gt;"] { #expect(chart.svg.contains(text)) }
    #expect(!chart.svg.contains("outside"))
  }

  @Test func extremesSurviveThinning() {
    var values = (0..<100_000).map { Double($0 % 7) }
    values[31_234] = 100
    values[77_777] = -100
    let points = values.enumerated().map { Point(x: Double($0.offset) / 250, y: $0.element) }
    let thinned = Downsampling.thinned(points)
    #expect(thinned.count <= 4 * 400)
    #expect(thinned.contains(points[31_234]))
    #expect(thinned.contains(points[77_777]))
    #expect(thinned.first == points.first)
    #expect(thinned.last == points.last)
    #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x <= $1.x })
    #expect(LineChart(series: [Series("", values: values)]).svg.utf8.count < 40_000)
  }

  @Test func sameValuesSameText() {
    let series = (0..<12).map { Series("s\($0)", values: [1, Double($0), 3]) }
    let chart = LineChart(title: "t", series: series, logarithmicY: true)
    #expect(chart.svg == chart.svg)
    #expect(chart.svg.contains("stroke-dasharray=\"5 3\""))
  }

  @Test func scatterClassesHaveTheirOwnShapes() {
    let a = Series("a", points: [(x: 0.0, y: 0.0), (x: 0.0, y: 0.0), (x: 1.0, y: .nan)])
    let svg = ScatterChart(classes: [a, Series("b", points: [(x: 1.0, y: 1.0)])]).svg
    // Two legend signs, one spot for each class.
    #expect(svg.components(of: "a2.8 2.8 0 1 0 5.6 0") == 2)
    #expect(svg.components(of: "h5v5h-5z") == 2)
    #expect(ScatterChart(classes: []).svg.contains("no finite values"))
  }
}

extension String {
  /// How often a piece of text occurs.
  func components(of piece: String) -> Int {
    self.split(separator: piece, omittingEmptySubsequences: false).count - 1
  }
}

private let expected = """
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 228" role="img" style="display:block;width:100%;max-width:600px;height:auto;color-scheme:light dark" font-family="system-ui,sans-serif" font-size="12" fill="currentColor">
  <line x1="31.6" y1="204" x2="408" y2="204" stroke="currentColor" stroke-width="1" stroke-opacity="0.15"/>
  <text x="25.6" y="208" text-anchor="end" font-size="11" fill-opacity="0.75">0</text>
  <line x1="31.6" y1="166" x2="408" y2="166" stroke="currentColor" stroke-width="1" stroke-opacity="0.15"/>
  <text x="25.6" y="170" text-anchor="end" font-size="11" fill-opacity="0.75">0.2</text>
  <line x1="31.6" y1="128" x2="408" y2="128" stroke="currentColor" stroke-width="1" stroke-opacity="0.15"/>
  <text x="25.6" y="132" text-anchor="end" font-size="11" fill-opacity="0.75">0.4</text>
  <line x1="31.6" y1="90" x2="408" y2="90" stroke="currentColor" stroke-width="1" stroke-opacity="0.15"/>
  <text x="25.6" y="94" text-anchor="end" font-size="11" fill-opacity="0.75">0.6</text>
  <line x1="31.6" y1="52" x2="408" y2="52" stroke="currentColor" stroke-width="1" stroke-opacity="0.15"/>
  <text x="25.6" y="56" text-anchor="end" font-size="11" fill-opacity="0.75">0.8</text>
  <line x1="31.6" y1="14" x2="408" y2="14" stroke="currentColor" stroke-width="1" stroke-opacity="0.15"/>
  <text x="25.6" y="18" text-anchor="end" font-size="11" fill-opacity="0.75">1.0</text>
  <line x1="31.6" y1="204" x2="31.6" y2="208" stroke="currentColor" stroke-width="1" stroke-opacity="0.4"/>
  <text x="31.6" y="220" text-anchor="middle" font-size="11" fill-opacity="0.75">1</text>
  <line x1="408" y1="204" x2="408" y2="208" stroke="currentColor" stroke-width="1" stroke-opacity="0.4"/>
  <text x="408" y="220" text-anchor="middle" font-size="11" fill-opacity="0.75">2</text>
  <line x1="31.6" y1="204" x2="408" y2="204" stroke="currentColor" stroke-width="1" stroke-opacity="0.4"/>
  <circle cx="31.6" cy="204" r="2.6" fill="#1279bd"/>
  <circle cx="408" cy="14" r="2.6" fill="#1279bd"/>
  <path d="M31.6 204L408 14" fill="none" stroke="#1279bd" stroke-width="1.8" stroke-linejoin="round"/>
  </svg>

  """
