import GraphIR

extension TrainingReport {
  /// The first screen: the result in one sentence, and the key figures.
  var header: String {
    let figures = keyFigures.map { name, value in
      "<div>\(HTML.element("dt", name))\(HTML.element("dd", value))</div>\n"
    }
    return """
      <header>
      \(HTML.element("p", "Training report · \(training.name)", class: "kicker"))
      \(HTML.element("h1", headline))
      \(HTML.element("p", lede, class: "lede"))
      <dl class="figures">
      \(figures.joined())</dl>
      </header>

      """
  }

  /// The result: `97.2 % of the 359 test rows are classified correctly.`
  private var headline: String {
    guard let measured else {
      guard let last = history.last else { return "Nothing was learned: no epoch was finished." }
      if let accuracy = crossValidation?.best.accuracy {
        return "\(ReportText.percent(accuracy.mean)) of the rows left out in cross-validation are "
          + "classified correctly."
      }
      return "The training loss came down to \(ReportText.number(last.trainingLoss)); "
        + "no rows were kept apart to test on."
    }
    let rows = ReportText.count(measured.result.count, "\(measured.role) row")
    if let metrics = measured.result.classification {
      let verb = metrics.count == 1 ? "is" : "are"
      return "\(ReportText.percent(metrics.accuracy)) of the \(rows) \(verb) classified correctly."
    }
    if let metrics = measured.result.regression {
      return "On \(rows) the typical error is "
        + "\(ReportText.number(metrics.rootMeanSquaredError)) (RMSE), R² "
        + "\(ReportText.score(metrics.rSquared))."
    }
    return "The loss on \(rows) is \(ReportText.number(measured.result.loss))."
  }

  /// How it came about, and what the result should be compared with.
  private var lede: String {
    var text =
      "A network of \(ReportText.count(summary.parameterCount, "parameter")), trained for "
      + "\(ReportText.count(history.count, "epoch")) on "
      + "\(ReportText.count(training.rows, "row"))"
    if end == .stoppedEarly { text += ", stopped early" }
    if let endReason { text += ", until \(endReason)" }
    if let bestEpoch, bestEpoch != history.count {
      text += ", with the parameters of epoch\u{A0}\(bestEpoch)"
    }
    if let starts { text += ", the best of \(ReportText.count(starts.starts.count, "start"))" }
    if end == nil { text += "; the run was interrupted" }
    text += ". " + comparison
    if measured == nil, let folds = crossValidation?.folds {
      text +=
        "The figures of cross-validation are those of \(folds) networks like it, each of which "
        + "learned without a part of the rows."
    }
    if bestEpoch != nil, measured?.role == "validation" {
      text += " These rows also chose the epoch, so new rows may do a little worse."
    }
    return text
  }

  /// What the simplest of all models would reach.
  private var comparison: String {
    guard let measured else { return "" }
    if let metrics = measured.result.classification {
      let scores = metrics.perClass
      let total = scores.reduce(0) { $0 + $1.support }
      guard total > 0,
        let most = scores.indices.max(by: { scores[$0].support < scores[$1].support })
      else { return "" }
      let share = Double(scores[most].support) / Double(total)
      return "Always answering “\(metrics.classes[most])” would be right for "
        + "\(ReportText.percent(share))."
    }
    guard let metrics = measured.result.regression, metrics.rSquared.isFinite else { return "" }
    if metrics.rSquared < 0 { return "Always answering the mean would be better." }
    return "It explains \(ReportText.percent(metrics.rSquared)) of the targets’ variance."
  }

  /// The figures under the sentence.
  private var keyFigures: [(String, String)] {
    var figures: [(String, String)] = []
    if let measured {
      let role = ReportText.sentence(measured.role)
      if let metrics = measured.result.classification {
        figures.append(("\(role) accuracy", ReportText.percent(metrics.accuracy)))
        figures.append(("Mean F1", ReportText.score(metrics.macroF1)))
      }
      if let metrics = measured.result.regression {
        figures.append(("\(role) RMSE", ReportText.number(metrics.rootMeanSquaredError)))
        figures.append(("R²", ReportText.score(metrics.rSquared)))
      }
      figures.append(("\(role) loss", ReportText.number(measured.result.loss)))
    } else if let last = history.last {
      figures.append(("Training loss", ReportText.number(last.trainingLoss)))
    }
    figures.append(("Epochs", history.count.grouped))
    figures.append(("Training time", ReportText.time(seconds)))
    figures.append(("Rows/second", ReportText.short(rowsPerSecond)))
    figures.append(("Parameters", summary.parameterCount.grouped))
    return figures
  }
}
