import Charts
import Datasets
import RealModule
import Tensors
import Training

/// Specht's probabilistic neural network: Bayes' rule with a Gaussian window around every row.
///
/// fₖ(x) = 1 / nₖ Σ exp(−‖x − xᵢ‖² / (2 σ²)) over the nₖ rows of class k, and the answer is the class of
/// the greatest hₖ fₖ(x), with the smoothing σ and the prior probability hₖ: nₖ / n by `frequencies`, or
/// the same for all classes. Nothing is trained: each row becomes a unit.
///
/// Unless it is given, σ is chosen from a grid: the one with which the fewest rows are taken for another
/// class by all the others; of several, the one that finds the right classes most probable.
///
/// Source: D. Specht, "Probabilistic neural networks", Neural Networks 3 (1990),
/// doi:10.1016/0893-6080(90)90049-Q.
public struct ProbabilisticNetwork: ClassicNetwork {
  public static let kind = "probabilistic-network"
  public static let shortNames = ["pnn"]
  public static let purpose =
    "classes with probabilities, by a window around every row; learns in one pass"
  public static let meanings: SettingMeanings = [
    ("smoothing", "σ, the windows' width in scaled units; 0: it is found by leaving rows out"),
    ("grid", "how many smoothings are tried"),
    ("priors", "frequencies (of the rows) or equal"),
    ("scaling", RowScaling.meaning),
  ]

  /// The classes' prior probabilities.
  public enum Priors: String, Codable, Hashable, Sendable, CaseIterable {
    case frequencies, equal
  }

  public var smoothing: Double
  public var grid: Int
  public var priors: Priors
  public var scaling: RowScaling

  public init() { self.init(smoothing: 0) }

  public init(
    smoothing: Double = 0, grid: Int = 21, priors: Priors = .frequencies,
    scaling: RowScaling = .standard
  ) {
    self.smoothing = smoothing
    self.grid = grid
    self.priors = priors
    self.scaling = scaling
  }

  public var problem: String? { smoothingProblem(smoothing, grid: grid) }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedProbabilisticNetwork
  {
    try check()
    let data = data.asClasses
    let (labels, names) = try data.labels(for: Self.kind)
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind, least: 2)
    let smoothed = SmoothedRows(rows, labels: labels, classes: names.count)
    if let rare = data.classCounts.firstIndex(of: 1), smoothing == 0 {
      facts.warnings.append(
        "class \(names[rare]) has one row: it is taken for another class whatever the smoothing is")
    }
    let chosen = smoothing > 0 ? smoothing : choose(smoothed, &facts, observe)
    return FittedProbabilisticNetwork(
      settings: self, facts: facts, rows: smoothed, smoothing: chosen)
  }

  private func choose(
    _ rows: SmoothedRows, _ facts: inout ClassicFacts, _ observe: (ClassicProgress) -> Void
  ) -> Double {
    let tried = rows.grid(grid)
    var counts = [Int](repeating: 0, count: rows.outputs)
    for label in rows.labels { counts[label] += 1 }
    var wrong = [Double](repeating: 0, count: grid)
    var likelihood = wrong
    var looked = 0
    rows.leavingOneOut(tried) { row, number, sums in
      let label = rows.labels[row]
      var left = counts
      left[label] -= 1
      let posterior = probabilities(sums, left)
      if largestPlace(posterior) != label { wrong[number] += 1 }
      // No less than a number that has a logarithm.
      likelihood[number] += Double.log(max(posterior[label], 1e-300))
      if number == 0 { looked += 1 }
    }
    let best = tried.indices.min { (wrong[$0], -likelihood[$0]) < (wrong[$1], -likelihood[$1]) }
    let names = SmoothedRows.curveNames
    for (number, smoothing) in tried.enumerated() {
      let error = wrong[number] / Double(max(looked, 1))
      facts.record(names.smoothing, smoothing)
      facts.record(names.error, error)
      observe(
        ClassicProgress(
          epoch: number + 1,
          [ClassicFigure(names.smoothing, smoothing), ClassicFigure(names.error, error)]))
    }
    return tried[best ?? 0]
  }

  /// The probability of each class from the sums over its windows, and how many rows it has.
  func probabilities(_ sums: [Double], _ counts: [Int]) -> [Double] {
    let scores = counts.indices.map {
      priors == .equal ? sums[$0] / Double(max(counts[$0], 1)) : sums[$0]
    }
    let total = scores.reduce(0, +)
    return total > 0 ? scores.map { $0 / total } : scores
  }

  public static var samples: [ClassicSample<ProbabilisticNetwork>] {
    let points = Tensor([[0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3]])
    return [
      ClassicSample(
        ProbabilisticNetwork(),
        on: Dataset(
          name: "points", features: points,
          targets: .classes(Tensor([0, 0, 0, 1, 1, 1] as [Int32]), names: ["low", "high"]))),
      ClassicSample(
        ProbabilisticNetwork(smoothing: 0.4, priors: .equal, scaling: .none),
        on: Dataset(
          name: "xor", features: Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]),
          targets: .values(Tensor([0.0, 1, 1, 0]), names: ["xor"]))),
    ]
  }
}

