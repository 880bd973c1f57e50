import Charts
import Datasets
import RealModule
import Tensors
import Training

/// Which units there are, and which are joined. Visible units come first.
struct BoltzmannLayout: Sendable {
  let groups: [Range<Int>]
  let hidden: [Int]
  /// For [units + 1, units + 1].
  let isJoined: [Bool]

  var visible: Int { groups.last?.upperBound ?? 0 }
  var units: Int { visible + hidden.count }

  /// - Throws: `TrainingError` where the groups have other columns than the rows, or units are too
  ///   many.
  init(_ settings: BoltzmannMachine, visible: Int) throws {
    let sizes = settings.groups.isEmpty ? [visible] : settings.groups
    let total = sizes.reduce(0) { $0 &+ $1 }
    guard total == visible else {
      throw TrainingError.setting(
        name: "groups", found: "\(total) columns",
        expected: "\(visible), those of a row, together")
    }
    guard visible + settings.hidden <= 4096 else {
      throw TrainingError.data(
        "found rows of \(visible) numbers, \(BoltzmannMachine.kind) expects at most 4096 units")
    }
    var groups: [Range<Int>] = []
    for size in sizes {
      let start = groups.last?.upperBound ?? 0
      groups.append(start..<start + size)
    }
    let hidden = Array(visible..<visible + settings.hidden)
    let units = visible + hidden.count
    let place = (0..<visible).map { unit in groups.firstIndex { $0.contains(unit) } }
    var isJoined = [Bool](repeating: false, count: (units + 1) * (units + 1))
    for unit in 0...units {
      for other in 0...units where unit != other {
        let first = min(unit, other)
        let last = max(unit, other)
        isJoined[unit * (units + 1) + other] =
          last == units
          || (last < visible
            ? place[first] == place[last] : first < visible || settings.joinsHidden)
      }
    }
    (self.groups, self.hidden, self.isJoined) = (groups, hidden, isJoined)
  }

  /// All states with a row at the visible units and the hidden ones off.
  func states(_ row: some Collection<Double>) -> [Double] {
    Array(row) + [Double](repeating: 0, count: hidden.count) + [1]
  }
}

/// The rows that differ, and how often each comes.
struct BoltzmannExamples {
  let rows: Matrix
  let shares: [Double]

  init(_ all: Matrix) {
    var places: [ArraySlice<Double>: Int] = [:]
    var first: [Int] = []
    var counts: [Double] = []
    for row in 0..<all.rows {
      if let place = places[all[row: row]] {
        counts[place] += 1
      } else {
        places[all[row: row]] = first.count
        first.append(row)
        counts.append(1)
      }
    }
    rows = all.picking(first)
    shares = counts.map { $0 / Double(all.rows) }
  }
}

/// A Boltzmann machine that has learned.
public struct FittedBoltzmannMachine: FittedNetwork {
  public let settings: BoltzmannMachine
  public let facts: ClassicFacts
  private let layout: BoltzmannLayout
  private let matrix: Matrix

  init(
    settings: BoltzmannMachine, facts: ClassicFacts, layout: BoltzmannLayout, weights: Matrix
  ) {
    (self.settings, self.facts, self.layout, matrix) = (settings, facts, layout, weights)
  }

