import Charts
import Datasets
import Tensors
import Training

/// Widrow and Hoff's adaptive linear element: a linear unit that learns by least mean squares.
///
/// o = w · x + b, and the error of a row is e = t − o. With η the learning rate and n the number of
/// rows:
/// - `sampleBySample` (μ-LMS): w ← w + η e x, b ← b + η e, after each row;
/// - `batch`: w ← w + η / n Σ e x, b ← b + η / n Σ e, after each pass;
/// - `normalized` (α-LMS): w ← w + η e x / (‖x‖² + 1), b ← b + η e / (‖x‖² + 1), after each row, which
///   takes the part η of that row's error away.
///
/// Classes are learned as t = 1 and −1: two by one unit, which answers by its sign; more by one unit
/// each against the rest, of which the greatest answers. Numbers are learned as they are.
///
/// Sources: B. Widrow, M. Hoff, "Adaptive switching circuits", IRE WESCON Convention Record 4 (1960);
/// B. Widrow, M. Lehr, "30 years of adaptive neural networks", Proceedings of the IEEE 78 (1990),
/// doi:10.1109/5.58323.
public struct Adaline: ClassicNetwork {
  public static let kind = "adaline"
  public static let purpose =
    "classes or numbers by a linear unit that makes the mean squared error small, row by row"
  public static let meanings: SettingMeanings = [
    ("epochs", "passes over the rows at most"),
    ("learningRate", "η"),
    ("rule", "sampleBySample, batch or normalized (by the row's length)"),
    ("tolerance", "it ends where an epoch changes the mean squared error by less; 0: never"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  /// When and by how much weights change.
  public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
    case sampleBySample, batch, normalized
  }

  public var epochs: Int
  public var learningRate: Double
  public var rule: Rule
  public var tolerance: Double
  public var shuffles: Bool
  public var scaling: RowScaling

  public init() { self.init(epochs: 100) }

  public init(
    epochs: Int = 100, learningRate: Double = 0.01, rule: Rule = .sampleBySample,
    tolerance: Double = 0, shuffles: Bool = true, scaling: RowScaling = .standard
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.rule = rule
    self.tolerance = tolerance
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    if !(1...1_000_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 1000000" }
    if !(learningRate > 0 && learningRate.isFinite) {
      return "learningRate is \(learningRate), expected more than 0"
    }
    if rule == .normalized, learningRate >= 2 {
      return "learningRate is \(learningRate), the normalized rule expects less than 2"
    }
    return tolerance >= 0 && tolerance.isFinite
      ? nil : "tolerance is \(tolerance), expected 0 or more"
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedAdaline
  {
    try check()
    let targets = try Self.targets(of: data)
    let (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    var fitted = FittedAdaline(
      settings: self, facts: facts,
      weights: Matrix(rows: targets.columns, columns: rows.columns + 1))
    var random = RandomStream(seed: seed, name: "adaline")
    var last = Double.infinity
    for epoch in 1...epochs {
      if rule == .batch {
        fitted.learn(rows, targets)
      } else {
        let order = shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows)
        for row in order { fitted.learn(rows[row: row], targets[row: row]) }
      }
      let nets = fitted.matrix.unitNets(of: rows)
      let error = squaredDistance(nets.values, targets.values) / Double(targets.values.count)
      guard error.isFinite else {
        throw TrainingError.diverged(epoch: epoch, batch: 1, loss: error)
      }
      fitted.facts.record("mean squared error", error)
      observe(ClassicProgress(epoch: epoch, [ClassicFigure("mean squared error", error)]))
      if abs(last - error) < tolerance { break }
      last = error
    }
    return fitted
  }

  /// 1 for a row's class and −1 for others, one column for two classes; or the numbers themselves.
  private static func targets(of data: Dataset) throws -> Matrix {
    var targets = try data.targetMatrix(for: kind)
    guard !data.classNames.isEmpty else { return targets }
    if targets.columns == 2 {
      targets = Matrix(rows: targets.rows, columns: 1, (0..<targets.rows).map { targets[$0, 1] })
    }
    for place in targets.values.indices { targets.values[place] = 2 * targets.values[place] - 1 }
    return targets
  }

  public static var samples: [ClassicSample<Adaline>] {
    let points = Tensor([[0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3]])
    func data(_ labels: [Int32], _ names: [String]) -> Dataset {
      Dataset(name: "points", features: points, targets: .classes(Tensor(labels), names: names))
    }
    return [
      ClassicSample(Adaline(epochs: 20), on: data([0, 0, 0, 1, 1, 1], ["low", "high"])),
      ClassicSample(
        Adaline(epochs: 20, learningRate: 0.5, rule: .batch),
        on: data([0, 1, 0, 1, 2, 2], ["a", "b", "c"])),
      ClassicSample(
        Adaline(epochs: 10, learningRate: 0.3, rule: .normalized, tolerance: 1e-6),
        on: Dataset(
          name: "sums", features: points,
          targets: .values(Tensor([0.0, 1, 1, 2, 4, 5]), names: ["sum"]))),
    ]
  }
}

/// An Adaline that has learned.
public struct FittedAdaline: FittedNetwork {
  public let settings: Adaline
  public fileprivate(set) var facts: ClassicFacts
  /// [units, features + 1], the bias last.
  fileprivate var matrix: Matrix

  init(settings: Adaline, facts: ClassicFacts, weights: Matrix) {
    (self.settings, self.facts, matrix) = (settings, facts, weights)
  }

  /// A weight for each scaled feature and the bias, a row for each unit.
  public var weights: Tensor { matrix.tensor }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] { [("weights", weights)] }

  public init(settings: Adaline, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let columns = try facts.columns()
    let classes = facts.classNames.count
    let weights = try tensors.matrix(
      "weights", classes == 0 ? nil : classes == 2 ? 1 : classes, columns + 1)
    guard weights.rows > 0 else { throw TrainingError.data("weights has no rows") }
    self.init(settings: settings, facts: facts, weights: weights)
  }

  /// One row.
  fileprivate mutating func learn(_ row: ArraySlice<Double>, _ targets: ArraySlice<Double>) {
    let rate =
      settings.rule == .normalized
      ? settings.learningRate / (dot(row, row) + 1) : settings.learningRate
    for (unit, target) in targets.enumerated() {
      let start = unit * matrix.columns
      let net = dot(matrix[row: unit].dropLast(), row) + matrix[unit, row.count]
      let step = rate * (target - net)
      for (column, value) in row.enumerated() { matrix.values[start + column] += step * value }
      matrix.values[start + row.count] += step
    }
  }

  /// All rows at once.
  fileprivate mutating func learn(_ rows: Matrix, _ targets: Matrix) {
    var errors = targets
    let nets = matrix.unitNets(of: rows)
    for place in errors.values.indices { errors.values[place] -= nets.values[place] }
    let slopes = errors.times(rows, transposed: true)
    let means = errors.columnMeans
    let rate = settings.learningRate / Double(rows.rows)
    for unit in 0..<matrix.rows {
      for column in 0..<rows.columns { matrix[unit, column] += rate * slopes[unit, column] }
      matrix[unit, rows.columns] += settings.learningRate * means[unit]
    }
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let rows = try facts.scaled(rows, for: Adaline.kind)
    guard facts.classNames.isEmpty else {
      return .classes(matrix.unitClasses(rows), names: facts.classNames)
    }
    return .values(matrix.unitNets(of: rows).tensor)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: facts.classNames)
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let names = matrix.rows == 1 ? [facts.classNames.last ?? "output"] : facts.classNames
    return [try decisionPicture(self, facts, with: data)].compactMap { $0 }
      + (try valuePictures(self, facts, with: data)) + curvePictures(facts)
      + [weightPicture("Weights", matrix.withoutBias, names: names, facts: facts)]
  }
}
