import Datasets
import Tensors
import Training

/// A layer of Gaussian units, each for the rows around its center, and a linear layer on top.
///
/// oₖ = Σⱼ wⱼₖ exp(−‖x − cⱼ‖² / (2 σⱼ²)) + bₖ, with the centers c and the widths σ of the units, the
/// weights w and the biases b. The greatest o is the class; its target is 1 for a row's class, else 0.
/// Numbers are learned as they are.
///
/// It is learned in up to four steps.
/// 1. Centers: by `kMeans` (from k-means++), `randomRows`, or `orthogonalLeastSquares`, which takes the
///    row that explains most of what is left, one at a time, until there are enough units or the mean
///    squared error reaches the `goal`.
/// 2. Widths: σⱼ = f √(mean squared distance to the p nearest centers) for `neighbors`, one for all for
///    `shared`: that which is given, or f d / √(2 m) with the largest distance d of m centers. Centers
///    by `orthogonalLeastSquares` need one for all first: d is then the diagonal of the rows' ranges and
///    m the number of units.
/// 3. Weights: by `leastSquares` with the ridge λ, that is, Σ ‖t − o‖² + λ Σ w² is made least; or by
///    `gradient`, by Adam's steps.
/// 4. `tuning`: epochs in which centers, widths and weights all learn by backpropagation; with
///    `leastSquares` the weights are solved for once more after them.
///
/// Sources: D. Broomhead, D. Lowe, "Multivariable functional interpolation and adaptive networks",
/// Complex Systems 2 (1988); J. Moody, C. Darken, "Fast learning in networks of locally-tuned processing
/// units", Neural Computation 1 (1989), doi:10.1162/neco.1989.1.2.281; S. Chen, C. Cowan, P. Grant, IEEE
/// Transactions on Neural Networks 2 (1991), doi:10.1109/72.80341.
public struct RadialBasisNetwork: ClassicNetwork {
  public static let kind = "radial-basis-network"
  public static let shortNames = ["rbf"]
  public static let purpose =
    "classes or numbers by Gaussian units around centers, and a linear layer fitted by least squares"
  public static let meanings: SettingMeanings = [
    ("units", "how many Gaussian units; with a goal at most so many"),
    ("centers", "kMeans, randomRows or orthogonalLeastSquares (one after another)"),
    ("rounds", "rounds of k-means at most"),
    ("candidates", "how many rows orthogonalLeastSquares chooses from"),
    ("goal", "the mean squared error at which orthogonalLeastSquares ends; 0: never"),
    ("widths", "neighbors (one for each unit) or shared (one for all)"),
    ("neighbors", "p, how many centers a width is measured to"),
    ("width", "σ of all units, in scaled units; 0: it is measured"),
    ("widthFactor", "f, by which measured widths are multiplied"),
    ("output", "leastSquares or gradient"),
    ("ridge", "λ, against large weights"),
    ("epochs", "passes over the rows by gradient"),
    ("tuning", "passes over the rows in which centers and widths learn too"),
    ("learningRate", "η of both"),
    ("batch", "rows a step"),
    ("scaling", RowScaling.meaning),
  ]

  /// Where the units stand.
  public enum Centers: String, Codable, Hashable, Sendable, CaseIterable {
    case kMeans, randomRows, orthogonalLeastSquares
  }

  /// How wide they are.
  public enum Widths: String, Codable, Hashable, Sendable, CaseIterable {
    case neighbors, shared
  }

  /// How the weights are found.
  public enum Output: String, Codable, Hashable, Sendable, CaseIterable {
    case leastSquares, gradient
  }

  public var units: Int
  public var centers = Centers.kMeans
  public var rounds = 100
  public var candidates = 1000
  public var goal = 0.0
  public var widths = Widths.neighbors
  public var neighbors = 2
  public var width = 0.0
  public var widthFactor = 1.0
  public var output = Output.leastSquares
  public var ridge = 1e-6
  public var epochs = 100
  public var tuning = 0
  public var learningRate = 0.01
  public var batch = 32
  public var scaling = RowScaling.standard

  public init() { self.init(units: 20) }