  /// [units + 1, units + 1], symmetric: visible units, hidden units, and one that is always on.
  public var weights: Tensor { matrix.tensor }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] { [("weights", weights)] }

  public init(settings: BoltzmannMachine, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let layout = try BoltzmannLayout(settings, visible: try facts.columns())
    let weights = try tensors.matrix("weights", layout.units + 1, layout.units + 1)
    guard weights == weights.transposed,
      zip(weights.values, layout.isJoined).allSatisfy({ $0 == 0 || $1 })
    else {
      throw TrainingError.data("weights is not symmetric, or joins units that are not joined")
    }
    self.init(settings: settings, facts: facts, layout: layout, weights: weights)
  }

  /// How often each unit is on when the free ones settle beside the others: exactly for few, else by
  /// annealing.
  private func means(_ states: [Double], free: [Int]) -> [Double] {
    var units = AnnealedUnits(weights: matrix)
    units.set(states)
    if free.count <= AnnealedUnits.mostExact {
      return units.means(free: free, temperature: settings.temperature)
    }
    var random = RandomStream(seed: 0, name: "settling")
    var counts = [Double](repeating: 0, count: states.count)
    units.anneal(settings.schedule, free: free, &random)
    let samples = 10 * settings.gathering
    for _ in 0..<samples {
      units.run(for: 1, at: settings.temperature, free: free, &random)
      for unit in counts.indices { counts[unit] += units.states[unit] }
    }
    return counts.map { $0 / Double(samples) }
  }

  /// How often each hidden unit is on while a row is clamped.
  func code(_ row: some Collection<Double>) -> [Double] {
    Array(means(layout.states(row), free: layout.hidden)[layout.visible..<layout.units])
  }

  /// The row that the machine gives: the last group's units as often on as they are while the other
  /// groups are clamped; with one group each unit while all others are.
  private func completed(_ row: ArraySlice<Double>) -> [Double] {
    let states = layout.states(row)
    if layout.groups.count > 1, let last = layout.groups.last {
      return Array(means(states, free: Array(last) + layout.hidden)[..<layout.visible])
    }
    return (0..<layout.visible).map { means(states, free: [$0] + layout.hidden)[$0] }
  }

  /// Whether all rows have codes of their own and are completed rightly.
  static func isSolved(_ figures: [ClassicFigure], _ examples: BoltzmannExamples) -> Bool {
    figures.allSatisfy {
      switch $0.name {
      case Name.codes: $0.value == Double(examples.rows.rows)
      case Name.completed: $0.value == 1
      default: true
      }
    }
  }

  private enum Name {
    static let codes = "codes"
    static let completed = "bits completed"
    static let divergence = "G"
  }

  func figures(on examples: BoltzmannExamples) -> [ClassicFigure] {
    let rows = (0..<examples.rows.rows).map { examples.rows[row: $0] }
    var figures: [ClassicFigure] = []
    if !layout.hidden.isEmpty {
      let codes = Set(rows.map { code($0).map { $0 >= 0.5 } })
      figures.append(ClassicFigure(Name.codes, Double(codes.count)))
    }
    let checked = layout.groups.count > 1 ? layout.groups.last ?? 0..<0 : 0..<layout.visible
    var right = 0
    for row in rows {
      let found = completed(row)
      right += checked.count { (found[$0] >= 0.5) == (row[row.startIndex + $0] == 1) }
    }
    figures.append(
      ClassicFigure(Name.completed, Double(right) / Double(max(rows.count * checked.count, 1))))
    if layout.units <= AnnealedUnits.mostExact {
      var units = AnnealedUnits(weights: matrix)
      let temperature = settings.temperature
      let whole = units.logSum(free: Array(0..<layout.units), temperature: temperature)
      var divergence = 0.0
      for (row, share) in zip(rows, examples.shares) {
        units.set(layout.states(row))
        let part = units.logSum(free: layout.hidden, temperature: temperature)
        divergence += share * (Double.log(share) - (part - whole))
      }
      figures.append(ClassicFigure(Name.divergence, divergence))
    }
    return figures
  }

  /// The probability of each bit of the rows' last group, given the other groups; with one group, of
  /// each bit given all others.
  ///
  /// - Throws: `TrainingError` where the rows have another size, or numbers other than 0 and 1.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let matrix = try rows.matrix(for: BoltzmannMachine.kind, columns: layout.visible)
    guard matrix.values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw TrainingError.data("the rows hold a number that is neither 0 nor 1")
    }
    var answer = Matrix(rows: matrix.rows, columns: matrix.columns)
    for row in 0..<matrix.rows { answer[row: row] = completed(matrix[row: row])[...] }
    return .patterns(answer.tensor)
  }

  /// How many codes rows have, how many bits are completed rightly, and for at most twelve units
  /// G = Σ P(v) ln(P(v) / P′(v)).
  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    figures(on: BoltzmannExamples(try checked(data)))
  }

  private func checked(_ data: Dataset) throws -> Matrix {
    let rows = try data.binaryRows(for: BoltzmannMachine.kind)
    guard rows.columns == layout.visible else {
      throw TrainingError.data(
        "\(data.name): found rows of \(rows.columns), this \(BoltzmannMachine.kind) expects "
          + "\(layout.visible)")
    }
    return rows
  }

  private func text(_ values: some Collection<Double>) -> String {
    values.map { $0 >= 0.5 ? "1" : "0" }.joined()
  }

  /// The code of each row.
  public func remarks(on data: Dataset) throws -> [String] {
    let rows = BoltzmannExamples(try checked(data)).rows
    guard !layout.hidden.isEmpty else { return [] }
    return (0..<min(rows.rows, 16)).map {
      "\(text(rows[row: $0])) has the code \(text(code(rows[row: $0])))"
    }
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let rows = BoltzmannExamples(try checked(data)).rows
    let names =
      (layout.groups.count == 1
        ? (0..<layout.visible).map { "v\($0 + 1)" }
        : layout.groups.enumerated().flatMap { group, units in
          units.indices.map {
            "\(Character(UnicodeScalar(UInt8(97 + group % 26))))\($0 - units.lowerBound + 1)"
          }
        }) + layout.hidden.indices.map { "h\($0 + 1)" } + ["bias"]
    let shown = min(matrix.rows, 40)
    var pictures = [
      ClassicPicture(
        "Weights",
        HeatMap(
          title: "Weights", rowLabels: Array(names.suffix(shown)),
          columnLabels: Array(names.suffix(shown)),
          values: (matrix.rows - shown..<matrix.rows).map { Array(matrix[row: $0].suffix(shown)) }),
        caption: "What joins visible units, hidden units and the one that is always on.")
    ]
    if !layout.hidden.isEmpty {
      let count = min(rows.rows, 40)
      pictures.append(
        ClassicPicture(
          "Codes",
          HeatMap(
            title: "Codes", xLabel: "hidden unit", yLabel: "row",
            rowLabels: (0..<count).map { text(rows[row: $0].prefix(24)) },
            columnLabels: layout.hidden.indices.map { "h\($0 + 1)" },
            values: (0..<count).map { code(rows[row: $0]) }),
          caption: "How often each hidden unit is on while a row is clamped."))
    }
    return pictures + curvePictures(facts, axis: "cycle")
  }
}
