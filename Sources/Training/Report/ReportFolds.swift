import Charts

extension TrainingReport {
  /// Where a cross-validation went before the run: each λ's estimate, or each fold's score.
  var foldsSection: String {
    guard let result = crossValidation else { return "" }
    var content = [HTML.element("p", Self.words(on: result))]
    if let chart = Self.chart(of: result) {
      content.append("<div class=\"charts\">\n\(chart.svg)</div>")
    }
    content.append(result.isSearch ? Self.penalties(result) : Self.folds(result))
    var note =
      "The rows were divided into \(result.folds) folds; each fold’s loss is that of a network which "
      + "learned from the others, without penalties. ± is the standard error of the mean over the "
      + "folds."
    if let edge = result.edgeRemark { note += " \(edge)." }
    content.append(HTML.note(note))
    return HTML.section(result.isSearch ? "How λ was chosen" : "Cross-validation", content)
  }

  private static func text(
    _ estimate: PenaltyScore.Estimate?,
    _ text: (Double, Int) -> String = { NumberText.compact($0, digits: $1) }
  ) -> String {
    estimate.map { "\(text($0.mean, 4)) ± \(text($0.standardError, 2))" } ?? "–"
  }

  private static func words(on result: CrossValidationResult) -> String {
    let best = result.best
    let rows = ReportText.count(result.rows, "row")
    guard result.isSearch else {
      return
        "With these settings, networks that learned without one of \(result.folds) folds of the "
        + "\(rows) have a mean loss of \(text(best.loss)) on it."
    }
    var sentence =
      "Of \(result.scores.count) penalties ½ λ Σw², λ = \(ReportText.number(best.l2)) has the "
      + "smallest mean loss over \(result.folds) folds of the \(rows), \(text(best.loss)); the network "
      + "of this report was trained with it."
    let simplest = result.oneStandardError
    if simplest.l2 != best.l2 {
      sentence +=
        " λ = \(ReportText.number(simplest.l2)) is the largest whose mean loss, "
        + "\(text(simplest.loss)), is within one standard error of it."
    }
    return sentence
  }

  /// The loss against λ; of λ = 0, which has no place on the axis, the table tells.
  private static func chart(of result: CrossValidationResult) -> IntervalChart? {
    let estimates = result.scores.compactMap { score -> IntervalChart.Estimate? in
      guard score.l2 > 0, let loss = score.loss else { return nil }
      return .init(
        x: score.l2, y: loss.mean, error: loss.standardError,
        isChosen: score.l2 == result.best.l2)
    }
    guard estimates.count > 1 else { return nil }
    let (low, high) = (estimates.map(\.y).min() ?? 0, estimates.map(\.y).max() ?? 0)
    var marks = [
      Mark(x: result.best.l2, label: "smallest mean: λ = \(ReportText.number(result.best.l2))")
    ]
    let simplest = result.oneStandardError.l2
    if simplest != result.best.l2 {
      marks.append(
        Mark(x: simplest, label: "one standard error: λ = \(ReportText.number(simplest))"))
    }
    // A label stands beside its line, toward the middle: on the right the outer line comes first, so that
    // no other line crosses its label.
    if let low = estimates.first?.x, let high = estimates.last?.x, simplest * simplest > low * high
    {
      marks.reverse()
    }
    return IntervalChart(
      title: "Loss on held-out rows", xLabel: "λ", yLabel: "mean over the folds, ± standard error",
      estimates: estimates, logarithmicX: true, logarithmicY: low > 0 && high > 10 * low,
      marks: marks.filter { $0.x > 0 })
  }

  private static func penalties(_ result: CrossValidationResult) -> String {
    typealias Entry = (column: HTML.Column, text: (PenaltyScore) -> String)
    var entries: [Entry] = [
      (
        .number("λ"),
        { ReportText.number($0.l2) + ($0.l2 == result.best.l2 ? "\u{A0}★" : "") }
      ), (.number("Mean loss"), { text($0.loss) }),
    ]
    if result.best.accuracy != nil {
      entries.append(
        (.number("Accuracy"), { text($0.accuracy) { value, _ in ReportText.percent(value) } }))
    }
    if result.best.rootMeanSquaredError != nil {
      entries.append((.number("RMSE"), { text($0.rootMeanSquaredError) }))
    }
    return HTML.table(
      entries.map(\.column), result.scores.map { score in entries.map { $0.text(score) } },
      class: "compact")
  }

  private static func folds(_ result: CrossValidationResult) -> String {
    let hasAccuracy = result.best.accuracy != nil
    return HTML.table(
      [
        .number("Fold"), .number("Rows"), .number("Loss"),
        .number(hasAccuracy ? "Accuracy" : "RMSE"),
      ],
      result.best.folds.map { fold in
        [
          "\(fold.fold)", fold.rows.grouped, fold.loss.map(ReportText.number) ?? "–",
          fold.accuracy.map(ReportText.percent)
            ?? fold.rootMeanSquaredError.map(ReportText.number) ?? "–",
        ]
      }, class: "compact")
  }
}
