import Charts
import Datasets
import Layers
import Tensors
import Training

/// Fritzke's growing neural gas: a graph of units that grows where its errors are large, until its
/// units and edges have the shape of the data.
///
/// It begins with two units. For each row x, with s and r the nearest and the next nearest unit:
/// 1. the edges of s grow older by 1, and its error grows by ‖x − wₛ‖²
/// 2. s moves by ε_b (x − wₛ), each of its neighbors n by ε_n (x − wₙ)
/// 3. the edge between s and r is made, or made new: its age is 0
/// 4. edges older than `maxAge` go, and with them units that have no edge left
/// 5. after every `insertEvery` rows a unit is put halfway between the unit q of the largest error and
///    that one of its neighbors, f, whose error is largest; it takes their edge's place. The errors
///    of q and f are multiplied by α, and the new unit has that of q
/// 6. all errors are multiplied by d
///
/// It ends after `epochs` passes; once there are `units` units, none are added. What are separate
/// clusters in the data become separate components of the graph.
///
/// Source: B. Fritzke, "A growing neural gas network learns topologies", Advances in Neural
/// Information Processing Systems 7 (1995), whose λ, ε_b, ε_n, α, a_max and d are the defaults.
public struct GrowingNeuralGas: ClassicNetwork {
  public static let kind = "growing-neural-gas"
  public static let shortNames = ["gng"]
  public static let purpose =
    "a graph that grows into the shape of the rows; separate clusters become separate components"
  public static let meanings: SettingMeanings = [
    ("units", "units at most"),
    ("epochs", "passes over the rows"),
    ("insertEvery", "rows between a new unit and the next, λ"),
    ("winnerRate", "how far the nearest unit moves, ε_b"),
    ("neighborRate", "how far its neighbors move, ε_n"),
    ("maxAge", "the age at which an edge that no row renewed goes, a_max"),
    ("errorShare", "the part of their errors that two units keep as one comes between them, α"),
    ("errorDecay", "what all errors are multiplied by after each row, d"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  public var units: Int
  public var epochs: Int
  public var insertEvery: Int
  public var winnerRate: Double
  public var neighborRate: Double
  public var maxAge: Int
  public var errorShare: Double
  public var errorDecay: Double
  public var shuffles: Bool
  public var scaling: RowScaling

  public init() { self.init(units: 50) }

  public init(
    units: Int, epochs: Int = 50, insertEvery: Int = 100, winnerRate: Double = 0.2,
    neighborRate: Double = 0.006, maxAge: Int = 50, errorShare: Double = 0.5,
    errorDecay: Double = 0.995, shuffles: Bool = true, scaling: RowScaling = .none
  ) {
    self.units = units
    self.epochs = epochs
    self.insertEvery = insertEvery
    self.winnerRate = winnerRate
    self.neighborRate = neighborRate
    self.maxAge = maxAge
    self.errorShare = errorShare
    self.errorDecay = errorDecay
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    for (name, value, range) in [
      ("units", units, 2...100_000), ("epochs", epochs, 1...1_000_000),
      ("insertEvery", insertEvery, 1...1_000_000_000), ("maxAge", maxAge, 1...1_000_000_000),
    ] where !range.contains(value) {
      return "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
    }
    for (name, value) in [
      ("winnerRate", winnerRate), ("neighborRate", neighborRate), ("errorShare", errorShare),
      ("errorDecay", errorDecay),
    ] where !(value >= 0 && value <= 1) {
      return "\(name) is \(value), expected 0 to 1"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedGrowingNeuralGas
  {
    try fit(data, seed: seed, from: nil, observe: observe)
  }

  /// Learns from rows, beginning with two given units.
  ///
  /// - Parameters:
  ///   - start: The weights of the first two units, for scaled rows: [2, features]; nil for two rows
  ///     picked at random.
  /// - Throws: `TrainingError` where the settings make no sense, or the data or the weights do not suit
  ///   them.
  public func fit(
    _ data: Dataset, seed: UInt64, from start: Tensor?,
    observe: (ClassicProgress) -> Void = { _ in }
  ) throws -> FittedGrowingNeuralGas {
    try check()
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind, least: 2)
    var random = RandomStream(seed: seed, name: Self.kind)
    if units > rows.rows {
      facts.warnings.append(
        "up to \(units) units for \(rows.rows) rows: some units may answer none")
    }
    let (steps, overflow) = epochs.multipliedReportingOverflow(by: rows.rows)
    if overflow || steps / insertEvery < units - 2 {
      facts.warnings.append(
        "\(epochs) epochs of \(rows.rows) rows add \(steps / insertEvery) units to the first two, "
          + "one every \(insertEvery) rows: there cannot be \(units)")
    }
    var gas = GrowingGraph(
      try start.map { try ["start": $0].matrix("start", 2, rows.columns) }
        ?? rows.picking(Array(random.permutation(rows.rows).prefix(2))))
    var shown = 0
    for epoch in 1...epochs {
      var sum = 0.0
      for row in shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows) {
        sum += learn(rows, row, &gas).squareRoot()
        shown += 1
        if shown.isMultiple(of: insertEvery), gas.count < units { gas.insert(share: errorShare) }
        gas.forget(errorDecay)
      }
      let error = sum / Double(rows.rows)
      facts.record("quantization error", error)
      facts.record("units", Double(gas.count))
      observe(
        ClassicProgress(
          epoch: epoch,
          [
            ClassicFigure("quantization error", error), ClassicFigure("units", Double(gas.count)),
          ]))
    }
    let weights = gas.matrix
    let found = NearestRows(rows, to: weights).first
    let labels = (try? data.labels(for: Self.kind, least: 1))?.labels
    return FittedGrowingNeuralGas(
      settings: self, facts: facts, weights: weights, edges: gas.edges,
      answers: UnitClasses(
        units: found, of: weights.rows, labels: labels, classCount: facts.classNames.count))
  }

  /// Steps 1 to 4.
  ///
  /// - Returns: ‖x − wₛ‖² before the move.
  private func learn(_ rows: Matrix, _ row: Int, _ gas: inout GrowingGraph) -> Double {
    let (first, second, squared) = gas.nearest(rows, row)
    gas.errors[first] += squared
    gas.move(first, by: winnerRate, towards: rows, row)
    for place in gas.links[first].indices {
      gas.links[first][place].age += 1
      let other = gas.links[first][place].unit
      gas.setAge(other, first, gas.links[first][place].age)
      gas.move(other, by: neighborRate, towards: rows, row)
    }
    gas.connect(first, second)
    // Only edges of the nearest unit have grown older.
    gas.dropEdges(of: first, olderThan: maxAge)
    return squared
  }

  public static var samples: [ClassicSample<GrowingNeuralGas>] {
    let points = Tensor([
      [0, 0], [0, 1], [1, 0], [1, 1], [6, 6], [6, 7], [7, 6], [7, 7],
    ])
    let labels = Tensor([0, 0, 0, 0, 1, 1, 1, 1] as [Int32])
    let data = Dataset(
      name: "points", features: points, targets: .classes(labels, names: ["a", "b"]))
    let images = Dataset(
      name: "images",
      features: Tensor((0..<6 * 6).map { Double($0 * 7 % 11) }, shape: [6, 2, 3]),
      targets: .values(Tensor.zeros([6, 0], type: .float64), names: []))
    return [
      ClassicSample(GrowingNeuralGas(units: 6, epochs: 10, insertEvery: 5, maxAge: 10), on: data),
      ClassicSample(
        GrowingNeuralGas(units: 4, epochs: 5, insertEvery: 4, scaling: .minMax), on: images),
    ]
  }
}
