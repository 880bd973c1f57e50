import Charts
import Datasets
import Tensors
import Training

/// What a Hopfield network remembers beside its weights and patterns.
public struct HopfieldFacts: Codable, Sendable {
  public var common: ClassicFacts
  /// Whether rows are of 0 and 1 or of −1 and 1.
  var coding: BinaryCoding
  /// Where the orders of its units start.
  var seed: UInt64
}

/// A Hopfield network with patterns stored.
public struct FittedHopfield: FittedNetwork {
  public let settings: Hopfield
  public private(set) var facts: HopfieldFacts
  private let matrix: Matrix
  private let stored: Matrix

  init(settings: Hopfield, facts: HopfieldFacts, weights: Matrix, patterns: Matrix) {
    (self.settings, self.facts, matrix, stored) = (settings, facts, weights, patterns)
  }

  /// W, [units, units].
  public var weights: Tensor { matrix.tensor }
  /// What is stored, as −1 and 1, [patterns, units].
  public var patterns: Tensor { stored.tensor }
  public var warnings: [String] { facts.common.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [("weights", weights), ("patterns", patterns)]
  }

  public init(settings: Hopfield, facts: HopfieldFacts, tensors: [String: Tensor]) throws {
    let units = try facts.common.columns()
    let weights = try tensors.matrix("weights", units, units)
    let patterns = try tensors.matrix("patterns", nil, units)
    guard patterns.rows > 0, patterns.values.allSatisfy({ abs($0) == 1 }) else {
      throw TrainingError.data("patterns holds no rows of -1 and 1")
    }
    self.init(settings: settings, facts: facts, weights: weights, patterns: patterns)
  }

  /// The same with another warning.
  func warning(_ words: String?) -> FittedHopfield {
    var other = self
    if let words { other.facts.common.warnings.append(words) }
    return other
  }

  /// How many patterns a unit of theirs would leave.
  var unstablePatterns: Int {
    let fields = stored.times(matrix)
    return (0..<stored.rows).filter { row in
      zip(stored[row: row], fields[row: row]).contains { $0 * $1 < -1e-12 }
    }.count
  }

  /// How each row, of 0 and 1 or −1 and 1 as those stored, comes to rest, and its energy on the way.
  ///
  /// - Throws: `TrainingError` where rows have another size or other values.
  public func recall(_ rows: Tensor) throws -> [HopfieldRecall] {
    let plain = try rows.matrix(for: Hopfield.kind, columns: matrix.columns)
    return recall(
      try BinaryCoding.read(
        plain, of: "rows", for: Hopfield.kind, threshold: settings.threshold, coding: facts.coding
      ).rows)
  }

  private func recall(_ rows: Matrix) -> [HopfieldRecall] {
    HopfieldDynamics(settings: settings, weights: matrix).recall(rows) { row, sweep in
      var random = RandomStream(seed: facts.seed, name: "recall \(row) \(sweep)")
      return random.permutation(matrix.columns)
    }
  }

