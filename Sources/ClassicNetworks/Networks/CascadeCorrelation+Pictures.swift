import Charts
import Datasets
import Tensors

extension FittedCascadeCorrelation {
  /// As many inputs as the drawing of the network has room for.
  private static var mostInputs: Int { 24 }
  /// As many hidden units as it can show apart.
  private static var mostUnits: Int { 100 }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let data = data.asClasses
    var pictures = hidden.count <= Self.mostUnits ? [networkPicture] : []
    if let regions = try decisionPicture(self, facts.data, with: data) { pictures.append(regions) }
    pictures += try valuePictures(self, facts.data, with: data)
    if let fields = try fieldPicture(with: data) { pictures.append(fields) }
    return pictures + [errorPicture].compactMap { $0 }
  }

  /// The network as it grew.
  private var networkPicture: ClassicPicture {
    let inputs = outputs.columns - hidden.count
    let own = facts.data.featureNames
    let names =
      ["1"] + (own.count == inputs - 1 ? own : (0..<inputs - 1).map { "x\($0 + 1)" })
    // Of many inputs those with the largest weights are drawn.
    let sizes = (0..<inputs).map { input in
      hidden.reduce(0) { $0 + abs($1[input]) }
        + (0..<outputs.rows).reduce(0) { $0 + abs(outputs[$1, input]) }
    }
    let largest = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let shown = largest.prefix(Self.mostInputs).sorted()
    func picked(_ weights: some Sequence<Double>) -> [Double] {
      let weights = Array(weights)
      return shown.map { weights[$0] } + weights[inputs...]
    }
    let outputNames =
      outputs.rows == 1
      ? [facts.data.classNames.last ?? "output"]
      : facts.data.classNames
    let chart = CascadeChart(
      title: "The network as it grew", inputs: shown.map { names[$0] },
      hidden: hidden.enumerated().map { .init("\($0 + 1)", weights: picked($1)) },
      outputs: (0..<outputs.rows).map {
        .init(
          $0 < outputNames.count ? outputNames[$0] : "output \($0 + 1)",
          weights: picked(outputs[row: $0]))
      })
    return ClassicPicture(
      chart.title, chart,
      caption:
        "Each hidden unit, numbered as it came in, takes the bias, the inputs and all units before "
        + "it; its weights stay what they were then."
        + (shown.count < inputs
          ? " Of \(inputs - 1) inputs those with the largest weights are shown." : ""))
  }

  /// The error over the epochs, and where units came in.
  private var errorPicture: ClassicPicture? {
    let errors = facts.data.curves["error", default: []]
    guard errors.count > 1 else { return nil }
    // Gaps part the dots.
    let arrivals = facts.arrivals.flatMap { arrival -> [Point] in
      guard (1...errors.count).contains(arrival.epoch) else { return [] }
      let x = Double(arrival.epoch)
      return [Point(x: x, y: errors[arrival.epoch - 1]), Point(x: x, y: .nan)]
    }
    let lines = [Series("mean squared error", values: errors)]
    return ClassicPicture(
      "Error",
      LineChart(
        title: "Error", xLabel: "epoch", yLabel: "mean squared error",
        series: lines + (arrivals.isEmpty ? [] : [Series("a unit came in", points: arrivals)])),
      caption:
        "The error stands still while candidates learn, and falls when the best of them has come in."
    )
  }

  /// What hidden units and outputs say over the plane of two features.
  private func fieldPicture(with data: Dataset) throws -> ClassicPicture? {
    guard facts.data.inputShape.count == 2, data.inputShape.count == 2, data.count > 0,
      !hidden.isEmpty
    else { return nil }
    let points = data.features.doubles
    func line(_ start: Int, _ count: Int) -> [Double] {
      let values = stride(from: start, to: points.count, by: 2).map { points[$0] }
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      return (0..<count).map { low + (high - low) * (Double($0) + 0.5) / Double(count) }
    }
    let size = 48
    let (across, up) = (line(0, size), line(1, size))
    let grid = up.reversed().flatMap { y in across.flatMap { [$0, y] } }
    let shape = Shape([size * size] + facts.data.inputShape.dimensions)
    let units = units(
      try facts.data.scaled(Tensor(grid, shape: shape), for: CascadeCorrelation.kind))
    let low: Double = settings.activation == .sigmoid ? -0.5 : 0
    let images = hidden.indices.prefix(60).map { place in
      GrayImage(
        width: size, height: size,
        values: units[outputs.columns - hidden.count + place].map { $0 - low },
        caption: "\(place + 1)")
    }
    return ClassicPicture(
      "What hidden units say",
      ImageGrid(title: "What hidden units say", images: images, columns: 5),
      caption: "Over the plane of both features, from black, the lowest, to white, the highest.")
  }
}
