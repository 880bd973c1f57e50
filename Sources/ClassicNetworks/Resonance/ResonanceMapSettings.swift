import Datasets
import Tensors
import Training

/// What ARTMAP and Fuzzy ARTMAP have in common beside their modules' settings.
public protocol ResonanceMapSettings: ResonanceSettings {
  /// ε: by how much vigilance rises past the match of a category that stands for another answer.
  var tracking: Double { get }
  /// The vigilance of the module that finds categories of targets, where these are no classes.
  var targetVigilance: Double { get }
}

extension ResonanceMapSettings {
  var mapProblem: String? {
    if !(tracking > -1 && tracking < 1 && tracking != 0) {
      return "tracking is \(tracking), expected more than -1 and less than 1, and not 0"
    }
    if !(0...1).contains(targetVigilance) {
      return "targetVigilance is \(targetVigilance), expected 0 to 1"
    }
    return commonProblem
  }

  /// The module for targets: their complements are always coded.
  func targetModule(outputs: Int) -> ResonanceModule {
    ResonanceModule(
      width: 2 * outputs, choiceOffset: choiceOffset, choiceScale: choiceScale, most: categories)
  }
}

extension ResonanceMapSettings where Fitted == FittedResonanceMap<Self> {
  /// Learns rows with their classes or values.
  ///
  /// - Throws: `TrainingError` where settings make no sense, there is nothing to learn, or rows hold
  ///   values that it cannot take.
  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedResonanceMap<Self>
  {
    try learn(data, seed: seed, keepsAll: false, observe: observe).fitted
  }

  /// Learns rows, and gives every search on the way: which categories were looked at for each row, how
  /// well each matched, which were reset, which stood for another answer and made vigilance rise.
  ///
  /// - Throws: as ``ClassicNetwork/fit(_:seed:observe:)``.
  public func trace(_ data: Dataset, seed: UInt64) throws -> ResonanceTrace {
    try learn(data, seed: seed, keepsAll: true, observe: { _ in }).trace
  }

  /// Targets as they are presented, before their complements: 1 for a row's class and 0 for others, or
  /// the values in 0…1.
  private func targets(_ data: Dataset) throws -> (rows: Matrix, scaling: Scaling) {
    let matrix = try data.targetMatrix(for: Self.kind)
    guard case .values = data.targets else { return (matrix, .none) }
    guard !Self.isBinary else {
      guard matrix.values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw TrainingError.data(
          "\(data.name): found targets that are not 0 or 1, \(Self.kind) expects classes or such "
            + "targets; fuzzy-artmap takes any")
      }
      return (matrix, .none)
    }
    let scaling = try Scaling.learn(.minMax, from: matrix.tensor)
    let values = try scaling.apply(to: matrix.tensor).doubles.map { min(1, max(0, $0)) }
    return (Matrix(rows: matrix.rows, columns: matrix.columns, values), scaling)
  }

  private func learn(
    _ data: Dataset, seed: UInt64, keepsAll: Bool, observe: (ClassicProgress) -> Void
  ) throws -> (fitted: FittedResonanceMap<Self>, trace: ResonanceTrace) {
    try check()
    let (rows, common) = try data.scaledMatrix(scaling, for: Self.kind)
    let coded = try coded(rows, of: data.name, names: data.featureNames)
    let (plain, targetScaling) = try targets(data)
    let answers = complementCoded(plain)
    var facts = ResonanceFacts(common)
    (facts.targetScaling, facts.outputs) = (targetScaling, plain.columns)
    var map = ResonanceMap(
      module: module(features: rows.columns), targets: targetModule(outputs: plain.columns))
    let targetVigilance = common.classNames.isEmpty ? targetVigilance : 1
    var record = ResonanceRecord(rows: rows.rows, keepsAll: keepsAll)
    var random = RandomStream(seed: seed, name: Self.kind)
    for epoch in 1...epochs {
      record.begin()
      let before = record.categories
      for row in shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows) {
        let input = coded[row: row]
        record.add(
          map.learn(
            input, size: size(of: input), target: answers[row: row], vigilance: vigilance,
            targetVigilance: targetVigilance, tracking: tracking),
          epoch: epoch, row: row)
      }
      let figures = [
        ClassicFigure("categories", Double(map.module.count)),
        ClassicFigure("resets", Double(record.resets)),
      ]
      for figure in figures { facts.common.record(figure.name, figure.value) }
      observe(ClassicProgress(epoch: epoch, figures))
      if record.isStable { break }
      if epoch == epochs, epochs > 1, !record.isSteady(since: before) {
        facts.common.warnings.append(
          "rows still changed their categories in epoch \(epochs): more epochs are needed")
      }
    }
    facts.common.warnings += try categoryWarnings(
      coded, record, count: map.module.count, most: categories, name: data.name)
    let contradicted = record.unlearned.filter { row in coded[row: row].contains { $0 != 0 } }.count
    if contradicted > 0, map.module.count < categories {
      facts.common.warnings.append(
        "\(contradicted) row\(contradicted == 1 ? "" : "s") could not be learned: "
          + (complementCodes
            ? "the same numbers stand in rows with another answer"
            : "templates with another answer match them wholly; complementCodes=yes tells them apart")
      )
    }
    facts.firstSteps = Array(record.trace.steps.prefix(ResonanceRecord.kept))
    return (FittedResonanceMap(settings: self, facts: facts, map: map), record.trace)
  }
}

/// Categories of rows, categories of targets, and the map field between them.
struct ResonanceMap: Hashable, Sendable {
  /// ARTa.
  var module: ResonanceModule
  /// ARTb.
  var targets: ResonanceModule
  /// The category of targets that each category of rows stands for.
  var links: [Int] = []

  init(module: ResonanceModule, targets: ResonanceModule) {
    (self.module, self.targets) = (module, targets)
  }

  /// Learns a row with its target.
  mutating func learn(
    _ input: ArraySlice<Double>, size: Double, target: ArraySlice<Double>, vigilance: Double,
    targetVigilance: Double, tracking: Double
  ) -> ResonanceModule.Found {
    let answer = targets.present(
      target, size: Double(target.count / 2), vigilance: targetVigilance, learns: true)
    guard let wanted = answer.category else {
      return ResonanceModule.Found(category: nil, events: answer.events)
    }
    let links = links
    var found = module.present(
      input, size: size, vigilance: vigilance, tracking: tracking, learns: true
    ) { links[$0] == wanted }
    if let category = found.category, category == links.count { self.links.append(wanted) }
    found.changed = found.changed || answer.changed
    return found
  }
}
