import Charts
import Datasets
import Tensors
import Training

/// Categories that a network of the adaptive-resonance family has found by itself.
public struct FittedResonance<Settings: ResonanceSettings>: FittedNetwork {
  public let settings: Settings
  public let facts: ResonanceFacts
  let module: ResonanceModule

  /// The template of each category, [categories, features], or twice as wide where complements are
  /// coded: the least of the category's rows and then 1 − the greatest.
  public var templates: Tensor { module.matrix.tensor }
  public var warnings: [String] { facts.common.warnings }
  public var tensors: [(name: String, tensor: Tensor)] { [("templates", templates)] }

  init(settings: Settings, facts: ResonanceFacts, module: ResonanceModule) {
    (self.settings, self.facts, self.module) = (settings, facts, module)
  }

  public init(settings: Settings, facts: ResonanceFacts, tensors: [String: Tensor]) throws {
    let features = try facts.common.columns()
    var module = settings.module(features: features)
    try module.restore(tensors.matrix("templates", nil, module.width), name: "templates")
    self.init(settings: settings, facts: facts, module: module)
  }

  /// The category with which each row resonates, without learning it; −1 where none does. Values
  /// outside 0…1 are taken as 0 or 1, except by binary networks.
  ///
  /// - Throws: `TrainingError` where rows have another size, or other values than binary ones are asked
  ///   for.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    .units(try answers(rows).map { $0.category ?? -1 })
  }

  /// The search that each row would start, without learning it.
  ///
  /// - Throws: as ``predict(_:)``.
  public func trace(_ rows: Tensor) throws -> ResonanceTrace {
    ResonanceTrace(
      try answers(rows).enumerated().map {
        ResonanceStep(epoch: 0, row: $0.offset, events: $0.element.events)
      })
  }

  private func answers(_ rows: Tensor) throws -> [ResonanceModule.Found] {
    let coded = try settings.coded(
      facts.common.scaled(rows, for: Settings.kind), of: "rows", names: facts.common.featureNames,
      clamps: true)
    var module = module
    return (0..<coded.rows).map {
      module.present(
        coded[row: $0], size: settings.size(of: coded[row: $0]), vigilance: settings.vigilance,
        learns: false)
    }
  }

  /// The categories that rows were given, how well they match, and with classes how far a category's
  /// rows are of one class.
  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let found = try answers(data.features)
    let matches = found.compactMap { $0.events.last }.filter { $0.outcome == .resonance }
      .map(\.match)
    return categoryFigures(
      found.map { $0.category ?? -1 }, of: module.count, on: data,
      match: matches.reduce(0, +) / Double(max(matches.count, 1)))
  }

  public func remarks(on data: Dataset) throws -> [String] {
    categoryRemarks(try answers(data.features).map { $0.category ?? -1 }, on: data)
      + facts.firstSteps.prefix(8).map(\.description)
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let labels = try answers(data.features).map { $0.category ?? -1 }
    return try resonancePictures(
      module.matrix, settings: settings, facts: facts, data: data, groups: Array(0..<module.count),
      labels: labels, names: (0..<module.count).map { "category \($0)" })
  }
}

extension ResonanceSettings where Fitted == FittedResonance<Self> {
  /// Learns from rows.
  ///
  /// - Throws: `TrainingError` where settings make no sense or rows hold values that it cannot take.
  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedResonance<Self>
  {
    try learn(data, seed: seed, keepsAll: false, observe: observe).fitted
  }

  /// Learns from rows, and gives every search on the way: which categories were looked at for each row,
  /// how well each matched, which were reset and which one resonated.
  ///
  /// - Throws: as ``ClassicNetwork/fit(_:seed:observe:)``.
  public func trace(_ data: Dataset, seed: UInt64) throws -> ResonanceTrace {
    try learn(data, seed: seed, keepsAll: true, observe: { _ in }).trace
  }

