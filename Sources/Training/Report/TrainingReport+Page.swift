import Charts

extension TrainingReport {
  /// The report as one HTML page for people: result, curves, metrics, confusion matrix, the worst
  /// mistakes, the network, and all settings.
  ///
  /// The page is one file without scripts that loads nothing from elsewhere. It is light or dark as
  /// the reader's system is, fits a phone, and prints. The same report gives the same text; it is
  /// well-formed XML.
  public func page() -> String {
    HTML.page(
      title: "\(training.name) – training report",
      [
        header, curves, startsSection, foldsSection, results, mistakesSection, networkSection,
        settingsSection, runSection,
      ])
  }

  /// The rows that the report's result is about.
  struct Measured {
    /// `test` or `validation`.
    let role: String
    let data: Data?
    let result: Evaluation
  }

  /// The test rows, or the validation rows where there are none; nil where there are neither.
  var measured: Measured? {
    if let testResult { return Measured(role: "test", data: test, result: testResult) }
    return validationResult.map { Measured(role: "validation", data: validation, result: $0) }
  }

  /// The epoch that did best on the validation rows: the one whose parameters were taken, or else
  /// the one with the lowest loss.
  var lowestEpoch: Int? {
    bestEpoch
      ?? history.filter { $0.validationLoss?.isFinite == true }
      .min { ($0.validationLoss ?? 0) < ($1.validationLoss ?? 0) }?.epoch
  }
}