/// A probabilistic network and its rows.
public struct FittedProbabilisticNetwork: FittedNetwork {
  public let settings: ProbabilisticNetwork
  public let facts: ClassicFacts
  /// σ.
  public let smoothing: Double
  private let rows: SmoothedRows
  /// How many rows each class has.
  private let counts: [Int]

  init(
    settings: ProbabilisticNetwork, facts: ClassicFacts, rows: SmoothedRows, smoothing: Double
  ) {
    (self.settings, self.facts, self.rows, self.smoothing) = (settings, facts, rows, smoothing)
    var counts = [Int](repeating: 0, count: rows.outputs)
    for label in rows.labels { counts[label] += 1 }
    self.counts = counts
  }

  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [
      ("rows", rows.rows.tensor),
      ("classes", Tensor(rows.labels.map(Double.init), shape: [rows.labels.count, 1])),
      ("smoothing", Tensor([smoothing], shape: [1, 1])),
    ]
  }

  public init(settings: ProbabilisticNetwork, facts: ClassicFacts, tensors: [String: Tensor]) throws
  {
    let rows = try tensors.matrix("rows", nil, try facts.columns())
    let labels = try tensors.matrix("classes", rows.rows, 1).values
    let classes = 0..<facts.classNames.count
    guard rows.rows > 0,
      labels.allSatisfy({ $0 == $0.rounded() && $0 >= 0 && $0 < Double(classes.count) })
    else {
      throw TrainingError.data(
        "found no rows, or a class that is none of the \(classes.count) there are")
    }
    self.init(
      settings: settings, facts: facts,
      rows: SmoothedRows(rows, labels: labels.map { Int($0) }, classes: classes.count),
      smoothing: try smoothingOfFile(tensors))
  }

  /// The probability of each class, [rows, classes].
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func probabilities(_ rows: Tensor) throws -> Tensor {
    let sums = self.rows.sums(
      try facts.scaled(rows, for: ProbabilisticNetwork.kind), smoothing: smoothing)
    let found = (0..<sums.rows).flatMap {
      settings.probabilities(Array(sums[row: $0].dropLast()), counts)
    }
    return Tensor(found, shape: [sums.rows, counts.count])
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let found = try probabilities(rows)
    let matrix = Matrix(rows: found.shape[0], columns: counts.count, found.doubles)
    return .classes(
      (0..<matrix.rows).map { largestPlace(matrix[row: $0]) }, names: facts.classNames)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: facts.classNames) + [ClassicFigure("smoothing", smoothing)]
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    var means = Matrix(rows: counts.count, columns: rows.rows.columns)
    for (row, label) in rows.labels.enumerated() {
      for column in 0..<means.columns {
        means[label, column] += rows.rows[row, column] / Double(counts[label])
      }
    }
    let own = try facts.scaling.inverse(of: means.tensor).doubles
    return [
      try decisionPicture(self, facts, with: data.asClasses),
      smoothingPicture(facts, chosen: smoothing, error: "share of rows"),
    ].compactMap { $0 } + [
      weightPicture(
        "Means of the classes", Matrix(rows: means.rows, columns: means.columns, own),
        names: facts.classNames, facts: facts,
        caption: "The mean of the rows that the network keeps of each class.")
    ]
  }
}
