import Charts
import Foundation
import Testing

@Suite("Cascade charts")
struct CascadeChartTests {
  private func count(_ part: String, in text: String) -> Int {
    text.components(separatedBy: part).count - 1
  }

  @Test("every weight that is not 0 has a mark, frozen ones a square")
  func marks() {
    let chart = CascadeChart(
      title: "Grown", inputs: ["1", "x"],
      hidden: [.init("1", weights: [0.5, -2]), .init("2", weights: [1, 0, 3])],
      outputs: [.init("y", weights: [-1, 0.25, 4, .nan])])
    let svg = chart.svg
    // Two squares more are the legend's.
    #expect(count("<rect", in: svg) == 4 + 2)
    #expect(svg.contains("<title>1 ← x: −2</title>"))
    #expect(svg.contains("<title>2 ← 1: 3</title>"))
    #expect(svg.contains("<title>y ← 1: 4</title>"))
    #expect(!svg.contains("NaN") && !svg.contains("nan"))
    #expect(svg == chart.svg)
  }

  @Test("a network without hidden units, and one of many, can be drawn")
  func sizes() {
    #expect(CascadeChart(inputs: ["1"], hidden: [], outputs: []).svg.hasPrefix("<svg"))
    let hidden = (0..<200).map {
      CascadeChart.Unit("\($0)", weights: [Double](repeating: 1, count: $0 + 1))
    }
    let chart = CascadeChart(inputs: ["1"], hidden: hidden, outputs: [.init("y", weights: [1])])
    #expect(chart.svg.hasPrefix("<svg"))
  }
}