  public init(units: Int) { self.units = units }

  public init(units: Int, scaling: RowScaling, _ change: (inout RadialBasisNetwork) -> Void) {
    self.init(units: units)
    self.scaling = scaling
    change(&self)
  }

  public var problem: String? {
    for (name, value) in [
      ("units", units), ("rounds", rounds), ("candidates", candidates), ("neighbors", neighbors),
      ("epochs", epochs), ("batch", batch),
    ] where !(1...1_000_000).contains(value) {
      return "\(name) is \(value), expected 1 to 1000000"
    }
    if !(0...1_000_000).contains(tuning) { return "tuning is \(tuning), expected 0 to 1000000" }
    for (name, value) in [("goal", goal), ("width", width), ("ridge", ridge)]
    where !(value >= 0 && value.isFinite) {
      return "\(name) is \(value), expected 0 or more"
    }
    for (name, value) in [("widthFactor", widthFactor), ("learningRate", learningRate)]
    where !(value > 0 && value.isFinite) {
      return "\(name) is \(value), expected more than 0"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedRadialBasisNetwork
  {
    try check()
    let targets = try data.targetMatrix(for: Self.kind)
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    guard units <= rows.rows || centers == .orthogonalLeastSquares else {
      throw TrainingError.data("\(data.name): found \(rows.rows) rows for \(units) units")
    }
    func record(_ name: String, _ epoch: Int, _ value: Double) {
      facts.record(name, value)
      observe(ClassicProgress(epoch: epoch, [ClassicFigure(name, value)]))
    }
    var random = RandomStream(seed: seed, name: "radial basis")
    var basis = try place(rows, targets, random: &random, name: data.name, record: record)
    if basis.centers.rows < units, centers != .orthogonalLeastSquares {
      facts.warnings.append(
        "only \(basis.centers.rows) rows differ from one another, \(units) units were asked for")
    }
    func solve() -> Matrix {
      let solved = basis.solve(rows, targets, ridge: ridge)
      if solved.ridge > ridge {
        facts.warnings.append(
          "the ridge is \(solved.ridge): with less of it units could not be told apart")
      }
      return solved.weights
    }
    var weights: Matrix
    switch output {
    case .leastSquares: weights = solve()
    case .gradient:
      weights = Matrix(rows: basis.centers.rows + 1, columns: targets.columns)
      weights[row: basis.centers.rows] = targets.columnMeans[...]
    }
    for (isTuning, passes) in [(false, output == .gradient ? epochs : 0), (true, tuning)]
    where passes > 0 {
      try learn(
        rows, targets, &basis, &weights, passes: passes, movesUnits: isTuning, random: &random,
        observe: { record(isTuning ? "error of tuning" : "error", $0, $1) })
    }
    if output == .leastSquares, tuning > 0 { weights = solve() }
    return FittedRadialBasisNetwork(settings: self, facts: facts, basis: basis, weights: weights)
  }

  /// The units.
  private func place(
    _ rows: Matrix, _ targets: Matrix, random: inout RandomStream, name: String,
    record: (String, Int, Double) -> Void
  ) throws -> RadialBasis {
    let found: Matrix
    switch centers {
    case .kMeans:
      let start = KMeans.start(rows, count: units, random: &random)
      found =
        KMeans(
          rows, start: rows.picking(start), rounds: rounds,
          observe: { record("quantization error", $0, $1) }
        ).centers
    case .randomRows:
      var seen: Set<[Double]> = []
      var places: [Int] = []
      for row in random.permutation(rows.rows)
      where places.count < units && seen.insert(Array(rows[row: row])).inserted {
        places.append(row)
      }
      found = rows.picking(places)
    case .orthogonalLeastSquares:
      let chosen = random.permutation(rows.rows).prefix(candidates).sorted()
      guard chosen.count <= (1 << 27) / rows.rows else {
        throw TrainingError.data(
          "\(name): found \(rows.rows) rows for \(chosen.count) candidates, expected "
            + "\((1 << 27) / rows.rows) candidates at most")
      }
      let sigma = width > 0 ? width : spread(rows)
      let possible = RadialBasis(
        centers: rows.picking(chosen),
        widths: [Double](repeating: sigma, count: chosen.count))
      let selection = OrthogonalLeastSquares(
        possible.activations(rows).transposed, targets, most: units, goal: goal,
        observe: { record("mean squared error", $0, $1) })
      // The constant may explain everything: a network needs a unit still.
      let places = selection.chosen.isEmpty ? [0] : selection.chosen
      return RadialBasis(
        centers: possible.centers.picking(places),
        widths: [Double](repeating: sigma, count: places.count))
    }
    switch widths {
    case .neighbors:
      return RadialBasis(
        centers: found,
        widths: RadialBasis.neighborWidths(found, neighbors: neighbors, factor: widthFactor))
    case .shared:
      let sigma = width > 0 ? width : RadialBasis.sharedWidth(found, factor: widthFactor)
      return RadialBasis(
        centers: found, widths: [Double](repeating: sigma, count: found.rows))
    }
  }

  /// f d / √(2 m) with the diagonal d of the columns' ranges and the number m of units.
  private func spread(_ rows: Matrix) -> Double {
    var (low, high) = (Array(rows[row: 0]), Array(rows[row: 0]))
    for row in 1..<max(rows.rows, 1) {
      for (column, value) in rows[row: row].enumerated() {
        low[column] = min(low[column], value)
        high[column] = max(high[column], value)
      }
    }
    let diagonal = squaredDistance(low, high)
    return diagonal > 0 ? widthFactor * (diagonal / Double(2 * units)).squareRoot() : widthFactor
  }

  /// Steps of gradient descent, on targets of mean 0 and deviation 1, so that one rate suits all.
  private func learn(
    _ rows: Matrix, _ targets: Matrix, _ basis: inout RadialBasis, _ weights: inout Matrix,
    passes: Int, movesUnits: Bool, random: inout RandomStream, observe: (Int, Double) -> Void
  ) throws {
    let (means, bias) = (targets.columnMeans, basis.centers.rows)
    var variance = 0.0
    for row in 0..<targets.rows { variance += squaredDistance(targets[row: row], means) }
    variance /= Double(targets.values.count)
    // One deviation for all outputs, so that the error stays the same one.
    let deviation = variance > 0 ? variance.squareRoot() : 1
    var scaled = targets
    for row in 0..<scaled.rows {
      for column in means.indices {
        scaled[row, column] = (scaled[row, column] - means[column]) / deviation
      }
    }
    for column in means.indices { weights[bias, column] -= means[column] }
    for place in weights.values.indices { weights.values[place] /= deviation }
    var training = RadialBasisTraining(
      basis: basis, weights: weights, learningRate: learningRate, batch: batch,
      movesUnits: movesUnits)
    try training.run(rows, scaled, epochs: passes, random: &random) {
      observe($0, $1 * deviation * deviation)
    }
    (basis, weights) = (training.basis, training.weights)
    for place in weights.values.indices { weights.values[place] *= deviation }
    for column in means.indices { weights[bias, column] += means[column] }
  }

  public static var samples: [ClassicSample<RadialBasisNetwork>] {
    let points = Tensor([[0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3]])
    let classes = Dataset(
      name: "points", features: points,
      targets: .classes(Tensor([0, 1, 1, 0, 2, 2] as [Int32]), names: ["a", "b", "c"]))
    let line = Dataset(
      name: "line", features: Tensor([0.0, 1, 2, 3, 4, 5], shape: [6, 1]),
      targets: .values(Tensor([0.0, 1, 4, 9, 16, 25]), names: ["square"]))
    return [
      ClassicSample(RadialBasisNetwork(units: 4), on: classes),
      ClassicSample(
        RadialBasisNetwork(units: 3, scaling: .none) {
          $0.centers = .orthogonalLeastSquares
          $0.ridge = 0
        }, on: line),
      ClassicSample(
        RadialBasisNetwork(units: 3, scaling: .minMax) {
          $0.centers = .randomRows
          $0.widths = .shared
          $0.output = .gradient
          ($0.epochs, $0.tuning, $0.batch) = (3, 3, 4)
        }, on: classes),
    ]
  }
}
