import Datasets
import Tensors
import Training

/// The restricted Boltzmann machine: a layer of visible and one of hidden units, joined to one another
/// and not among themselves.
///
/// E(v, h) = −b · v − c · h − vᵀ W h for Bernoulli visible units, v in {0, 1}, and
/// ½ ‖v − b‖² − c · h − vᵀ W h for Gaussian ones of deviation 1; h is in {0, 1}. Then
/// P(hⱼ = 1 | v) = σ(cⱼ + Σᵢ vᵢ wᵢⱼ), and vᵢ has the mean σ(bᵢ + Σⱼ wᵢⱼ hⱼ), or without σ for Gaussian
/// units. Learning follows Δwᵢⱼ = η (⟨vᵢ hⱼ⟩_rows − ⟨vᵢ hⱼ⟩_model): the second mean comes from `steps`
/// of Gibbs sampling that start at the rows (contrastive divergence, CD-k), or from chains that are
/// never started anew (persistent contrastive divergence, PCD).
///
/// A step over a batch is one compiled plan: a few matrix products.
///
/// Sources: P. Smolensky, "Information processing in dynamical systems", in "Parallel Distributed
/// Processing" 1 (1986); G. Hinton, "Training products of experts by minimizing contrastive
/// divergence", Neural Computation 14 (2002), doi:10.1162/089976602760128018; T. Tieleman, "Training
/// restricted Boltzmann machines using approximations to the likelihood gradient", ICML (2008),
/// doi:10.1145/1390156.1390290; momentum, decay and sparsity as in G. Hinton, "A practical guide to
/// training restricted Boltzmann machines" (2012), doi:10.1007/978-3-642-35289-8_32.
public struct RestrictedBoltzmannMachine: ClassicNetwork {
  public static let kind = "restricted-boltzmann-machine"
  public static let shortNames = ["rbm"]
  public static let purpose =
    "features of binary rows or images, and their distribution, by contrastive divergence"
  public static let meanings: SettingMeanings = [
    ("hidden", "hidden units"),
    ("units", "bernoulli, for rows of 0 to 1; gaussian, for columns of deviation 1"),
    ("method", "cd: sampling starts at the rows; pcd: chains go on from step to step"),
    ("steps", "k, the steps of Gibbs sampling for one of learning"),
    ("epochs", "passes over the rows"),
    ("batchSize", "rows of a step, and chains of pcd"),
    ("learningRate", "η"),
    ("momentum", "the part of a change that comes again in the next step"),
    ("weightDecay", "λ, what weights lose: η λ w in each step"),
    ("sparsityCost", "how strongly hidden units are drawn to sparsityTarget; 0: not at all"),
    ("sparsityTarget", "how often a hidden unit should be on"),
    ("samplesVisible", "whether visible units are sampled in learning, or taken as their means"),
    ("deviation", "the standard deviation of the weights at the start"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("precision", "what it computes in: float32 or float64"),
    ("scaling", RowScaling.meaning),
  ]

  /// What visible units are.
  public enum Units: String, Codable, Hashable, Sendable, CaseIterable {
    case bernoulli, gaussian
  }

  /// Where the model's statistics come from.
  public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
    case cd, pcd
  }

  public var hidden: Int
  public var units: Units
  public var method: Method
  public var steps: Int
  public var epochs: Int
  public var batchSize: Int
  public var learningRate: Double
  public var momentum: Double
  public var weightDecay: Double
  public var sparsityCost: Double
  public var sparsityTarget: Double
  public var samplesVisible: Bool
  public var deviation: Double
  public var shuffles: Bool
  public var precision: ScalarType
  public var scaling: RowScaling

  public init() { self.init(hidden: 64) }

  public init(
    hidden: Int = 64, units: Units = .bernoulli, method: Method = .cd, steps: Int = 1,
    epochs: Int = 20, batchSize: Int = 20, learningRate: Double = 0.05, momentum: Double = 0,
    weightDecay: Double = 0, sparsityCost: Double = 0, sparsityTarget: Double = 0.1,
    samplesVisible: Bool = true, deviation: Double = 0.01, shuffles: Bool = true,
    precision: ScalarType = .float32, scaling: RowScaling = .minMax
  ) {
    (self.hidden, self.units, self.method, self.steps) = (hidden, units, method, steps)
    (self.epochs, self.batchSize, self.learningRate) = (epochs, batchSize, learningRate)
    (self.momentum, self.weightDecay) = (momentum, weightDecay)
    (self.sparsityCost, self.sparsityTarget) = (sparsityCost, sparsityTarget)
    (self.samplesVisible, self.deviation, self.shuffles) = (samplesVisible, deviation, shuffles)
    (self.precision, self.scaling) = (precision, scaling)
  }

