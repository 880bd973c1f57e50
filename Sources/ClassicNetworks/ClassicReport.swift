import Charts
import Datasets
import Documents
import Tensors

extension FittedNetwork {
  /// What was learned, as a document: figures, warnings, pictures and settings.
  ///
  /// - Parameters:
  ///   - data: The rows that it learned from.
  ///   - test: Other rows to try it on.
  /// - Throws: `TrainingError` where the data do not suit it.
  public func report(on data: Dataset, test: Dataset? = nil) throws -> Document {
    var blocks: [Block] = [.paragraph(RichText("\(Settings.purpose.capitalizedFirst)."))]
    blocks += warnings.map { .remark(.doubtful, RichText($0)) }
    for (title, rows) in [("What it learned from", data), ("Rows it has not seen", test)] {
      guard let rows else { continue }
      let figures = try figures(on: rows)
      blocks += [
        .heading(level: 1, RichText(title)),
        .paragraph(RichText("\(rows.name): \(rows.count) rows.")),
      ]
      if !figures.isEmpty { blocks.append(.table(Self.table(figures))) }
    }
    let words = try remarks(on: data)
    if !words.isEmpty { blocks.append(.list(words.map { RichText($0) })) }
    for picture in try pictures(with: data) {
      blocks += [
        .heading(level: 1, RichText(picture.title)),
        .picture(Picture(svg: picture.chart.svg, caption: RichText(picture.caption))),
      ]
    }
    let settings = (try? SettingValue.members(of: settings)) ?? [:]
    blocks += [
      .heading(level: 1, "Settings"),
      .table(
        DocumentTable(
          columns: [("setting", .leading), ("value", .leading), ("meaning", .leading)],
          rows: Settings.meanings.map {
            [
              RichText($0.setting), RichText(settings[$0.setting]?.text ?? "–"),
              RichText($0.meaning),
            ]
          })),
    ]
    return Document(
      title: "\(Settings.kind.replacing("-", with: " ").capitalizedFirst): \(data.name)",
      language: .english, blocks: blocks)
  }

  private static func table(_ figures: [ClassicFigure]) -> DocumentTable {
    DocumentTable(
      columns: [("figure", .leading), ("value", .trailing)],
      rows: figures.map { [RichText($0.name), RichText(shortText($0.value))] })
  }
}

extension String {
  /// The text with its first letter as a capital one.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
