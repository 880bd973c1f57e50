import Charts

/// The weights of units as images, ten in a row, those with the largest weights first; a heat map where
/// rows are no images.
///
/// - Parameter weights: A row for each unit.
func filterPictures(
  _ title: String, _ weights: Matrix, facts: ClassicFacts, caption: String
) -> [ClassicPicture] {
  guard let image = pictureSize(facts),
    image.width * image.height == weights.columns
  else {
    let names = (0..<weights.rows).map { "h\($0 + 1)" }
    return [weightPicture(title, weights, names: names, facts: facts, caption: caption)]
  }
  let norms = (0..<weights.rows).map { dot(weights[row: $0], weights[row: $0]) }
  let order =
    weights.rows > 100 ? norms.indices.sorted { norms[$0] > norms[$1] } : Array(norms.indices)
  let images = order.prefix(100).map { unit in
    let values = weights[row: unit]
    let largest = values.map { abs($0) }.max() ?? 1
    return GrayImage(
      width: image.width, height: image.height,
      values: values.map { 0.5 + 0.5 * $0 / max(largest, .leastNormalMagnitude) })
  }
  return [
    ClassicPicture(
      title, ImageGrid(title: title, images: images, columns: min(10, max(images.count, 1))),
      caption: caption)
  ]
}

/// Rows above what a network makes of them, for images; else as heat maps.
///
/// - Parameters:
///   - rows: Scaled rows.
///   - found: As many.
func reconstructionPictures(_ rows: Matrix, _ found: Matrix, facts: ClassicFacts)
  -> [ClassicPicture]
{
  let title = "Reconstructions"
  guard let image = pictureSize(facts),
    image.width * image.height == rows.columns
  else {
    let shown = min(rows.rows, 8)
    let columns = min(rows.columns, 24)
    let names =
      facts.featureNames.count == rows.columns
      ? facts.featureNames : (0..<rows.columns).map { "x\($0 + 1)" }
    var labels: [String] = []
    var values: [[Double]] = []
    for row in 0..<shown {
      labels += ["\(row + 1)", "found"]
      values += [Array(rows[row: row].prefix(columns)), Array(found[row: row].prefix(columns))]
    }
    return [
      ClassicPicture(
        title,
        HeatMap(
          title: title, rowLabels: labels, columnLabels: Array(names.prefix(columns)),
          values: values),
        caption: "Scaled rows, and below each what the network gives back.")
    ]
  }
  let all = rows.values + found.values
  let (low, high) = (all.min() ?? 0, all.max() ?? 1)
  func picture(_ values: ArraySlice<Double>) -> GrayImage {
    GrayImage(
      width: image.width, height: image.height,
      values: values.map { ($0 - low) / max(high - low, .leastNormalMagnitude) })
  }
  let wide = min(10, rows.rows)
  let lines = min(3, rows.rows / max(wide, 1))
  var images: [GrayImage] = []
  for line in 0..<lines {
    let places = line * wide..<(line + 1) * wide
    images += places.map { picture(rows[row: $0]) } + places.map { picture(found[row: $0]) }
  }
  return [
    ClassicPicture(
      title, ImageGrid(title: title, images: images, columns: max(wide, 1)),
      caption: "Rows, and below them what the network gives back.")
  ]
}
