import Charts

extension TrainingReport {
  /// Where this run is the best of several starts: all curves, all losses.
  var startsSection: String {
    guard let starts else { return "" }
    let pictures: [(any Chart)?] = [Self.curves(of: starts), Self.losses(of: starts)]
    let charts = pictures.compactMap(\.self)
    return HTML.section(
      "The starts",
      [
        HTML.element("p", Self.words(on: starts)),
        "<div class=\"charts\">\n\(charts.map(\.svg).joined())</div>",
        HTML.note(
          "Start k has the run’s seed + k − 1; its initial parameters and the order of its rows "
            + "follow from it. The best has the lowest \(starts.measure)"
            + (starts.isByValidation
              ? ", so that new rows may do a little worse than these." : " when it has ended.")),
        HTML.details("Every start in numbers", Self.table(of: starts)),
      ])
  }

  private static func words(on spread: StartSpread) -> String {
    let losses = spread.losses
    guard let best = losses.first, let median = spread.median, let worst = losses.last else {
      return "No start ended with a loss."
    }
    var text =
      "Of \(ReportText.count(spread.starts.count, "start")) the best is start\u{A0}\(spread.best), "
      + "whose \(spread.measure) is \(ReportText.number(best)); the median is "
      + "\(ReportText.number(median)), the worst \(ReportText.number(worst))."
    if !spread.failed.isEmpty {
      text +=
        " \(ReportText.count(spread.failed.count, "start")) failed: the loss became infinite or "
        + "not a number."
    }
    if spread.starts.count < spread.planned {
      text += " The run was stopped before all \(spread.planned.grouped) were made."
    }
    return text
  }

  private static func curves(of spread: StartSpread) -> RunsChart? {
    let drawn = spread.starts.filter { !$0.history.isEmpty }
    guard !drawn.isEmpty else { return nil }
    let runs = drawn.map { start in
      Series(
        start.number == spread.best ? "start \(start.number), the best" : "",
        points: start.history.map { record in
          Point(
            x: Double(record.epoch),
            y: (spread.isByValidation ? record.validationLoss : nil) ?? record.trainingLoss)
        })
    }
    let values = runs.flatMap(\.points).map(\.y).filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return RunsChart(
      title: "Every start", xLabel: "epoch", yLabel: spread.measure, runs: runs,
      best: drawn.firstIndex { $0.number == spread.best }, othersName: "the other starts",
      logarithmicY: low > 0 && high > 10 * low)
  }

  private static func losses(of spread: StartSpread) -> IntervalChart? {
    let ranked = spread.ranked
    guard ranked.count > 1, let low = spread.bestLoss, let high = spread.worst else { return nil }
    return IntervalChart(
      title: "Where they ended", xLabel: "starts, the best first", yLabel: spread.measure,
      estimates: ranked.enumerated().map { place, start in
        .init(
          x: Double(place + 1), y: start.loss ?? .nan, isChosen: start.number == spread.best)
      }, isJoined: false, logarithmicY: low > 0 && high > 10 * low)
  }

  private static func table(of spread: StartSpread) -> String {
    func number(_ value: Double?) -> String { value.map(ReportText.number) ?? "–" }
    func share(_ value: Double?) -> String { value.map(ReportText.percent) ?? "–" }
    typealias Entry = (column: HTML.Column, text: (StartRecord) -> String)
    var entries: [Entry] = [
      (.number("Start"), { "\($0.number)" + ($0.number == spread.best ? "\u{A0}★" : "") }),
      (.number("Seed"), { "\($0.seed)" }), (.number("Epochs"), { $0.epochs.grouped }),
      (.number("Training loss"), { number($0.trainingLoss) }),
    ]
    if spread.starts.contains(where: { $0.trainingAccuracy != nil }) {
      entries.append((.number("Training accuracy"), { share($0.trainingAccuracy) }))
    }
    if spread.isByValidation {
      entries.append((.number("Validation loss"), { number($0.validationLoss) }))
      if spread.starts.contains(where: { $0.validationAccuracy != nil }) {
        entries.append((.number("Validation accuracy"), { share($0.validationAccuracy) }))
      }
    }
    entries.append((.text(""), { $0.remark(isBest: false) }))
    let rows = spread.starts.map { start in entries.map { $0.text(start) } }
    return HTML.table(entries.map(\.column), rows, class: "compact")
  }
}
