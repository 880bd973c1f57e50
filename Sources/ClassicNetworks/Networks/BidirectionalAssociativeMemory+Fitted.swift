import Charts
import Datasets
import Tensors
import Training

/// A bidirectional associative memory with pairs stored.
public struct FittedBidirectionalAssociativeMemory: FittedNetwork {
  public let settings: BidirectionalAssociativeMemory
  public private(set) var facts: BidirectionalFacts
  private let matrix: Matrix

  init(settings: BidirectionalAssociativeMemory, facts: BidirectionalFacts, weights: Matrix) {
    (self.settings, self.facts, matrix) = (settings, facts, weights)
  }

  /// W, [numbers in a row, numbers in a target].
  public var weights: Tensor { matrix.tensor }
  public var warnings: [String] { facts.common.warnings }
  public var tensors: [(name: String, tensor: Tensor)] { [("weights", weights)] }

  public init(
    settings: BidirectionalAssociativeMemory, facts: BidirectionalFacts, tensors: [String: Tensor]
  ) throws {
    let classes = facts.common.classNames.count
    guard facts.outputs >= 1, classes <= BidirectionalAssociativeMemory.mostClasses,
      classes == 0 || settings.classCodes.width(classes) == facts.outputs
    else {
      throw TrainingError.data("found \(facts.outputs) outputs and \(classes) classes")
    }
    self.init(
      settings: settings, facts: facts,
      weights: try tensors.matrix("weights", try facts.common.columns(), facts.outputs))
  }

  /// The same with another warning.
  func warning(_ words: String?) -> FittedBidirectionalAssociativeMemory {
    var other = self
    if let words { other.facts.common.warnings.append(words) }
    return other
  }