  /// What each row is recalled as, in its own coding.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let states = try recall(rows).flatMap { facts.coding.told($0.state) }
    return .patterns(Tensor(states, shape: [rows.shape[0], matrix.columns]))
  }

  /// The stored pattern that a state is nearest to, and Σ ξᵢ sᵢ / N with it.
  private func nearest(_ state: [Double]) -> (pattern: Int, overlap: Double) {
    let signs = state.map { $0 < 0 ? -1.0 : 1 }
    let overlaps = stored.times(signs)
    let pattern = largestPlace(overlaps)
    return (pattern, overlaps[pattern] / Double(matrix.columns))
  }

  /// The first patterns with a part of their units turned.
  private func noisy(_ share: Double, most: Int) -> Matrix {
    var rows = stored.picking(Array(0..<min(stored.rows, most)))
    let turned = Int((share * Double(rows.columns)).rounded())
    var random = RandomStream(seed: facts.seed, name: "noise")
    for row in 0..<rows.rows {
      for unit in random.permutation(rows.columns).prefix(turned) { rows[row, unit] *= -1 }
    }
    return rows
  }

  /// How many rows are recalled as a stored pattern; patterns at rest; recall with a tenth of the units
  /// turned.
  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let found = try recall(data.features).map { nearest($0.state).overlap }
    let count = Double(max(found.count, 1))
    let rows = noisy(0.1, most: 100)
    let again = recall(rows).enumerated().filter {
      zip(stored[row: $0.offset], $0.element.state).allSatisfy { $0 * $1 > 0 }
    }.count
    return [
      ClassicFigure("load", Double(stored.rows) / Double(matrix.columns)),
      ClassicFigure(
        "patterns at rest", Double(stored.rows - unstablePatterns) / Double(stored.rows)),
      ClassicFigure(
        "rows recalled as a pattern", Double(found.filter { $0 == 1 }.count) / count),
      ClassicFigure("mean overlap with the nearest pattern", found.reduce(0, +) / count),
      ClassicFigure("patterns recalled with 10 % noise", Double(again) / Double(rows.rows)),
    ]
  }

  public func remarks(on data: Dataset) throws -> [String] {
    try recall(data.features).prefix(8).enumerated().map { row, recall in
      let (pattern, overlap) = nearest(recall.state)
      let energies = [recall.energies.first, recall.energies.last].map { shortText($0 ?? 0) }
      return "row \(row + 1): energy \(energies[0]) → \(energies[1]), "
        + (recall.isAtRest ? "at rest" : "not at rest")
        + (overlap == 1
          ? " as pattern \(pattern + 1)"
          : ", nearest to pattern \(pattern + 1) with overlap \(shortText(overlap))")
    }
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let starts = noisy(0.2, most: 6)
    let ends = recall(starts)
    let energies = LineChart(
      title: "Energy of recall",
      xLabel: settings.dynamics == .continuous ? "steps of time" : "updates of all units",
      yLabel: "energy",
      series: ends.enumerated().map {
        Series("pattern \($0.offset + 1)", values: $0.element.energies, first: 0)
      })
    let isHebb = settings.rule == .hebb
    let loads =
      isHebb
      ? stride(from: 0.04, through: 0.25, by: 0.03) : stride(from: 0.1, through: 0.9, by: 0.2)
    let curve = Hopfield(rule: settings.rule, updates: settings.updates, sweeps: 20).capacityCurve(
      units: 80, loads: Array(loads), trials: 2, noise: isHebb ? 0 : 0.1, seed: facts.seed)
    let mark =
      isHebb ? [Mark(x: 0.138, label: "0.138, the limit of large networks")] : []
    return try [patternPicture(starts, ends)] + [
      ClassicPicture(
        "Energy of recall", energies,
        caption: "From patterns with a fifth of their units turned, until nothing changes."),
      ClassicPicture(
        "Recall against load",
        LineChart(
          title: "Recall against load", xLabel: "patterns a unit", yLabel: "share",
          series: [
            Series("mean overlap", points: curve.map { Point(x: $0.load, y: $0.overlap) }),
            Series(
              "recalled (overlap ≥ 0.95)", points: curve.map { Point(x: $0.load, y: $0.recalled) }),
          ], marks: mark),
        caption: "Random patterns in networks of 80 binary units, each recalled from "
          + (isHebb ? "itself." : "a copy with a tenth of its units turned.")),
      weightsPicture,
    ]
  }

  /// The weights as cells, or as the points of an image where they are many.
  private var weightsPicture: ClassicPicture {
    let units = matrix.rows
    let names = facts.common.featureNames
    let labels = names.count == units ? names : (0..<units).map { "\($0 + 1)" }
    guard units > 16 else {
      return ClassicPicture(
        "Weights",
        HeatMap(
          title: "Weights", rowLabels: labels, columnLabels: labels,
          values: (0..<units).map { Array(matrix[row: $0]) }))
    }
    let shown = min(units, 256)
    let largest = matrix.values.reduce(0) { max($0, abs($1)) }
    var values: [Double] = []
    for row in 0..<shown {
      values += matrix[row: row].prefix(shown).map {
        0.5 + 0.5 * $0 / max(largest, .leastNormalMagnitude)
      }
    }
    return ClassicPicture(
      "Weights",
      ImageGrid(
        title: "Weights",
        images: [GrayImage(width: shown, height: shown, values: values, caption: "")], columns: 1),
      caption: "From each unit to each other: positive ones are bright, negative ones dark"
        + (shown < units ? "; the first \(shown) units." : "."))
  }

  /// Patterns, noisy copies and what is recalled of them.
  private func patternPicture(_ starts: Matrix, _ ends: [HopfieldRecall]) throws -> ClassicPicture {
    let title = "Patterns recalled"
    let caption = "Each pattern, with a fifth of its units turned, and as it was recalled."
    let rows = (0..<starts.rows).flatMap { row -> [(String, [Double])] in
      let number = row + 1
      return [
        ("pattern \(number)", Array(stored[row: row])), ("noisy", Array(starts[row: row])),
        ("recalled", ends[row].state),
      ]
    }
    guard let size = pixelSize(facts.common) else {
      let matrix = Matrix(
        rows: rows.count, columns: starts.columns, rows.flatMap { $0.1 })
      return weightPicture(
        title, matrix, names: rows.map(\.0), facts: facts.common, caption: caption)
    }
    let images = rows.map {
      GrayImage(
        width: size.width, height: size.height, values: $0.1.map { ($0 + 1) / 2 }, caption: $0.0)
    }
    return ClassicPicture(
      title, ImageGrid(title: title, images: images, columns: min(6, images.count)),
      caption: caption)
  }
}
