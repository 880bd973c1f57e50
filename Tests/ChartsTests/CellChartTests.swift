import Charts
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct CellChartTests {
  @Test func confusionMatrix() {
    let svg = ConfusionMatrixChart(labels: ["no", "yes"], counts: [[3, 1], [0, 12]]).svg
    #expect(svg.contains("<title>no predicted as yes: 1 (25\u{A0}%)</title>"))
    #expect(svg.contains("<title>yes predicted as yes: 12 (100\u{A0}%)</title>"))
    // √(1/4) · 0.9 and √(12/12) · 0.9
    #expect(svg.contains("fill=\"#d55e00\" fill-opacity=\"0.45\""))
    #expect(svg.contains("fill=\"#1279bd\" fill-opacity=\"0.9\""))
    #expect(svg.contains(">predicted</text>") && svg.contains(">actual</text>"))
  }

  @Test func longNamesKeepTheirEndsAndHaveTooltips() {
    let names = (1...30).map { "an extremely long class name \($0)" }
    let svg = ConfusionMatrixChart(labels: names, counts: []).svg
    #expect(svg.components(of: "<title>an extremely long class name 17</title>") == 2)
    #expect(svg.contains("e 17</text>"))
    #expect(!svg.contains(">an extremely long class name 17</text>"))
  }

  @Test func heatMapMarksWhatIsMissing() {
    let svg = HeatMap(
      rowLabels: ["r1", "r2"], columnLabels: ["a", "b"], values: [[1, -2], [.nan]]
    ).svg
    #expect(svg.contains("<title>r1, b: −2</title>"))
    #expect(svg.contains(">–</text>"))
    #expect(svg.components(of: "<rect") == 3)
    #expect(!svg.contains("nan"))
  }

  @Test func bars() {
    let svg = BarChart(bars: [.init("a", 1), .init("b", -0.5), .init("c", .nan)]).svg
    #expect(svg.components(of: "<rect") == 2)
    for text in [">1<", ">−0.5<", ">NaN<"] { #expect(svg.contains(text)) }
    #expect(BarChart(bars: [.init("a", 0)]).svg.components(of: "<rect") == 0)
  }

  @Test(
    arguments: [
      LineChart(title: "<&>", series: [Series("a&b", values: [1, .nan, 3])]),
      ConfusionMatrixChart(labels: ["<a>", "\"b\"", "\u{1}"], counts: [[1], [2, 3, 4, 5]]),
      ConfusionMatrixChart(labels: [], counts: []),
      HeatMap(rowLabels: ["<r>"], columnLabels: [], values: [[1]]),
      ImageGrid(
        title: "&", images: [GrayImage(width: 1, height: 2, values: [.nan, 7], caption: "<")]),
      ImageGrid(images: []), BarChart(bars: []), BarChart(bars: [.init("<", .infinity)]),
      ScatterChart(classes: [Series("&", values: [1, 2])]),
    ] as [any Chart])
  func isWellFormed(_ chart: any Chart) {
    let svg = chart.svg
    #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(svg)")
    #expect(!svg.contains("=\"nan") && !svg.contains("=\"inf"))
  }
}
