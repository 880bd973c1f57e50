import Datasets
import Tensors
import Training

/// A network that has grown.
public struct FittedCascadeCorrelation: FittedNetwork {
  public let settings: CascadeCorrelation
  public let facts: CascadeFacts
  /// The weights of each unit from the bias, the inputs and the units before it.
  let hidden: [[Double]]
  /// [outputs, bias, inputs and units].
  let outputs: Matrix

  init(
    settings: CascadeCorrelation, facts: CascadeFacts, hidden: [[Double]], outputs: Matrix
  ) {
    (self.settings, self.facts, self.hidden, self.outputs) = (settings, facts, hidden, outputs)
  }

  /// The hidden units' weights for the bias, the scaled features and the units, [units, 1 + features + units]:
  /// a unit has none, 0 that is, for itself and for those after it.
  public var hiddenWeights: Tensor {
    Tensor(
      hidden.flatMap { $0 + [Double](repeating: 0, count: outputs.columns - $0.count) },
      shape: [hidden.count, outputs.columns])
  }
  /// The outputs' weights for the same, [outputs, 1 + features + units].
  public var outputWeights: Tensor { outputs.tensor }
  public var warnings: [String] { facts.data.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [("output weights", outputWeights), ("hidden weights", hiddenWeights)]
  }

  public init(
    settings: CascadeCorrelation, facts: CascadeFacts, tensors: [String: Tensor]
  ) throws {
    let inputs = 1 + (try facts.data.columns())
    let classes = facts.data.classNames.count
    let outputs = try tensors.matrix(
      "output weights", classes == 0 ? nil : classes == 2 ? 1 : classes)
    let units = outputs.columns - inputs
    guard outputs.rows > 0, classes != 1, units >= 0, facts.arrivals.count == units else {
      throw TrainingError.data(
        "found \(outputs.rows) outputs with \(outputs.columns) weights each, \(inputs - 1) features and "
          + "\(facts.arrivals.count) units that came in, which do not fit")
    }
    let hidden = try tensors.matrix("hidden weights", units, outputs.columns)
    self.init(
      settings: settings, facts: facts,
      hidden: (0..<units).map { Array(hidden[row: $0].prefix(inputs + $0)) }, outputs: outputs)
  }

  /// The bias, the features and the hidden units of scaled rows.
  func units(_ rows: Matrix) -> UnitValues {
    var units = UnitValues(rows)
    for weights in hidden { units.append(weights: weights, activation: settings.activation) }
    return units
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let rows = try facts.data.scaled(rows, for: CascadeCorrelation.kind)
    let nets = units(rows).nets(outputs.transposed.values, units: outputs.rows)
    let names = facts.data.classNames
    guard !names.isEmpty else {
      return .values(Tensor(nets, shape: [rows.rows, outputs.rows]))
    }
    guard outputs.rows > 1 else { return .classes(nets.map { $0 > 0 ? 1 : 0 }, names: names) }
    return .classes(
      (0..<rows.rows).map { largestPlace(nets[$0 * outputs.rows..<($0 + 1) * outputs.rows]) },
      names: names)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: facts.data.classNames) + [
      ClassicFigure("hidden units", Double(hidden.count)),
      ClassicFigure("epochs", Double(facts.epochs)),
    ]
  }

  public func remarks(on data: Dataset) throws -> [String] {
    facts.arrivals.enumerated().map { place, arrival in
      "Unit \(place + 1) came in after \(arrival.epoch) epochs, with a score of "
        + "\(shortText(arrival.score))."
    }
  }
}
