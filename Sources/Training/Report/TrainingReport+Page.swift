import Charts

extension TrainingReport {
  /// The report as one HTML page for people: result, curves, metrics, confusion matrix, the worst
  /// mistakes, the network, and all settings.
  ///
  /// The page is one file without scripts that loads nothing from elsewhere. It is light or dark as
  /// the reader's system is, fits a phone, and prints. The same report gives the same text; it is
  /// well-formed XML.
  public func page() -> String {
    let title = XML.escaped("\(training.name) – training report")
    let sections = [
      header, curves, startsSection, foldsSection, results, mistakesSection, networkSection,
      settingsSection, runSection,
    ]
    return """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(title)</title>
      <style>
      \(PageStyle.text)</style>
      </head>
      <body>
      <main>
      \(sections.joined())</main>
      </body>
      </html>

      """
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
