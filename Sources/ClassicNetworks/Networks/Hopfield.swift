import Datasets
import Tensors
import Training

/// Hopfield's network: patterns stored as the places where an energy is least, and recalled from parts
/// or noisy copies of themselves.
///
/// Units s are −1 or 1, and each is joined to each other, wᵢⱼ = wⱼᵢ and wᵢᵢ = 0. Patterns ξ of N
/// numbers, P in all, are stored by one of two rules:
///
/// - `hebb`: wᵢⱼ = (1/N) Σ ξᵢ ξⱼ over patterns; about 0.138 N random patterns can be recalled, with a
///   few wrong units each.
/// - `pseudoInverse`: W is the projection onto the space of the patterns, with 0 on its diagonal; all are
///   recalled exactly where they are fewer than N and independent, correlated ones too (L. Personnaz,
///   I. Guyon, G. Dreyfus).
///
/// Recall lets sᵢ ← sign(Σ wᵢⱼ sⱼ), keeping sᵢ where the sum is 0, until nothing changes:
/// `asynchronous`, unit after unit in a random order, so that E = −½ Σ wᵢⱼ sᵢ sⱼ never rises; or
/// `synchronous`, all at once, which may end in a cycle of two states. With `dynamics` `continuous` units
/// have inputs u and outputs V = tanh(g u), and du/dt = −u + W V is followed from V = `firstOutput` · s in
/// Euler's steps; E = −½ Σ wᵢⱼ Vᵢ Vⱼ + (1/g) Σ ∫₀^V artanh falls.
///
/// Rows are of −1 and 1, or of 0 and 1, which are stored as −1 and 1 and recalled as 0 and 1; a
/// `threshold` makes any numbers so.
///
/// Sources: J. Hopfield, "Neural networks and physical systems with emergent collective computational
/// abilities", PNAS 79 (1982), doi:10.1073/pnas.79.8.2554; J. Hopfield, "Neurons with graded response have
/// collective computational properties like those of two-state neurons", PNAS 81 (1984),
/// doi:10.1073/pnas.81.10.3088; L. Personnaz, I. Guyon, G. Dreyfus, "Collective computational properties
/// of neural networks: new learning mechanisms", Physical Review A 34 (1986),
/// doi:10.1103/PhysRevA.34.4217; D. Amit, H. Gutfreund, H. Sompolinsky, "Storing infinite numbers of
/// patterns in a spin-glass model of neural networks", Physical Review Letters 55 (1985),
/// doi:10.1103/PhysRevLett.55.1530.
public struct Hopfield: ClassicNetwork {
  public static let kind = "hopfield"
  public static let purpose = "patterns stored, and recalled from parts or noisy copies of them"
  public static let meanings: SettingMeanings = [
    ("rule", "hebb or pseudoInverse"),
    ("updates", "asynchronous, one unit at a time, or synchronous, all at once"),
    ("dynamics", "binary, or continuous with tanh"),
    ("sweeps", "updates of all units at most in a recall"),
    ("gain", "g of continuous units"),
    ("step", "the step of time of continuous units, more than 0 and at most 1"),
    ("steps", "steps of time at most"),
    ("firstOutput", "V at first, for s = 1, between 0 and 1"),
    (
      "threshold",
      "values above it count as 1, others as −1; where none is given, rows must be binary"
    ),
  ]

