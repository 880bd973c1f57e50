import Charts
import Datasets
import Tensors

/// What a network of numbers says beside what it should say: a curve through the rows where they have
/// one feature, else a picture for each output of found beside wanted.
///
/// - Throws: `TrainingError` where the rows do not suit it.
func valuePictures(
  _ network: some FittedNetwork, _ facts: ClassicFacts, with data: Dataset
) throws -> [ClassicPicture] {
  guard case .values(let wanted, let names) = data.targets, data.hasTargets, data.count > 0,
    case .values(let found) = try network.predict(data.features),
    found.shape == wanted.shape
  else { return [] }
  let outputs = wanted.shape[1]
  let (wantedValues, foundValues) = (wanted.doubles, found.doubles)
  let inputs = data.features.doubles
  // The first few outputs; more would be a wall of pictures.
  let shown = (0..<min(outputs, 4)).map {
    (place: $0, name: $0 < names.count ? names[$0] : "output \($0 + 1)")
  }
  guard facts.inputShape.count == 1, let low = inputs.min(), let high = inputs.max(), low < high
  else {
    return shown.map { place, name in
      let points = (0..<data.count).map {
        Point(x: wantedValues[$0 * outputs + place], y: foundValues[$0 * outputs + place])
      }
      return ClassicPicture(
        "Found beside wanted: \(name)",
        ScatterChart(
          title: "Found beside wanted: \(name)", xLabel: "wanted", yLabel: "found",
          classes: [Series("", points: points)], showsDiagonal: true),
        caption: "A row each; on the line both are equal.")
    }
  }
  let margin = (high - low) / 20
  let grid = (0...300).map { low - margin + (high - low + 2 * margin) * Double($0) / 300 }
  let shape = Shape([grid.count] + data.inputShape.dimensions)
  guard case .values(let curve) = try network.predict(Tensor(grid, shape: shape)) else { return [] }
  let heights = curve.doubles
  return shown.map { place, name in
    let points = inputs.enumerated().map {
      Point(x: $0.element, y: wantedValues[$0.offset * outputs + place])
    }
    let line = grid.enumerated().map {
      Point(x: $0.element, y: heights[$0.offset * outputs + place])
    }
    return ClassicPicture(
      "Fitted curve: \(name)",
      CurveChart(
        title: "Fitted curve", xLabel: data.featureNames.first ?? "x", yLabel: name,
        points: [Series("rows", points: points)], curves: [Series("network", points: line)]),
      caption: "What the network says between the rows and a little beyond them.")
  }
}
