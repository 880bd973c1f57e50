import Charts
import GraphIR
import Layers

extension TrainingReport {
  /// The features in a row's table; more would be no help.
  private static let listedFeatures = 24

  /// The rows that the model is most wrong about: drawn where they are images, else as a table.
  var mistakesSection: String {
    guard let measured else { return "" }
    let isClasses = measured.result.classification != nil
    guard !mistakes.isEmpty else {
      let wrong = measured.result.classification.map { $0.count - $0.correctCount }
      return wrong == 0
        ? HTML.section("The worst mistakes", [HTML.element("p", "There are none.")]) : ""
    }
    let shown = mistakes.count.grouped
    let note: String
    if let metrics = measured.result.classification {
      let wrong = metrics.count - metrics.correctCount
      let extent =
        mistakes.count < wrong ? "\(shown) of \(wrong.grouped)" : "All \(shown)"
      note =
        "\(extent) wrong answers on \(measured.role) rows, most confident first, with the "
        + (isProbability ? "probability" : "score") + " that the network gave its wrong answer."
    } else {
      note = "The \(shown) \(measured.role) rows with the largest error."
    }
    let content = pictures(isClasses: isClasses) ?? mistakeTable(isClasses: isClasses)
    return HTML.section("The worst mistakes", [HTML.note(note), content])
  }

  /// Whether the loss makes probabilities of outputs.
  private var isProbability: Bool { loss.loss.givesProbabilities }

  private func score(_ mistake: Mistake) -> String? {
    mistake.score.map { isProbability ? NumberText.percent($0) : ReportText.number($0) }
  }

  // MARK: Images

  /// How features are laid out as a picture; nil where they are none.
  ///
  /// Pictures have the shape [h, w], or with one or three colors [h, w, c] or [c, h, w]. A plain row
  /// of at least 64 numbers, all 0 or more, is taken for one if their count is a square.
  private var pictureSize: (height: Int, width: Int, colors: Int, isPlanar: Bool)? {
    let size = inputShape.dimensions
    switch size.count {
    case 1:
      let side = Int(Double(size[0]).squareRoot().rounded())
      let isPicture =
        size[0] >= 64 && side * side == size[0]
        && mistakes.allSatisfy { $0.features.allSatisfy { $0 >= 0 } }
      return isPicture ? (side, side, 1, false) : nil
    case 2: return size.allSatisfy { $0 > 1 } ? (size[0], size[1], 1, false) : nil
    case 3:
      if [1, 3].contains(size[2]) { return (size[0], size[1], size[2], false) }
      return [1, 3].contains(size[0]) ? (size[1], size[2], size[0], true) : nil
    default: return nil
    }
  }

  private func pictures(isClasses: Bool) -> String? {
    guard let size = pictureSize else { return nil }
    let finite = mistakes.lazy.flatMap(\.features).filter(\.isFinite)
    let low = min(0, finite.min() ?? 0)
    let range = max(finite.max() ?? 1, low + 1e-300) - low
    let figures = mistakes.map { mistake in
      let pixels = size.height * size.width
      let values = (0..<pixels).map { pixel in
        let sum = (0..<size.colors).reduce(0.0) { sum, color in
          let place = size.isPlanar ? color * pixels + pixel : pixel * size.colors + color
          return sum + (place < mistake.features.count ? mistake.features[place] : 0)
        }
        return (sum / Double(size.colors) - low) / range
      }
      let image = GrayImage(width: size.width, height: size.height, values: values)
      var caption = "\(mistake.actual) read as \(mistake.predicted)"
      if !isClasses { caption = "\(mistake.actual), predicted \(mistake.predicted)" }
      let detail = score(mistake).map { " (\($0))" } ?? ""
      return "<figure><img src=\"\(image.dataURI)\" "
        + "alt=\"\(XML.escaped("Row \(mistake.row): \(caption)"))\" "
        + "title=\"\(XML.escaped("row \(mistake.row)"))\"/>"
        + "<figcaption>\(XML.escaped(caption + detail))</figcaption></figure>\n"
    }
    return "<div class=\"pictures\">\n\(figures.joined())</div>"
  }

  // MARK: Tables

  private func mistakeTable(isClasses: Bool) -> String {
    let count = mistakes.first?.features.count ?? 0
    let shown = min(count, Self.listedFeatures)
    var columns: [HTML.Column] = [.text("Row")]
    if isClasses {
      columns += [.text("Actual"), .text("Predicted")]
      columns.append(.number(isProbability ? "Probability" : "Score"))
    } else {
      columns += [.number("Actual"), .number("Predicted"), .number("Error")]
    }
    columns += (0..<shown).map { place in
      .number(place < featureNames.count ? featureNames[place] : "Feature \(place + 1)")
    }
    let rows = mistakes.map { mistake in
      let answer =
        isClasses
        ? [mistake.actual, mistake.predicted, score(mistake) ?? "–"] : values(mistake)
      return [String(mistake.row)] + answer + mistake.features.prefix(shown).map(ReportText.number)
    }
    var note = "Rows count from 1, as in the data set before it was split."
    if shown < count { note += " The first \(shown) of \(count.grouped) features." }
    return HTML.table(columns, rows, class: columns.count <= 7 ? "compact" : nil)
      + HTML.note(note)
  }

  /// The actual and the predicted values and their difference, shortened for reading.
  private func values(_ mistake: Mistake) -> [String] {
    func numbers(_ text: String) -> [Double]? {
      let numbers = text.split(separator: ",").map { part in
        Double(part.drop { $0 == " " })
      }
      return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }
    guard let actual = numbers(mistake.actual), let predicted = numbers(mistake.predicted),
      actual.count == predicted.count
    else { return [mistake.actual, mistake.predicted, "–"] }
    return [actual, predicted, zip(predicted, actual).map { $0 - $1 }].map { values in
      values.map(ReportText.number).joined(separator: ", ")
    }
  }
}
