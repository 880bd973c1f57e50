import Charts
import GraphIR

extension TrainingReport {
  /// A confusion matrix of more classes than this could not be read.
  private static let drawnClasses = 60
  /// The classes listed one by one; the rest is in the JSON.
  private static let listedClasses = 200

  /// Metrics, each class's scores, the confusion matrix, and predictions of values.
  var results: String {
    guard let measured else { return "" }
    var parts = [HTML.part("In all", overview)]
    if let metrics = measured.result.classification {
      parts.append(HTML.part("Class by class", classTable(metrics)))
      parts.append(HTML.part("Confusion matrix", confusion(metrics)))
    }
    if let metrics = measured.result.regression, metrics.outputs.count > 1 {
      parts.append(HTML.part("Output by output", outputTable(metrics)))
    }
    parts.append(HTML.part("Predicted and actual values", predictionCharts))
    return HTML.section("How well it does on \(measured.role) rows", parts)
  }

  /// One line for each data set that was kept apart.
  private var overview: String {
    let results = [("Validation", validationResult), ("Test", testResult)].compactMap { entry in
      entry.1.map { (name: entry.0, result: $0) }
    }
    if results.allSatisfy({ $0.result.classification != nil }) {
      return HTML.table(
        [
          .text("Rows"), .number("Count"), .number("Wrong"), .number("Accuracy"), .number("Loss"),
          .number("Mean precision"), .number("Mean recall"), .number("Mean F1"),
        ],
        results.compactMap { name, result in
          result.classification.map { metrics in
            let mean = metrics.macroAverage
            return [
              name, result.count.grouped,
              (metrics.count - metrics.correctCount).grouped,
              ReportText.percent(metrics.accuracy), ReportText.number(result.loss),
              ReportText.score(mean.precision), ReportText.score(mean.recall),
              ReportText.score(mean.f1),
            ]
          }
        })
    }
    return HTML.table(
      [
        .text("Rows"), .number("Count"), .number("Loss"), .number("RMSE"), .number("MAE"),
        .number("R²"),
      ],
      results.map { name, result in
        let start = [name, result.count.grouped, ReportText.number(result.loss)]
        guard let metrics = result.regression else { return start + ["–", "–", "–"] }
        return start + [
          ReportText.number(metrics.rootMeanSquaredError),
          ReportText.number(metrics.meanAbsoluteError), ReportText.score(metrics.rSquared),
        ]
      }, class: "compact") + (hasScaledTargets ? HTML.note(Self.scaledLoss) : "")
  }

  /// Whether the loss is in other units than the targets.
  var hasScaledTargets: Bool { targetScaling != .none }

  private static let scaledLoss =
    "The loss is that of scaled targets, as the network learns them; RMSE and MAE are in the "
    + "targets’ own units."

  private func classTable(_ metrics: ClassificationMetrics) -> String {
    func row(_ name: String, _ scores: ClassificationMetrics.Scores) -> [String] {
      [name] + [scores.precision, scores.recall, scores.f1].map(ReportText.score)
        + [scores.support.grouped]
    }
    let rows = zip(metrics.classes, metrics.perClass).map(row)
    let table = HTML.table(
      [
        .text("Class"), .number("Precision"), .number("Recall"), .number("F1"),
        .number("Support"),
      ],
      Array(rows.prefix(Self.listedClasses)), footer: [row("Mean", metrics.macroAverage)],
      class: "compact")
    var note =
      "Precision: of the rows taken for the class, the share that belongs to it. Recall: of the "
      + "rows of the class, the share that was found. F1: their harmonic mean. Support: the rows "
      + "of the class."
    if rows.count > Self.listedClasses {
      note = "The first \(Self.listedClasses) of \(rows.count.grouped) classes. " + note
    }
    return table + HTML.note(note)
  }

  private func confusion(_ metrics: ClassificationMetrics) -> String {
    let count = metrics.classes.count
    var text = ""
    if count <= Self.drawnClasses {
      let chart = ConfusionMatrixChart(
        labels: metrics.classes, counts: metrics.confusionMatrix)
      // The smallest width at which the counts can be read; the box around it scrolls.
      let width = count > 15 ? " style=\"min-width:\(110 + 30 * count)px\"" : ""
      text = "<div class=\"scroll\"><div class=\"matrix\"\(width)>\n\(chart.svg)</div></div>\n"
    }
    var pairs: [(actual: Int, predicted: Int, count: Int)] = []
    for (actual, row) in metrics.confusionMatrix.enumerated() {
      for (predicted, count) in row.enumerated() where count > 0 && actual != predicted {
        pairs.append((actual, predicted, count))
      }
    }
    guard count > 2, !pairs.isEmpty else { return text }
    pairs.sort { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
    let table = HTML.table(
      [.text("Actual class"), .text("Taken for"), .number("Rows"), .number("Of the class")],
      pairs.prefix(8).map { pair in
        let total = metrics.confusionMatrix[pair.actual].reduce(0, +)
        return [
          metrics.classes[pair.actual], metrics.classes[pair.predicted],
          pair.count.grouped, ReportText.percent(Double(pair.count) / Double(total)),
        ]
      })
    return
      "<div class=\"beside\(count > 15 ? " large" : "")\">\n\(text)<div>\n\(HTML.note("The most frequent mistakes"))\n"
      + "\(table)\n</div>\n</div>"
  }

  private func outputTable(_ metrics: RegressionMetrics) -> String {
    HTML.table(
      [.text("Output"), .number("RMSE"), .number("MAE"), .number("R²")],
      metrics.outputs.prefix(Self.listedClasses).map { output in
        [
          output.name, ReportText.number(output.rootMeanSquaredError),
          ReportText.number(output.meanAbsoluteError), ReportText.score(output.rSquared),
        ]
      }, class: "compact")
  }

  /// For rows of one feature the values over it, else the predicted over the actual values; of the
  /// first outputs.
  private var predictionCharts: String {
    guard !predictions.isEmpty else { return "" }
    let overFeature = predictions.allSatisfy { $0.feature != nil }
    let charts = outputs.names.prefix(4).enumerated().map { output, name in
      let values = predictions.filter { $0.output == output }
      if overFeature {
        func points(_ value: (Prediction) -> Double) -> [Point] {
          values.map { Point(x: $0.feature ?? 0, y: value($0)) }
        }
        return ScatterChart(
          title: name, xLabel: featureNames.first ?? "feature",
          classes: [
            Series("actual", points: points(\.actual)),
            Series("predicted", points: points(\.predicted)),
          ])
      }
      return ScatterChart(
        title: name, xLabel: "actual", yLabel: "predicted",
        classes: [Series("", points: values.map { Point(x: $0.actual, y: $0.predicted) })],
        showsDiagonal: true)
    }
    var note = overFeature ? "" : "Perfect predictions would lie on the dashed line. "
    if outputs.names.count > 4 { note += "The first 4 of \(outputs.names.count) outputs. " }
    let rows = Set(predictions.map(\.row)).count
    let all = measured?.result.count ?? rows
    if rows < all {
      note += "\(rows.grouped) of \(all.grouped) rows, evenly spread."
    }
    return "<div class=\"charts\">\n\(charts.map(\.svg).joined())</div>"
      + (note.isEmpty ? "" : HTML.note(note))
  }
}