  public var problem: String? {
    func whole(_ name: String, _ value: Int, _ most: Int) -> String? {
      (1...most).contains(value) ? nil : "\(name) is \(value), expected 1 to \(most)"
    }
    func number(_ name: String, _ value: Double, _ isFine: Bool, _ expected: String) -> String? {
      isFine && value.isFinite ? nil : "\(name) is \(value), expected \(expected)"
    }
    let problems: [String?] = [
      whole("hidden", hidden, 1 << 20), whole("steps", steps, 100),
      whole("epochs", epochs, 1_000_000), whole("batchSize", batchSize, 1 << 20),
      number("learningRate", learningRate, learningRate > 0, "more than 0"),
      number("momentum", momentum, momentum >= 0 && momentum < 1, "0 to less than 1"),
      number("weightDecay", weightDecay, weightDecay >= 0, "0 or more"),
      number("sparsityCost", sparsityCost, sparsityCost >= 0, "0 or more"),
      number(
        "sparsityTarget", sparsityTarget, sparsityTarget > 0 && sparsityTarget < 1,
        "more than 0 and less than 1"),
      number("deviation", deviation, deviation >= 0, "0 or more"),
      precision.isFloatingPoint
        ? nil : "precision is \(precision.rawValue), expected float32 or float64",
    ]
    return problems.lazy.compactMap { $0 }.first
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedRestrictedBoltzmannMachine
  {
    try check()
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    facts.warnings += try rangeWarnings(rows, data)
    // Figures on the way are those of some of the rows.
    let sample = rows.picking(Array(stride(from: 0, to: rows.rows, by: max(1, rows.rows / 500))))
    let bits = pseudoLikelihoodBits(sample)
    let energy = try learn(rows.tensor.cast(to: precision), seed: seed) { epoch, energy in
      var figures = [
        ClassicFigure(Name.error, rootMeanSquare(energy.reconstructions(sample), sample))
      ]
      if units == .bernoulli {
        let found = energy.pseudoLikelihoods(sample, bits: bits)
        figures.append(
          ClassicFigure(Name.pseudoLikelihood, found.reduce(0, +) / Double(found.count)))
      }
      for figure in figures { facts.record(figure.name, figure.value) }
      observe(ClassicProgress(epoch: epoch, figures))
    }
    return FittedRestrictedBoltzmannMachine(settings: self, facts: facts, energy: energy)
  }

  enum Name {
    static let error = "reconstruction error"
    static let pseudoLikelihood = "ln pseudo-likelihood"
  }

  /// What is odd in the rows.
  ///
  /// - Throws: `TrainingError` where Bernoulli units would get numbers that are no probabilities.
  func rangeWarnings(_ rows: Matrix, _ data: Dataset) throws -> [String] {
    switch units {
    case .bernoulli:
      if let place = rows.values.firstIndex(where: { !(0...1).contains($0) }) {
        throw TrainingError.data(
          "\(data.name), row \(data.rowNumber(place / rows.columns)): found \(rows.values[place]) "
            + "when scaled, bernoulli units expect 0 to 1: take scaling min-max, or gaussian units")
      }
      return []
    case .gaussian:
      let means = rows.columnMeans
      var spreads = [Double](repeating: 0, count: rows.columns)
      for place in rows.values.indices {
        let difference = rows.values[place] - means[place % rows.columns]
        spreads[place % rows.columns] += difference * difference / Double(rows.rows)
      }
      let largest = spreads.max() ?? 0
      return largest > 4
        ? [
          "a column has deviation \(shortText(largest.squareRoot())) when scaled: gaussian units "
            + "expect about 1, as scaling standard gives it"
        ] : []
    }
  }

  public static var samples: [ClassicSample<RestrictedBoltzmannMachine>] {
    func data(_ rows: [[Double]]) -> Dataset {
      Dataset(
        name: "rows", features: Tensor(rows),
        targets: .values(Tensor.zeros([rows.count, 0], type: .float64), names: []))
    }
    return [
      ClassicSample(
        RestrictedBoltzmannMachine(
          hidden: 3, method: .pcd, epochs: 3, batchSize: 2, momentum: 0.5, weightDecay: 0.001),
        on: data([[0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]])),
      ClassicSample(
        RestrictedBoltzmannMachine(
          hidden: 2, units: .gaussian, steps: 2, epochs: 2, batchSize: 3, sparsityCost: 0.1,
          precision: .float64, scaling: .standard),
        on: data([[1, 4], [2, 3], [3, 8], [5, 5]])),
    ]
  }
}

/// √ of the mean squared difference.
func rootMeanSquare(_ a: Matrix, _ b: Matrix) -> Double {
  (squaredDistance(a.values, b.values) / Double(max(a.values.count, 1))).squareRoot()
}

/// One bit of each row, at random but always the same.
func pseudoLikelihoodBits(_ rows: Matrix) -> [Int] {
  var random = RandomStream(seed: 0, name: "pseudo-likelihood")
  return (0..<rows.rows).map { _ in Int(random.uniform() * Double(rows.columns)) }
}