  /// The targets that each row recalls, or the class whose code is nearest to them.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let found = try recall(rows)
    guard facts.common.classNames.isEmpty else {
      guard !found.isEmpty else { return .classes([], names: facts.common.classNames) }
      let overlaps = matrixOf(found.map(\.y)).times(codes, otherTransposed: true)
      // Of codes as near as others that to which most was said.
      let said = matrixOf(found.map(\.x)).times(matrix).times(codes, otherTransposed: true)
      let labels = (0..<found.count).map { row in
        let greatest = overlaps[row: row].max() ?? 0
        return largestPlace(
          zip(overlaps[row: row], said[row: row]).map { $0 == greatest ? $1 : -.infinity })
      }
      return .classes(labels, names: facts.common.classNames)
    }
    let values = found.flatMap { facts.targetCoding.told($0.y) }
    return .values(Tensor(values, shape: [found.count, facts.outputs]))
  }

  /// What stands for each class.
  private var codes: Matrix { settings.classCodes.codes(facts.common.classNames.count) }

  private func matrixOf(_ rows: [[Double]]) -> Matrix {
    Matrix(rows: rows.count, columns: rows.first?.count ?? 0, rows.flatMap { $0 })
  }

  /// Recall that begins with rows.
  ///
  /// - Throws: `TrainingError` where rows have another size or other values than those stored.
  public func recall(_ rows: Tensor) throws -> [BidirectionalRecall] {
    let plain = try rows.matrix(
      for: BidirectionalAssociativeMemory.kind, columns: matrix.rows)
    let (states, _) = try BinaryCoding.read(
      plain, of: "rows", for: BidirectionalAssociativeMemory.kind, threshold: settings.threshold,
      coding: facts.coding)
    let forth = matrix.transposed
    return (0..<states.rows).map { recall(x: Array(states[row: $0]), y: nil, forth) }
  }

  /// Recall that begins with targets, [targets, numbers in one]; for a class with 1 at its place and 0
  /// at all others.
  ///
  /// - Throws: `TrainingError` where targets have another size or other values than those stored.
  public func recall(targets: Tensor) throws -> [BidirectionalRecall] {
    let kind = BidirectionalAssociativeMemory.kind
    let forth = matrix.transposed
    let names = facts.common.classNames
    guard names.isEmpty else {
      let plain = try targets.matrix(for: kind, columns: names.count)
      let codes = codes
      return (0..<plain.rows).map {
        recall(x: nil, y: Array(codes[row: largestPlace(plain[row: $0])]), forth)
      }
    }
    let plain = try targets.matrix(for: kind, columns: matrix.columns)
    let (states, _) = try BinaryCoding.read(
      plain, of: "targets", for: kind, threshold: settings.targetThreshold,
      coding: facts.targetCoding)
    return (0..<states.rows).map { recall(x: nil, y: Array(states[row: $0]), forth) }
  }

  /// Forth and back until neither changes; `forth` is Wᵀ.
  private func recall(x: [Double]?, y: [Double]?, _ forth: Matrix) -> BidirectionalRecall {
    var recall = BidirectionalRecall(
      x: x ?? [Double](repeating: 0, count: matrix.rows),
      y: y ?? [Double](repeating: 0, count: matrix.columns), energies: [], isAtRest: false)
    func next(_ old: [Double], _ fields: [Double]) -> [Double] {
      zip(old, fields).map { $1 == 0 ? $0 : ($1 > 0 ? 1 : -1) }
    }
    // Where only y is known, x is asked first.
    if x == nil { recall.x = next(recall.x, matrix.times(recall.y)) }
    for _ in 0..<settings.sweeps {
      let fields = forth.times(recall.x)
      let y = next(recall.y, fields)
      recall.energies.append(-dot(fields, y))
      let backFields = matrix.times(y)
      let x = next(recall.x, backFields)
      recall.energies.append(-dot(backFields, x))
      // The same x gives the same y again.
      let isSame = x == recall.x
      (recall.x, recall.y) = (x, y)
      if isSame {
        recall.isAtRest = true
        break
      }
    }
    return recall
  }

  /// How many pairs one step forth or back changes.
  func unstablePairs(_ rows: Matrix, _ targets: Matrix) -> Int {
    let forth = rows.times(matrix)
    let back = targets.times(matrix, otherTransposed: true)
    return (0..<rows.rows).filter { row in
      zip(targets[row: row], forth[row: row]).contains { $0 * $1 < 0 }
        || zip(rows[row: row], back[row: row]).contains { $0 * $1 < 0 }
    }.count
  }

  /// Accuracy for classes, the share of targets that are recalled wholly for others; recalls that came to
  /// rest.
  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let found = try recall(data.features)
    let count = Double(max(found.count, 1))
    var figures: [ClassicFigure] = []
    if facts.common.classNames.isEmpty {
      let targets = try data.targetMatrix(for: BidirectionalAssociativeMemory.kind)
      guard targets.columns == facts.outputs else {
        throw TrainingError.data(
          "\(data.name): found \(targets.columns) targets a row, expected \(facts.outputs)")
      }
      let (expected, _) = try BinaryCoding.read(
        targets, of: "\(data.name), targets", for: BidirectionalAssociativeMemory.kind,
        threshold: settings.targetThreshold, coding: facts.targetCoding)
      let right = found.enumerated().filter { $0.element.y == Array(expected[row: $0.offset]) }
      figures.append(ClassicFigure("targets recalled", Double(right.count) / count))
    } else {
      figures = try scores(on: data, classNames: facts.common.classNames)
    }
    return figures + [
      ClassicFigure("recalls at rest", Double(found.filter(\.isAtRest).count) / count),
      ClassicFigure(
        "mean energy", found.reduce(0) { $0 + ($1.energies.last ?? 0) } / count),
    ]
  }

  public func remarks(on data: Dataset) throws -> [String] {
    try recall(data.features).prefix(8).enumerated().map { row, recall in
      "row \(row + 1): energy "
        + recall.energies.map(shortText).joined(separator: " → ")
        + (recall.isAtRest ? ", at rest" : ", not at rest")
    }
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let count = min(6, data.count)
    let rows = data.rows(Array(0..<count))
    let found = try recall(rows.features)
    let energies = LineChart(
      title: "Energy of recall", xLabel: "steps forth and back", yLabel: "energy",
      series: found.enumerated().map {
        Series("row \($0.offset + 1)", values: $0.element.energies)
      })
    let names = facts.common.classNames
    // What each class recalls, or each of the first targets.
    var codes = Matrix.identity(max(names.count, 1)).picking(Array(0..<min(names.count, 12)))
    var titles = Array(names.prefix(12))
    if names.isEmpty {
      codes = try rows.targetMatrix(for: BidirectionalAssociativeMemory.kind)
      titles = (0..<count).map { "target \($0 + 1)" }
    }
    let recalled = try recall(targets: codes.tensor)
    let states = Matrix(
      rows: recalled.count, columns: matrix.rows, recalled.flatMap(\.x))
    return [
      weightPicture(
        "Rows recalled from targets", states, names: titles, facts: facts.common,
        caption: "What comes back when a target is presented alone."),
      ClassicPicture(
        "Energy of recall", energies, caption: "After each step forth and back from a row."),
      weightPicture(
        "Weights", matrix.transposed, names: (0..<facts.outputs).map { "y\($0 + 1)" },
        facts: facts.common, most: 32,
        caption: "What each number of a row says to each of a target."),
    ]
  }
}
