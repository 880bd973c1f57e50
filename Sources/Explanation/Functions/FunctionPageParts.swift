import Charts
import Documents
import Formulas

/// The blocks that the pages of activations and losses have in common.
struct FunctionPageParts {
  let language: Language
  let digits: Int

  func heading(_ phrase: Phrase) -> Block { .heading(level: 1, RichText(phrase[language])) }

  func say(_ english: RichText, _ chinese: RichText) -> RichText {
    language == .english ? english : chinese
  }

  func number(_ value: Double) -> Formula { .rounded(value, digits: digits) }

  /// A table of numbers under formulas.
  func table(_ titles: [Formula], _ rows: [[Double]], caption: RichText? = nil) -> Block {
    .table(
      DocumentTable(
        columns: titles.map { (title: RichText($0), alignment: .trailing) },
        rows: rows.map { row in row.map { RichText(number($0)) } }, caption: caption))
  }

  /// The steps of a differentiation as a chain of equal forms, each different from the one before
  /// it, and the rules that led from one to the next.
  func derivation(of left: Formula, _ derivation: FunctionDerivation) -> [Block] {
    var blocks = [Block.equations([left] + derivation.forms)]
    // What is 0 or 1 needs no words.
    guard !derivation.rules.isEmpty, derivation.forms.count > 1 else { return blocks }
    let names = derivation.rules.map { $0[language] }
    blocks.append(
      .paragraph(
        say(
          "The first step: \(names.joined(separator: ", ")).",
          "第一步：\(names.joined(separator: "、"))。")))
    return blocks
  }

  /// Lines over one axis, as a picture in every form.
  func curves(_ lines: [Curve], over argument: Formula, caption: RichText) -> Picture {
    let series = lines.map { line in Series(line.name.text, points: line.points) }
    let chart = LineChart(xLabel: argument.text, series: series)
    let plot = TerminalPlot(xLabel: argument.text, series: series, width: 76, height: 16)
    return Picture(
      svg: chart.svg, text: plot.text, tikz: CurvePlot(curves: lines, argument: argument).tikz,
      caption: caption)
  }
}
