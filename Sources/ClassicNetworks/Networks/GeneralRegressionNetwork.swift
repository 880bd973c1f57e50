import Charts
import Datasets
import RealModule
import Tensors
import Training

/// Specht's general regression neural network: the mean of all rows' numbers, near ones first.
///
/// ŷ(x) = Σ yᵢ exp(−‖x − xᵢ‖² / (2 σ²)) / Σ exp(−‖x − xᵢ‖² / (2 σ²)) over all rows i, with the smoothing
/// σ. Nothing is trained: each row becomes a unit. A small σ gives the nearest row's number, a large one
/// the mean of all.
///
/// Unless it is given, σ is chosen from a grid: the one with which all other rows tell a row's numbers
/// with the least squared error.
///
/// Source: D. Specht, "A general regression neural network", IEEE Transactions on Neural Networks 2
/// (1991), doi:10.1109/72.97934.
public struct GeneralRegressionNetwork: ClassicNetwork {
  public static let kind = "general-regression-network"
  public static let shortNames = ["grnn"]
  public static let purpose = "numbers by a weighted mean of all rows; learns in one pass"
  public static let meanings: SettingMeanings = [
    ("smoothing", "σ, the windows' width in scaled units; 0: it is found by leaving rows out"),
    ("grid", "how many smoothings are tried"),
    ("scaling", RowScaling.meaning),
  ]

  public var smoothing: Double
  public var grid: Int
  public var scaling: RowScaling

  public init() { self.init(smoothing: 0) }

  public init(smoothing: Double = 0, grid: Int = 21, scaling: RowScaling = .standard) {
    self.smoothing = smoothing
    self.grid = grid
    self.scaling = scaling
  }

  public var problem: String? { smoothingProblem(smoothing, grid: grid) }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedGeneralRegressionNetwork
  {
    try check()
    guard data.classNames.isEmpty else {
      throw TrainingError.data(
        "\(data.name): found classes, \(Self.kind) expects numbers; "
          + "\(ProbabilisticNetwork.kind) learns classes")
    }
    let targets = try data.targetMatrix(for: Self.kind)
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind, least: 2)
    let smoothed = SmoothedRows(rows, values: targets)
    let chosen = smoothing > 0 ? smoothing : choose(smoothed, &facts, observe)
    return FittedGeneralRegressionNetwork(
      settings: self, facts: facts, rows: smoothed, smoothing: chosen)
  }

  private func choose(
    _ rows: SmoothedRows, _ facts: inout ClassicFacts, _ observe: (ClassicProgress) -> Void
  ) -> Double {
    let tried = rows.grid(grid)
    var errors = [Double](repeating: 0, count: grid)
    var looked = 0
    rows.leavingOneOut(tried) { row, number, sums in
      for output in 0..<rows.outputs {
        let error = rows.values[row, output] - sums[output] / sums[rows.outputs]
        errors[number] += error * error
      }
      if number == 0 { looked += 1 }
    }
    let names = SmoothedRows.curveNames
    for (number, smoothing) in tried.enumerated() {
      let error = errors[number] / Double(max(looked * rows.outputs, 1))
      facts.record(names.smoothing, smoothing)
      facts.record(names.error, error)
      observe(
        ClassicProgress(
          epoch: number + 1,
          [ClassicFigure(names.smoothing, smoothing), ClassicFigure(names.error, error)]))
    }
    return tried[smallestPlace(errors)]
  }

  public static var samples: [ClassicSample<GeneralRegressionNetwork>] {
    let line = Tensor([0.0, 1, 2, 3, 4, 5], shape: [6, 1])
    return [
      ClassicSample(
        GeneralRegressionNetwork(),
        on: Dataset(
          name: "line", features: line,
          targets: .values(Tensor([0.0, 1, 4, 9, 16, 25]), names: ["square"]))),
      ClassicSample(
        GeneralRegressionNetwork(smoothing: 0.5, scaling: .none),
        on: Dataset(
          name: "two", features: line,
          targets: .values(
            Tensor((0..<12).map(Double.init), shape: [6, 2]), names: ["even", "odd"]))),
    ]
  }
}

/// A general regression network and its rows.
public struct FittedGeneralRegressionNetwork: FittedNetwork {
  public let settings: GeneralRegressionNetwork
  public let facts: ClassicFacts
  /// σ.
  public let smoothing: Double
  private let rows: SmoothedRows

  init(
    settings: GeneralRegressionNetwork, facts: ClassicFacts, rows: SmoothedRows, smoothing: Double
  ) {
    (self.settings, self.facts, self.rows, self.smoothing) = (settings, facts, rows, smoothing)
  }

  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [
      ("rows", rows.rows.tensor), ("values", rows.values.tensor),
      ("smoothing", Tensor([smoothing], shape: [1, 1])),
    ]
  }

  public init(
    settings: GeneralRegressionNetwork, facts: ClassicFacts, tensors: [String: Tensor]
  ) throws {
    let rows = try tensors.matrix("rows", nil, try facts.columns())
    let values = try tensors.matrix("values", rows.rows, nil)
    guard rows.rows > 0, values.columns > 0 else {
      throw TrainingError.data("found no rows or no values")
    }
    self.init(
      settings: settings, facts: facts, rows: SmoothedRows(rows, values: values),
      smoothing: try smoothingOfFile(tensors))
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let sums = self.rows.sums(
      try facts.scaled(rows, for: GeneralRegressionNetwork.kind), smoothing: smoothing)
    let outputs = self.rows.outputs
    let found = (0..<sums.rows).flatMap { row in
      (0..<outputs).map { sums[row, $0] / sums[row, outputs] }
    }
    return .values(Tensor(found, shape: [sums.rows, outputs]))
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: []) + [ClassicFigure("smoothing", smoothing)]
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    try valuePictures(self, facts, with: data)
      + [smoothingPicture(facts, chosen: smoothing, error: "mean squared error")].compactMap { $0 }
  }
}
