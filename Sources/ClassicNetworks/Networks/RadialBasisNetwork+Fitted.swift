import Charts
import Datasets
import Tensors
import Training

/// A radial basis network that has learned.
public struct FittedRadialBasisNetwork: FittedNetwork {
  public let settings: RadialBasisNetwork
  public let facts: ClassicFacts
  private let basis: RadialBasis
  /// [units + 1, outputs], the biases last.
  private let matrix: Matrix

  init(
    settings: RadialBasisNetwork, facts: ClassicFacts, basis: RadialBasis, weights: Matrix
  ) {
    (self.settings, self.facts, self.basis, matrix) = (settings, facts, basis, weights)
  }

  /// A scaled row for each unit.
  public var centers: Tensor { basis.centers.tensor }
  /// σ of each unit.
  public var widths: [Double] { basis.widths }
  /// A row of weights for each unit, and the biases in the last one.
  public var weights: Tensor { matrix.tensor }
  public var warnings: [String] { facts.warnings }

  public var tensors: [(name: String, tensor: Tensor)] {
    [
      ("centers", centers), ("widths", Tensor(widths, shape: [widths.count, 1])),
      ("weights", weights),
    ]
  }

  public init(settings: RadialBasisNetwork, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let centers = try tensors.matrix("centers", nil, try facts.columns())
    let widths = try tensors.matrix("widths", centers.rows, 1).values
    let outputs = facts.classNames.isEmpty ? nil : facts.classNames.count
    let weights = try tensors.matrix("weights", centers.rows + 1, outputs)
    guard centers.rows > 0, weights.columns > 0, widths.allSatisfy({ $0 > 0 }) else {
      throw TrainingError.data("found no units, no outputs, or a width that is not more than 0")
    }
    self.init(
      settings: settings, facts: facts, basis: RadialBasis(centers: centers, widths: widths),
      weights: weights)
  }

  /// φ of each row and unit, [rows, units].
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func activations(_ rows: Tensor) throws -> Tensor {
    basis.activations(try facts.scaled(rows, for: RadialBasisNetwork.kind)).tensor
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let outputs = basis.outputs(
      try facts.scaled(rows, for: RadialBasisNetwork.kind), weights: matrix)
    guard !facts.classNames.isEmpty else { return .values(outputs.tensor) }
    return .classes(
      (0..<outputs.rows).map { largestPlace(outputs[row: $0]) }, names: facts.classNames)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: facts.classNames) + [
      ClassicFigure("units", Double(basis.centers.rows))
    ]
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let shown = try unscaledCenters()
    var pictures = [
      try decisionPicture(
        self, facts, with: data,
        landmarks: Series(
          "centers",
          points: (0..<shown.rows).map { (x: shown[$0, 0], y: shown[$0, shown.columns - 1]) })
      )
    ].compactMap { $0 }
    pictures += try valuePictures(self, facts, with: data)
    if let curve = try unitPicture(with: data) { pictures.append(curve) }
    func curves(_ names: [String], axis: String) -> [ClassicPicture] {
      var part = facts
      part.curves = facts.curves.filter { names.contains($0.key) }
      return curvePictures(part, axis: axis)
    }
    pictures += curves(["quantization error"], axis: "round")
    pictures += curves(["mean squared error"], axis: "units")
    pictures += curves(["error", "error of tuning"], axis: "epoch")
    return pictures + [
      weightPicture(
        "Centers", shown, names: (1...shown.rows).map { "unit \($0)" }, facts: facts,
        caption: "What each unit stands for, in the data's own units.")
    ]
  }

  /// The centers in the data's own units.
  private func unscaledCenters() throws -> Matrix {
    let own = try facts.scaling.inverse(of: basis.centers.tensor)
    return Matrix(rows: basis.centers.rows, columns: basis.centers.columns, own.doubles)
  }

  /// What each unit adds to the first output, for rows of one number and up to 30 units.
  private func unitPicture(with data: Dataset) throws -> ClassicPicture? {
    let inputs = data.features.doubles
    guard facts.inputShape.count == 1, facts.classNames.isEmpty, basis.centers.rows <= 30,
      let low = inputs.min(), let high = inputs.max(), low < high
    else { return nil }
    let grid = (0...200).map { low + (high - low) * Double($0) / 200 }
    let rows = try facts.scaled(Tensor(grid, shape: [grid.count, 1]), for: RadialBasisNetwork.kind)
    let activations = basis.activations(rows)
    let series = (0..<basis.centers.rows).map { unit in
      Series(
        "\(unit + 1)",
        points: grid.indices.map { (x: grid[$0], y: activations[$0, unit] * matrix[unit, 0]) })
    }
    return ClassicPicture(
      "Units",
      LineChart(
        title: "What each unit adds", xLabel: data.featureNames.first ?? "x", yLabel: "w φ",
        series: series),
      caption:
        "The output is the sum of all units and the bias \(shortText(matrix[basis.centers.rows, 0]))."
    )
  }
}
