import Charts
import GraphIR

extension PruningReport {
  /// The report as one HTML page: the loss against the weights that are left, what went, and what each
  /// weight was expected to cost. One file without scripts that loads nothing from elsewhere.
  public func page() -> String {
    HTML.page(title: "\(data) – pruning report", [heading, course, removals, expectations])
  }

  private var heading: String {
    let share = Double(removedCount) / Double(max(1, candidates))
    var lines = [
      "\(removedCount.grouped) of \(ReportText.count(candidates, "weight")) removed "
        + "(\(ReportText.percent(share))) by \(rule), on \(ReportText.count(rows, "row")) of \(data)",
      "loss \(ReportText.number(lossBefore)) before, \(ReportText.number(lossAfter)) after",
    ]
    if let accuracyBefore, let accuracyAfter {
      lines.append(
        "accuracy \(ReportText.percent(accuracyBefore)) before, "
          + "\(ReportText.percent(accuracyAfter)) after")
    }
    if let end { lines.append("stopped: \(end)") }
    return "<header>\n\(HTML.element("h1", "Pruning"))\n"
      + lines.map { HTML.element("p", $0) }.joined(separator: "\n") + "\n</header>\n"
  }

  /// The loss against the number of weights that are left.
  var lossChart: LineChart {
    func points(_ value: (Step) -> Double?) -> [Point] {
      steps.compactMap { step in value(step).map { Point(x: Double(step.left), y: $0) } }
    }
    let start = Point(x: Double(candidates), y: lossBefore)
    var series = [Series("after the removal", points: [start] + points { $0.loss })]
    let retrained = points { $0.retrainedLoss }
    if !retrained.isEmpty {
      series.append(Series("after training on", points: [start] + retrained))
    }
    let values = series.flatMap(\.points).map(\.y).filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return LineChart(
      title: "Loss", xLabel: "weights left", yLabel: "loss on the rows", series: series,
      logarithmicY: low > 0 && high > 10 * low)
  }

  private var course: String {
    HTML.section(
      "What it cost",
      [
        lossChart.svg,
        HTML.note("The loss is over the rows that pruning went by, without penalties."),
      ])
  }

  private var removals: String {
    let entries = steps.flatMap { step in step.removed.map { ($0, step) } }
    let shown = entries.prefix(500).enumerated().map { number, entry in
      [
        "\(number + 1)", entry.0.name, ReportText.number(entry.0.weight),
        ReportText.number(entry.0.saliency), "\(entry.1.left)",
        ReportText.number(entry.1.finalLoss),
      ]
    }
    let table = HTML.table(
      [
        .number("No."), .text("Weight"), .number("Its value"), .number("Expected cost"),
        .number("Left after the step"), .number("Loss after the step"),
      ], Array(shown), class: "compact")
    let rest = entries.count - shown.count
    return HTML.section(
      "What went",
      [table, rest > 0 ? HTML.note("and \(ReportText.count(rest, "weight")) more") : ""])
  }

  private var expectations: String {
    let shown = saliencies.prefix(200).map {
      [$0.name, ReportText.number($0.weight), ReportText.number($0.saliency)]
    }
    return HTML.section(
      "What each weight was expected to cost",
      [
        HTML.details(
          "The \(shown.count.grouped) cheapest weights before the first removal",
          HTML.table(
            [.text("Weight"), .number("Its value"), .number("Expected cost")], Array(shown),
            class: "compact"))
      ])
  }
}
