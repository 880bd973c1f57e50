import Charts

extension TrainingReport {
  /// Losses, metrics and the learning rate over the epochs.
  var curves: String {
    guard !history.isEmpty else { return "" }
    let charts = [lossChart, metricChart, learningRateChart].compactMap { $0 } + figureCharts
    var notes =
      optimizer.optimizer is any FullBatchRule
      ? "The training loss is that after each iteration over all rows, penalties included."
      : "The training loss is the mean over an epoch while the parameters still change, penalties "
        + "included."
    if validation != nil {
      notes += " The validation loss is measured after the epoch, without penalties."
    }
    if hasScaledTargets { notes += " Losses are those of scaled targets." }
    return HTML.section(
      "How it learned",
      [
        "<div class=\"charts\">\n\(charts.map(\.svg).joined())</div>", HTML.note(notes),
        HTML.details("Every epoch in numbers", epochTable),
      ])
  }

  private var marks: [Mark] {
    guard let lowestEpoch else { return [] }
    let label = bestEpoch == nil ? "lowest loss: epoch \(lowestEpoch)" : "best epoch \(lowestEpoch)"
    return [Mark(x: Double(lowestEpoch), label: label)]
  }

  private func series(_ name: String, _ value: (EpochRecord) -> Double?) -> Series? {
    let points = history.compactMap { record in
      value(record).map { Point(x: Double(record.epoch), y: $0) }
    }
    return points.isEmpty ? nil : Series(name, points: points)
  }

  private var lossChart: LineChart? {
    let series = [
      series("training", { $0.trainingLoss }), series("validation", { $0.validationLoss }),
    ].compactMap { $0 }
    // Small losses would lie flat on the axis once the large ones of the beginning are drawn too.
    let values = series.flatMap(\.points).map(\.y).filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return LineChart(
      title: "Loss", xLabel: "epoch", yLabel: ReportText.words(type(of: loss.loss).kind),
      series: series, logarithmicY: low > 0 && high > 10 * low, marks: marks)
  }

  private var metricChart: LineChart? {
    if let accuracy = series("validation", { $0.validationAccuracy.map { $0 * 100 } }) {
      return LineChart(
        title: "Accuracy", xLabel: "epoch", yLabel: "% of the validation rows", series: [accuracy],
        marks: marks)
    }
    return series("validation", { $0.validationRMSE }).map { error in
      let values = error.points.map(\.y).filter(\.isFinite)
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return LineChart(
        title: "Root mean squared error", xLabel: "epoch", yLabel: "in the targets’ units",
        series: [error], logarithmicY: low > 0 && high > 10 * low, marks: marks)
    }
  }

  /// Only where the rate changes.
  private var learningRateChart: LineChart? {
    guard Set(history.map(\.learningRate)).count > 1 else { return nil }
    return series("learning rate", { $0.learningRate }).map { rate in
      LineChart(
        title: "Learning rate", xLabel: "epoch", yLabel: "at the end of the epoch",
        series: [Series("", points: rate.points)])
    }
  }

  /// The names of what the training rule tells of its iterations, in its order.
  private var figureNames: [String] {
    var names: [String] = []
    for figure in history.lazy.compactMap(\.figures).joined() where !names.contains(figure.name) {
      names.append(figure.name)
    }
    return names
  }

  /// A curve for each figure that changes.
  private var figureCharts: [LineChart] {
    figureNames.compactMap { name in
      guard let figure = series(ReportText.words(name), { $0.figure(name) }) else { return nil }
      let values = figure.points.map(\.y).filter(\.isFinite)
      guard let low = values.min(), let high = values.max(), low < high else { return nil }
      return LineChart(
        title: ReportText.sentence(ReportText.words(name)), xLabel: "epoch", yLabel: "",
        series: [Series("", points: figure.points)],
        logarithmicY: low > 0 && high > 100 * low)
    }
  }

  /// A row for each epoch; of long runs about a hundred, evenly spread, with the best and the last.
  private var epochTable: String {
    let stride = max(1, (history.count + 99) / 100)
    let records = history.enumerated().filter { place, record in
      place % stride == 0 || place == history.count - 1 || record.epoch == lowestEpoch
    }.map(\.element)
    typealias Entry = (column: HTML.Column, text: (EpochRecord) -> String)
    func number(_ value: Double?) -> String { value.map(ReportText.number) ?? "–" }
    var entries: [Entry] = [
      (.text("Epoch"), { String($0.epoch) + ($0.epoch == lowestEpoch ? "\u{A0}★" : "") }),
      (.number("Training loss"), { number($0.trainingLoss) }),
    ]
    if history.contains(where: { $0.learningRate != nil }) {
      entries.insert((.number("Learning rate"), { number($0.learningRate) }), at: 1)
    }
    for name in figureNames {
      let title = ReportText.sentence(ReportText.words(name))
      entries.append((.number(title), { number($0.figure(name)) }))
    }
    if history.contains(where: { $0.validationLoss != nil }) {
      entries.append((.number("Validation loss"), { number($0.validationLoss) }))
    }
    if history.contains(where: { $0.validationAccuracy != nil }) {
      entries.append(
        (
          .number("Validation accuracy"),
          { $0.validationAccuracy.map(ReportText.percent) ?? "–" }
        ))
    }
    if history.contains(where: { $0.validationRMSE != nil }) {
      entries.append((.number("Validation RMSE"), { number($0.validationRMSE) }))
    }
    let table = HTML.table(
      entries.map(\.column), records.map { record in entries.map { $0.text(record) } },
      class: "compact")
    let best = lowestEpoch == nil ? "" : HTML.note("★ the epoch with the lowest validation loss")
    return table + best
  }
}
