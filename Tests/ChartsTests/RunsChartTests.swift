import Charts
import Foundation
import Testing

/// Many runs with one of them strong, and estimates with their errors.
@Suite struct RunsChartTests {
  private let runs = [
    Series("", values: [3, 2, 1]), Series("start 2", values: [3, 1, 0.1]),
    Series("", values: [4, .nan, 2]),
  ]

  @Test func theBestRunLiesOnTop() {
    let chart = RunsChart(title: "t", runs: runs, best: 1, logarithmicY: true)
    let paths = chart.svg.split(separator: "\n").filter { $0.hasPrefix("<path") }
    #expect(paths.count == 3)
    #expect(paths.last?.contains("#") == true && paths.last?.contains("currentColor") == false)
    #expect(paths.dropLast().allSatisfy { $0.contains("currentColor") })
    #expect(chart.svg.contains("start 2") && chart.svg.contains("the others"))
    // A gap leaves two dots: lines of no length.
    #expect(paths[1].components(separatedBy: "M").count == 3)
  }

  @Test func oneRunNeedsNoOthers() {
    #expect(!RunsChart(runs: [runs[1]], best: 0).svg.contains("the others"))
    #expect(RunsChart(runs: runs, best: 99).svg.contains("the others"))
    #expect(RunsChart(runs: []).svg.contains("no finite values"))
    #expect(
      RunsChart(runs: [Series("", values: [-1])], logarithmicY: true).svg
        .contains("no finite values"))
  }

  @Test func errorsAreBars() {
    let svg = IntervalChart(
      estimates: [
        .init(x: 0.001, y: 1, error: 0.2), .init(x: 0.01, y: 0.8, error: 0.2, isChosen: true),
        .init(x: 0.1, y: 2), .init(x: 0, y: 1), .init(x: 1, y: .nan, error: 1),
      ], logarithmicX: true, marks: [Mark(x: 0.01, label: "smallest")]
    ).svg
    #expect(svg.components(separatedBy: "<circle").count == 4)
    #expect(svg.contains("smallest") && !svg.contains("nan"))
    // A bar that reaches below zero ends at the bottom of a logarithmic axis.
    let low = IntervalChart(estimates: [.init(x: 1, y: 1, error: 5)], logarithmicY: true).svg
    #expect(low.contains("<circle") && !low.contains("nan"))
    #expect(IntervalChart(estimates: []).svg.contains("no finite values"))
  }
}
