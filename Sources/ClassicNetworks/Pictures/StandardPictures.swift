import Charts
import Datasets
import Tensors

/// The curves of a fit, each as a picture.
func curvePictures(_ facts: ClassicFacts, axis: String = "epoch") -> [ClassicPicture] {
  facts.curves.keys.sorted().filter { facts.curves[$0, default: []].count > 1 }.map { name in
    ClassicPicture(
      name,
      LineChart(
        title: name, xLabel: axis, yLabel: name,
        series: [Series("", values: facts.curves[name, default: []])]))
  }
}

/// What a classifier of two features answers over their plane; nil for other rows.
///
/// - Parameter landmarks: Other points to be shown, such as centers.
func decisionPicture(
  _ network: some FittedNetwork, _ facts: ClassicFacts, with data: Dataset,
  landmarks: Series? = nil
) throws -> ClassicPicture? {
  guard facts.inputShape.count == 2, data.inputShape.count == 2,
    case .classes(let labels, let names) = data.targets, labels.shape.rank == 1
  else { return nil }
  let points = data.features.doubles
  let (xRange, yRange) = (range(of: points, 0), range(of: points, 1))
  let (wide, high) = (120, 80)
  func place(_ range: ClosedRange<Double>, _ index: Int, _ count: Int) -> Double {
    range.lowerBound
      + (range.upperBound - range.lowerBound) * (Double(index) + 0.5) / Double(count)
  }
  var grid: [Double] = []
  for row in 0..<high {
    for column in 0..<wide { grid += [place(xRange, column, wide), place(yRange, row, high)] }
  }
  let shape = Shape([wide * high] + data.inputShape.dimensions)
  guard case .classes(let found, _) = try network.predict(Tensor(grid, shape: shape)) else {
    return nil
  }
  let series = names.enumerated().map { number, name in
    Series(
      name,
      points: zip(labels.integers, stride(from: 0, to: points.count, by: 2)).filter {
        $0.0 == number
      }
      .map { Point(x: points[$0.1], y: points[$0.1 + 1]) })
  }
  let features = data.featureNames.count == 2 ? data.featureNames : ["x₁", "x₂"]
  return ClassicPicture(
    "Decision regions",
    RegionChart(
      title: "Decision regions", xLabel: features[0], yLabel: features[1], classes: series,
      regions: (0..<high).map { Array(found[$0 * wide..<($0 + 1) * wide]) }, xRange: xRange,
      yRange: yRange, landmarks: landmarks),
    caption: "The class that the network gives to each point of the plane, and the rows.")
}

/// The range of every second number with a margin of a tenth.
private func range(of points: [Double], _ start: Int) -> ClosedRange<Double> {
  let values = stride(from: start, to: points.count, by: 2).map { points[$0] }
  let (low, high) = (values.min() ?? 0, values.max() ?? 1)
  let margin = high > low ? (high - low) / 10 : 1
  return low - margin...high + margin
}

/// Rows of weights as images where the inputs are images, as a heat map else.
func weightPicture(
  _ title: String, _ weights: Matrix, names: [String], facts: ClassicFacts, most: Int = 100,
  caption: String = ""
) -> ClassicPicture {
  if let image = pixelSize(facts), image.width * image.height == weights.columns {
    let images = (0..<min(weights.rows, most)).map { row in
      let values = Array(weights[row: row])
      // Zero is mid-gray.
      let largest = values.map { abs($0) }.max() ?? 1
      return GrayImage(
        width: image.width, height: image.height,
        values: values.map { 0.5 + 0.5 * $0 / max(largest, .leastNormalMagnitude) },
        caption: row < names.count ? names[row] : "")
    }
    return ClassicPicture(title, ImageGrid(title: title, images: images), caption: caption)
  }
  let columns =
    facts.featureNames.count == weights.columns
    ? facts.featureNames : (0..<weights.columns).map { "x\($0 + 1)" }
  let (shownRows, shownColumns) = (min(weights.rows, most), min(weights.columns, most))
  return ClassicPicture(
    title,
    HeatMap(
      title: title,
      rowLabels: (0..<shownRows).map { $0 < names.count ? names[$0] : "\($0 + 1)" },
      columnLabels: Array(columns.prefix(shownColumns)),
      values: (0..<shownRows).map { Array(weights[row: $0].prefix(shownColumns)) }),
    caption: caption)
}

/// Width and height of one-channel images; nil for other rows.
func imageSize(_ sizes: [Int]) -> (width: Int, height: Int)? {
  guard sizes.count == 2 || (sizes.count == 3 && sizes[2] == 1), sizes[0] > 1, sizes[1] > 1 else {
    return nil
  }
  return (sizes[1], sizes[0])
}