  private func learn(
    _ data: Dataset, seed: UInt64, keepsAll: Bool, observe: (ClassicProgress) -> Void
  ) throws -> (fitted: FittedResonance<Self>, trace: ResonanceTrace) {
    try check()
    let (rows, common) = try data.scaledMatrix(scaling, for: Self.kind)
    let coded = try coded(rows, of: data.name, names: data.featureNames)
    var facts = ResonanceFacts(common)
    var module = module(features: rows.columns)
    var record = ResonanceRecord(rows: rows.rows, keepsAll: keepsAll)
    var random = RandomStream(seed: seed, name: Self.kind)
    for epoch in 1...epochs {
      record.begin()
      let before = record.categories
      for row in shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows) {
        let input = coded[row: row]
        record.add(
          module.present(input, size: size(of: input), vigilance: vigilance, learns: true),
          epoch: epoch, row: row)
      }
      facts.common.record("categories", Double(module.count))
      facts.common.record("resets", Double(record.resets))
      observe(
        ClassicProgress(
          epoch: epoch,
          [
            ClassicFigure("categories", Double(module.count)),
            ClassicFigure("resets", Double(record.resets)),
          ]))
      if record.isStable { break }
      if epoch == epochs, epochs > 1, !record.isSteady(since: before) {
        facts.common.warnings.append(
          "rows still changed their categories in epoch \(epochs): more epochs are needed")
      }
    }
    facts.common.warnings += try categoryWarnings(
      coded, record, count: module.count, most: categories, name: data.name)
    facts.firstSteps = Array(record.trace.steps.prefix(ResonanceRecord.kept))
    return (FittedResonance(settings: self, facts: facts, module: module), record.trace)
  }
}

extension ResonanceSettings {
  /// What is to be said of the categories of a fit.
  ///
  /// - Throws: `TrainingError` where there are none.
  func categoryWarnings(
    _ coded: Matrix, _ record: ResonanceRecord, count: Int, most: Int, name: String
  ) throws -> [String] {
    guard count > 0 else {
      throw TrainingError.data(
        "\(name): found nothing but zeros, \(Self.kind) expects rows with something in them")
    }
    var warnings: [String] = []
    let empty = (0..<coded.rows).filter { row in coded[row: row].allSatisfy { $0 == 0 } }.count
    if empty > 0 {
      warnings.append(
        "\(empty) row\(empty == 1 ? " is" : "s are") all zeros and belong\(empty == 1 ? "s" : "") "
          + "to no category: complementCodes=yes gives them one")
    }
    let left = record.unlearned.count - empty
    if left > 0, count >= most {
      warnings.append(
        "\(left) row\(left == 1 ? "" : "s") found no category: all \(most) are taken")
    }
    if count == coded.rows, count > 2 {
      warnings.append("every row has a category of its own: vigilance is high for these rows")
    }
    return warnings
  }
}

/// Counts over categories; with classes, the share of rows that are of their category's commonest one.
func categoryFigures(_ found: [Int], of count: Int, on data: Dataset, match: Double)
  -> [ClassicFigure]
{
  let rows = Double(max(found.count, 1))
  var figures = [
    ClassicFigure("categories", Double(count)),
    ClassicFigure("rows without a category", Double(found.filter { $0 < 0 }.count)),
    ClassicFigure("mean match", match),
  ]
  if case .classes(let labels, let names) = data.targets, labels.shape.rank == 1 {
    var counts: [Int: [Int]] = [:]
    for (category, label) in zip(found, labels.integers) where category >= 0 {
      counts[category, default: [Int](repeating: 0, count: names.count)][label] += 1
    }
    let right = counts.values.reduce(0) { $0 + ($1.max() ?? 0) }
    figures.append(ClassicFigure("purity", Double(right) / rows))
  }
  return figures
}

/// How many rows each category holds, the largest first.
func categoryRemarks(_ found: [Int], on data: Dataset) -> [String] {
  var counts: [Int: Int] = [:]
  for category in found where category >= 0 { counts[category, default: 0] += 1 }
  let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  guard !sorted.isEmpty else { return [] }
  let shown = sorted.prefix(8).map { "\($0.key) with \($0.value)" }.joined(separator: ", ")
  return [
    "rows by category: \(shown)" + (sorted.count > 8 ? ", and \(sorted.count - 8) more" : "")
  ]
}
