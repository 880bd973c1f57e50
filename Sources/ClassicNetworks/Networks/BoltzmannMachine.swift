import Datasets
import Tensors
import Training

/// The Boltzmann machine: binary units with symmetric weights that learn the distribution of their
/// rows from what happens when the rows are held fast and when they are not.
///
/// With the energy E = −Σ_{i<j} wᵢⱼ sᵢ sⱼ − Σᵢ bᵢ sᵢ and equilibrium at temperature T,
/// ∂G/∂wᵢⱼ = −(pᵢⱼ − p′ᵢⱼ) / T: G is the divergence Σ P(v) ln(P(v) / P′(v)) of the rows'
/// distribution P from the free machine's P′, pᵢⱼ how often units i and j are on together while a row
/// is clamped to the visible units, and p′ᵢⱼ while nothing is. One cycle of learning settles by simulated
/// annealing on every row and as often on none, gathers both statistics, and moves each weight: by a
/// fixed step with the sign of pᵢⱼ − p′ᵢⱼ, as the paper does, or by the step times the difference.
/// While rows are clamped, their bits are turned with small probabilities, so that no weight grows
/// without end; here they are drawn anew in each unit of time. Drawn once for each settling, about one
/// encoder in twenty never finds its codes: weights grow until the free machine no longer settles.
///
/// Visible columns may stand in groups that are not joined to one another but through hidden units:
/// `groups` of 4,4 with two hidden units that are not joined is the 4-2-4 encoder. The paper's 250 runs
/// all found four codes, in 110 cycles in the median.
///
/// Source: D. Ackley, G. Hinton, T. Sejnowski, "A learning algorithm for Boltzmann machines",
/// Cognitive Science 9 (1985), doi:10.1207/s15516709cog0901_7.
public struct BoltzmannMachine: ClassicNetwork {
  public static let kind = "boltzmann-machine"
  public static let shortNames = ["boltzmann"]
  public static let purpose =
    "the distribution of binary rows, by binary units that settle by simulated annealing"
  public static let meanings: SettingMeanings = [
    ("hidden", "hidden units"),
    ("groups", "the columns of each group, such as 4,4; no weights join groups. Empty: one group"),
    ("joinsHidden", "whether hidden units have weights between them"),
    ("cycles", "cycles of learning at most"),
    ("rule", "sign: a fixed step with the sign of p − p′; gradient: the step times p − p′"),
    ("step", "how far a weight moves in a cycle"),
    ("annealings", "how often each row is settled on in a cycle"),
    ("temperatures", "the temperatures of annealing, the last one that of equilibrium"),
    ("times", "the time spent at each; in a unit of time each unit has one chance to change"),
    ("gathering", "the time for which statistics are gathered after annealing"),
    ("turnsOff", "the probability that a clamped 1 is turned to 0"),
    ("turnsOn", "the probability that a clamped 0 is turned to 1"),
    (
      "stopsWhenSolved", "whether learning ends once rows have codes of their own and are completed"
    ),
  ]

