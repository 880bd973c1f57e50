import Charts
import Datasets
import Tensors

/// Templates as boxes over two features or as images, and the curves of the fit.
///
/// - Parameters:
///   - templates: [categories, width].
///   - groups: The color of each category.
///   - labels: The group of each row.
///   - names: What the groups are called.
func resonancePictures(
  _ templates: Matrix, settings: some ResonanceSettings, facts: ResonanceFacts, data: Dataset,
  groups: [Int], labels: [Int], names: [String]
) throws -> [ClassicPicture] {
  let features = facts.common.inputShape.count
  let isImage = pixelSize(facts.common) != nil
  var pictures: [ClassicPicture] = []
  if settings.complementCodes, !isImage, (2...16).contains(features), !type(of: settings).isBinary {
    pictures.append(
      try boxPicture(templates, facts: facts, data: data, groups: groups, labels: labels, names))
  }
  let titles = groups.enumerated().map { category, group in
    let name = group < names.count ? names[group] : ""
    return name == "category \(category)"
      ? (isImage ? "\(category)" : name) : "\(category): \(name)"
  }
  let least = Matrix(
    rows: templates.rows, columns: features,
    (0..<templates.rows).flatMap { templates[row: $0].prefix(features) })
  guard settings.complementCodes, isImage else {
    pictures.append(
      templatePicture(
        "Templates", settings.complementCodes ? least : templates, titles, facts.common,
        caption: settings.complementCodes && !type(of: settings).isBinary
          ? "The least that each feature was, in 0…1, in the rows that each category learned."
          : "What each category expects: what all rows that it learned have in common."))
    return pictures + curvePictures(facts.common)
  }
  let greatest = Matrix(
    rows: templates.rows, columns: features,
    (0..<templates.rows).flatMap { templates[row: $0].suffix(features).map { 1 - $0 } })
  pictures.append(
    templatePicture(
      "Templates: the least", least, titles, facts.common,
      caption: "The least that each pixel was in the rows of a category."))
  pictures.append(
    templatePicture(
      "Templates: the greatest", greatest, titles, facts.common,
      caption: "The greatest that each pixel was in the rows of a category."))
  return pictures + curvePictures(facts.common)
}

/// Templates of 0…1 as images, black to white; as a heat map where rows are no images.
func templatePicture(
  _ title: String, _ templates: Matrix, _ names: [String], _ facts: ClassicFacts,
  caption: String
) -> ClassicPicture {
  guard let image = pixelSize(facts), image.width * image.height == templates.columns
  else {
    return weightPicture(title, templates, names: names, facts: facts, most: 40, caption: caption)
  }
  let shown = min(templates.rows, 60)
  let images = (0..<shown).map {
    GrayImage(
      width: image.width, height: image.height, values: Array(templates[row: $0]),
      caption: $0 < names.count ? names[$0] : "")
  }
  let more = templates.rows > shown ? " The first \(shown) of \(templates.rows)." : ""
  return ClassicPicture(
    title, ImageGrid(title: title, images: images, columns: min(8, max(shown, 1))),
    caption: caption + more)
}

/// The boxes of categories over the two features in which they differ most, with the rows.
private func boxPicture(
  _ templates: Matrix, facts: ResonanceFacts, data: Dataset, groups: [Int], labels: [Int],
  _ names: [String]
) throws -> ClassicPicture {
  let features = facts.common.inputShape.count
  var (low, high) = ([Double](), [Double]())
  for row in 0..<templates.rows {
    low += templates[row: row].prefix(features)
    high += templates[row: row].suffix(features).map { 1 - $0 }
  }
  func spread(_ column: Int) -> Double {
    let middles = (0..<templates.rows).map {
      (low[$0 * features + column] + high[$0 * features + column]) / 2
    }
    let mean = middles.reduce(0, +) / Double(middles.count)
    return middles.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
  let spreads = (0..<features).map(spread)
  let first = largestPlace(spreads)
  let second = largestPlace(spreads.enumerated().map { $0.offset == first ? -1 : $0.element })
  let (x, y) = (min(first, second), max(first, second))
  // The boxes in the data's own units.
  let shape = Shape([templates.rows, features])
  let lowest = try facts.common.scaling.inverse(of: Tensor(low, shape: shape)).doubles
  let highest = try facts.common.scaling.inverse(of: Tensor(high, shape: shape)).doubles
  let boxes = (0..<templates.rows).map { row in
    let start = row * features
    func range(_ column: Int) -> ClosedRange<Double> {
      let ends = (lowest[start + column], highest[start + column])
      return min(ends.0, ends.1)...max(ends.0, ends.1)
    }
    return BoxChart.Box(x: range(x), y: range(y), group: groups[row], name: "category \(row)")
  }
  let points = data.features.doubles
  let series = names.enumerated().map { number, name in
    Series(
      name,
      points: labels.enumerated().filter { $0.element == number }.map {
        Point(x: points[$0.offset * features + x], y: points[$0.offset * features + y])
      })
  }
  let axes =
    facts.common.featureNames.count == features
    ? facts.common.featureNames : (0..<features).map { "x\($0 + 1)" }
  return ClassicPicture(
    "Boxes of the categories",
    BoxChart(
      title: "Boxes of the categories", xLabel: axes[x], yLabel: axes[y], groups: series,
      boxes: boxes),
    caption: "Each category is the box around the rows that it learned"
      + (features > 2 ? ", shown over the two features in which they differ most." : "."))
}