  /// How patterns are stored.
  public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
    case hebb, pseudoInverse
  }

  /// In which order units change.
  public enum Updates: String, Codable, Hashable, Sendable, CaseIterable {
    case asynchronous, synchronous
  }

  /// What units are.
  public enum Dynamics: String, Codable, Hashable, Sendable, CaseIterable {
    case binary, continuous
  }

  /// The units that a network may have.
  static let most = 8192

  public var rule: Rule
  public var updates: Updates
  public var dynamics: Dynamics
  public var sweeps: Int
  public var gain: Double
  public var step: Double
  public var steps: Int
  public var firstOutput: Double
  public var threshold: Double?

  public init() { self.init(rule: .hebb) }

  public init(
    rule: Rule = .hebb, updates: Updates = .asynchronous, dynamics: Dynamics = .binary,
    sweeps: Int = 100, gain: Double = 4, step: Double = 0.1, steps: Int = 1000,
    firstOutput: Double = 0.5, threshold: Double? = nil
  ) {
    self.rule = rule
    self.updates = updates
    self.dynamics = dynamics
    self.sweeps = sweeps
    self.gain = gain
    self.step = step
    self.steps = steps
    self.firstOutput = firstOutput
    self.threshold = threshold
  }

  public var problem: String? {
    if !(1...100_000).contains(sweeps) { return "sweeps is \(sweeps), expected 1 to 100000" }
    if !(gain > 0 && gain <= 1000) {
      return "gain is \(gain), expected more than 0 and at most 1000"
    }
    if !(step > 0 && step <= 1) { return "step is \(step), expected more than 0 and at most 1" }
    if !(1...1_000_000).contains(steps) { return "steps is \(steps), expected 1 to 1000000" }
    if !(firstOutput > 0 && firstOutput < 1) {
      return "firstOutput is \(firstOutput), expected between 0 and 1"
    }
    if let threshold, !threshold.isFinite {
      return "threshold is \(threshold), expected a finite number"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedHopfield
  {
    try check()
    let rows = try data.matrix(for: Self.kind)
    guard rows.columns <= Self.most else {
      throw TrainingError.data(
        "\(data.name): found rows of \(rows.columns) numbers, hopfield expects at most \(Self.most): "
          + "each is joined to each")
    }
    let (patterns, coding) = try BinaryCoding.read(
      rows, of: data.name, for: Self.kind, threshold: threshold)
    var facts = HopfieldFacts(common: ClassicFacts(data), coding: coding, seed: seed)
    facts.common.warnings = Self.sameUnits(patterns)
    let (weights, rank) = Self.weights(storing: patterns, by: rule)
    let load = Double(patterns.rows) / Double(patterns.columns)
    if rule == .hebb, load > 0.138 {
      facts.common.warnings.append(
        "\(patterns.rows) patterns are \(shortText(load)) for each unit: past about 0.138 random "
          + "patterns are not recalled; rule=pseudoInverse stores more")
    }
    if rule == .pseudoInverse, rank == patterns.columns {
      facts.common.warnings.append(
        "the patterns span all \(rank) units: every state is as good as another, and nothing is stored"
      )
    }
    let fitted = FittedHopfield(settings: self, facts: facts, weights: weights, patterns: patterns)
    let unstable = fitted.unstablePatterns
    observe(ClassicProgress(epoch: 1, [ClassicFigure("unstable patterns", Double(unstable))]))
    return fitted.warning(
      unstable == 0
        ? nil
        : "\(unstable) of \(patterns.rows) patterns are not at rest: recall leaves them")
  }

  /// A sentence where most units are the same in all patterns, three or more.
  private static func sameUnits(_ patterns: Matrix) -> [String] {
    let same = (0..<patterns.columns).filter { unit in
      (1..<patterns.rows).allSatisfy { patterns[$0, unit] == patterns[0, unit] }
    }.count
    guard patterns.rows > 2, 2 * same > patterns.columns else { return [] }
    return [
      "\(same) of \(patterns.columns) units are the same in all patterns, which are hard to tell apart"
    ]
  }

  /// The weights that store patterns of −1 and 1, and for the pseudo-inverse how many of the patterns
  /// depend on no others.
  static func weights(storing patterns: Matrix, by rule: Rule) -> (weights: Matrix, rank: Int) {
    var weights: Matrix
    var rank = patterns.rows
    switch rule {
    case .hebb:
      weights = patterns.times(patterns, transposed: true)
      let count = Double(patterns.columns)
      for place in weights.values.indices { weights.values[place] /= count }
    case .pseudoInverse:
      // Orthonormal rows that span the patterns; W is the sum of their outer products.
      let basis = orthonormal(patterns)
      rank = basis.rows
      weights = basis.times(basis, transposed: true)
    }
    for unit in 0..<weights.rows { weights[unit, unit] = 0 }
    return (weights, rank)
  }

  /// Orthonormal rows that span the same space, by Gram and Schmidt's way, twice for exactness.
  private static func orthonormal(_ rows: Matrix) -> Matrix {
    let width = rows.columns
    var basis: [Double] = []
    var count = 0
    for row in 0..<rows.rows where count < width {
      var vector = Array(rows[row: row])
      let size = length(vector)
      vector.withUnsafeMutableBufferPointer { vector in
        basis.withUnsafeBufferPointer { basis in
          for other in 0..<2 * count {
            let start = other % count * width
            var part = 0.0
            for place in 0..<width { part += vector[place] * basis[start + place] }
            for place in 0..<width { vector[place] -= part * basis[start + place] }
          }
        }
      }
      let rest = length(vector)
      guard rest > 1e-9 * size else { continue }
      basis += vector.map { $0 / rest }
      count += 1
    }
    return Matrix(rows: count, columns: width, basis)
  }

  private static func length(_ vector: [Double]) -> Double {
    var sum = 0.0
    for value in vector { sum += value * value }
    return sum.squareRoot()
  }

  public static var samples: [ClassicSample<Hopfield>] {
    let rows = Tensor([
      [1, 1, 1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0, 1, 0], [1, 1, 0, 0, 1, 1, 0, 0],
    ])
    let data = Dataset(
      name: "patterns", features: rows,
      targets: .values(Tensor.zeros([3, 0], type: .float64), names: []))
    return [
      ClassicSample(Hopfield(), on: data),
      ClassicSample(
        Hopfield(rule: .pseudoInverse, updates: .synchronous, threshold: 0.5), on: data),
      ClassicSample(Hopfield(rule: .pseudoInverse, dynamics: .continuous, steps: 200), on: data),
    ]
  }
}