  /// How statistics become weights.
  public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
    case sign, gradient
  }

  public var hidden: Int
  public var groups: [Int]
  public var joinsHidden: Bool
  public var cycles: Int
  public var rule: Rule
  public var step: Double
  public var annealings: Int
  public var temperatures: [Double]
  public var times: [Int]
  public var gathering: Int
  public var turnsOff: Double
  public var turnsOn: Double
  public var stopsWhenSolved: Bool

  public init() { self.init(hidden: 2) }

  public init(
    hidden: Int = 2, groups: [Int] = [], joinsHidden: Bool = true, cycles: Int = 500,
    rule: Rule = .sign, step: Double = 2, annealings: Int = 2,
    temperatures: [Double] = [20, 15, 12, 10], times: [Int] = [2, 2, 2, 4], gathering: Int = 10,
    turnsOff: Double = 0.15, turnsOn: Double = 0.05, stopsWhenSolved: Bool = false
  ) {
    (self.hidden, self.groups, self.joinsHidden, self.cycles) = (
      hidden, groups, joinsHidden, cycles
    )
    (self.rule, self.step, self.annealings) = (rule, step, annealings)
    (self.temperatures, self.times, self.gathering) = (temperatures, times, gathering)
    (self.turnsOff, self.turnsOn, self.stopsWhenSolved) = (turnsOff, turnsOn, stopsWhenSolved)
  }

  public var problem: String? {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
      range.contains(value)
        ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
    }
    func chance(_ name: String, _ value: Double) -> String? {
      value >= 0 && value < 0.5 ? nil : "\(name) is \(value), expected 0 to less than 0.5"
    }
    let heat = temperatures.first { !($0 > 0 && $0.isFinite) }
    let problems = [
      whole("hidden", hidden, 0...1000), whole("cycles", cycles, 1...1_000_000),
      whole("annealings", annealings, 1...1000), whole("gathering", gathering, 1...100_000),
      step > 0 && step.isFinite ? nil : "step is \(step), expected more than 0",
      temperatures.isEmpty ? "temperatures is empty, expected one or more" : nil,
      heat.map { "temperatures has \($0), expected more than 0" },
      temperatures.count == times.count
        ? nil : "times has \(times.count) numbers, expected one for each of the temperatures",
    ]
    return problems.compactMap { $0 }.first
      ?? times.lazy.compactMap { whole("times", $0, 0...100_000) }.first
      ?? groups.lazy.compactMap { whole("groups", $0, 1...1000) }.first
      ?? chance("turnsOff", turnsOff) ?? chance("turnsOn", turnsOn)
  }

  /// Time and temperature, one after another.
  var schedule: [(time: Int, temperature: Double)] { Array(zip(times, temperatures)) }
  /// The temperature of equilibrium.
  var temperature: Double { temperatures.last ?? 1 }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedBoltzmannMachine
  {
    try check()
    let rows = try data.binaryRows(for: Self.kind)
    let layout = try BoltzmannLayout(self, visible: rows.columns)
    var facts = ClassicFacts(data)
    let examples = BoltzmannExamples(rows)
    if hidden < 30, examples.rows.rows > 1 << hidden, hidden > 0 {
      facts.warnings.append(
        "\(hidden) hidden unit\(hidden == 1 ? " has" : "s have") \(1 << hidden) states, fewer than "
          + "the \(examples.rows.rows) rows that differ")
    }
    var random = RandomStream(seed: seed, name: Self.kind)
    var units = AnnealedUnits(weights: Matrix(rows: layout.units + 1, columns: layout.units + 1))
    for cycle in 1...cycles {
      var clamped = Matrix(rows: layout.units + 1, columns: layout.units + 1)
      var free = clamped
      for row in 0..<rows.rows {
        for _ in 0..<annealings {
          gather(&clamped, &units, row: rows[row: row], free: layout.hidden, &random)
        }
      }
      for _ in 0..<rows.rows * annealings {
        gather(&free, &units, row: [], free: Array(0..<layout.units), &random)
      }
      let count = Double(rows.rows * annealings * gathering)
      units.set(moved(units.weights, clamped, free, count: count, layout))
      let fitted = FittedBoltzmannMachine(
        settings: self, facts: facts, layout: layout, weights: units.weights)
      // For larger machines the figures would take longer than learning.
      let isSmall = layout.units <= 16 && examples.rows.rows <= 64
      let figures = isSmall || stopsWhenSolved ? fitted.figures(on: examples) : []
      for figure in figures { facts.record(figure.name, figure.value) }
      observe(ClassicProgress(epoch: cycle, figures))
      if stopsWhenSolved, FittedBoltzmannMachine.isSolved(figures, examples) { break }
    }
    return FittedBoltzmannMachine(
      settings: self, facts: facts, layout: layout, weights: units.weights)
  }

  /// Settles, and counts which units are on together.
  ///
  /// - Parameter row: The first units' states, of which some are turned, other ones in each unit
  ///   of time.
  private func gather(
    _ counts: inout Matrix, _ units: inout AnnealedUnits, row: ArraySlice<Double>, free: [Int],
    _ random: inout RandomStream
  ) {
    func clamp() {
      for (unit, state) in row.enumerated() {
        let isTurned = random.uniform() < (state == 1 ? turnsOff : turnsOn)
        units.turn(unit, on: (state == 1) != isTurned)
      }
    }
    clamp()
    units.anneal(schedule, free: free, &random)
    for _ in 0..<gathering {
      clamp()
      units.run(for: 1, at: temperature, free: free, &random)
      let on = units.states.indices.filter { units.states[$0] == 1 }
      for unit in on {
        let start = unit * counts.columns
        for other in on { counts.values[start + other] += 1 }
      }
    }
  }

  /// The weights after a cycle.
  private func moved(
    _ weights: Matrix, _ clamped: Matrix, _ free: Matrix, count: Double, _ layout: BoltzmannLayout
  ) -> Matrix {
    var weights = weights
    for place in weights.values.indices where layout.isJoined[place] {
      let difference = clamped.values[place] - free.values[place]
      switch rule {
      case .gradient: weights.values[place] += step * difference / count
      case .sign where difference != 0: weights.values[place] += difference > 0 ? step : -step
      case .sign: break
      }
    }
    return weights
  }

  public static var samples: [ClassicSample<BoltzmannMachine>] {
    func data(_ rows: [[Double]]) -> Dataset {
      Dataset(
        name: "bits", features: Tensor(rows),
        targets: .values(Tensor.zeros([rows.count, 0], type: .float64), names: []))
    }
    return [
      ClassicSample(
        BoltzmannMachine(hidden: 1, groups: [2, 2], cycles: 30),
        on: data([[1, 0, 1, 0], [0, 1, 0, 1]])),
      ClassicSample(
        BoltzmannMachine(
          hidden: 2, joinsHidden: false, cycles: 10, rule: .gradient, temperatures: [2, 1],
          times: [2, 2]),
        on: data([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])),
    ]
  }
}

extension Dataset {
  /// The features as a matrix of zeros and ones.
  ///
  /// - Throws: `TrainingError` for the first number that is neither, and where there are no rows.
  func binaryRows(for kind: String) throws -> Matrix {
    let rows = try matrix(for: kind)
    if let place = rows.values.firstIndex(where: { $0 != 0 && $0 != 1 }) {
      throw TrainingError.data(
        "\(name), row \(rowNumber(place / rows.columns)): found \(rows.values[place]), \(kind) "
          + "expects 0 or 1")
    }
    return rows
  }
}
