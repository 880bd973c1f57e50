import Charts
import Datasets
import Tensors
import Training

/// A map from categories of rows to classes or values that has been learned.
public struct FittedResonanceMap<Settings: ResonanceMapSettings>: FittedNetwork {
  public let settings: Settings
  public let facts: ResonanceFacts
  let map: ResonanceMap

  /// The template of each category of rows.
  public var templates: Tensor { map.module.matrix.tensor }
  /// The template of each category of targets: the least of its targets and then 1 − the greatest.
  public var targetTemplates: Tensor { map.targets.matrix.tensor }
  /// The category of targets that each category of rows stands for.
  public var links: [Int] { map.links }
  public var warnings: [String] { facts.common.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    let links = Tensor(map.links.map { Double($0) }, shape: [map.links.count, 1])
    return [("templates", templates), ("targetTemplates", targetTemplates), ("links", links)]
  }

  init(settings: Settings, facts: ResonanceFacts, map: ResonanceMap) {
    (self.settings, self.facts, self.map) = (settings, facts, map)
  }

  public init(settings: Settings, facts: ResonanceFacts, tensors: [String: Tensor]) throws {
    let features = try facts.common.columns()
    let classes = facts.common.classNames.count
    guard (1...1 << 24).contains(facts.outputs), classes == 0 || classes == facts.outputs else {
      throw TrainingError.data("found \(facts.outputs) outputs and \(classes) classes")
    }
    if let problem = facts.targetScaling.problem(columns: facts.outputs) {
      throw TrainingError.data("the scaling of targets: found \(problem)")
    }
    var map = ResonanceMap(
      module: settings.module(features: features),
      targets: settings.targetModule(outputs: facts.outputs))
    try map.module.restore(
      tensors.matrix("templates", nil, map.module.width), name: "templates")
    try map.targets.restore(
      tensors.matrix("targetTemplates", nil, map.targets.width), name: "targetTemplates")
    let links = try tensors.matrix("links", map.module.count, 1).values
    let targets = Double(map.targets.count)
    guard links.allSatisfy({ $0 >= 0 && $0 < targets && $0 == $0.rounded() }) else {
      throw TrainingError.data("links names a category of targets that is not there")
    }
    map.links = links.map { Int($0) }
    self.init(settings: settings, facts: facts, map: map)
  }

  /// The class, or the values, of the category with which each row resonates at the vigilance that the
  /// settings give, without learning; class −1 where none does, and values then of the category that is
  /// chosen first. Values of rows outside 0…1 are taken as 0 or 1, except by binary networks.
  ///
  /// - Throws: `TrainingError` where rows have another size, or other values than binary ones are asked
  ///   for.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let found = try answers(rows)
    guard facts.common.classNames.isEmpty else {
      return .classes(
        found.map { $0.category.map(label) ?? -1 }, names: facts.common.classNames)
    }
    var values: [Double] = []
    for answer in found {
      let category = answer.category ?? answer.events.first?.category
      let template =
        category.flatMap { map.links.indices.contains($0) ? map.links[$0] : nil } ?? 0
      values += middle(template)
    }
    let plain = Tensor(values, shape: [found.count, facts.outputs])
    return .values(try facts.targetScaling.inverse(of: plain))
  }

  /// The category of rows with which each row resonates; −1 where none does.
  ///
  /// - Throws: as ``predict(_:)``.
  public func categories(of rows: Tensor) throws -> [Int] {
    try answers(rows).map { $0.category ?? -1 }
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

  /// The class of a category of rows.
  private func label(_ category: Int) -> Int {
    largestPlace(map.targets.matrix[row: map.links[category]].prefix(facts.outputs))
  }

  /// The middle of the box of a category of targets.
  private func middle(_ category: Int) -> [Double] {
    guard category < map.targets.count else { return .init(repeating: 0, count: facts.outputs) }
    let start = category * 2 * facts.outputs
    let values = map.targets.templates
    return (start..<start + facts.outputs).map { (values[$0] + 1 - values[$0 + facts.outputs]) / 2 }
  }

  private func answers(_ rows: Tensor) throws -> [ResonanceModule.Found] {
    let coded = try settings.coded(
      facts.common.scaled(rows, for: Settings.kind), of: "rows", names: facts.common.featureNames,
      clamps: true)
    var module = map.module
    return (0..<coded.rows).map {
      module.present(
        coded[row: $0], size: settings.size(of: coded[row: $0]), vigilance: settings.vigilance,
        learns: false)
    }
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let unknown = try answers(data.features).filter { $0.category == nil }.count
    return try scores(on: data, classNames: facts.common.classNames) + [
      ClassicFigure("categories", Double(map.module.count)),
      ClassicFigure("rows without a category", Double(unknown)),
    ]
  }

  public func remarks(on data: Dataset) throws -> [String] {
    var words: [String] = []
    let names = facts.common.classNames
    if !names.isEmpty {
      var counts = [Int](repeating: 0, count: names.count)
      for category in map.links.indices { counts[label(category)] += 1 }
      let shown = zip(names, counts).prefix(12).map { "\($0.1) for \($0.0)" }
      words.append("categories: \(shown.joined(separator: ", "))")
    }
    return words + facts.firstSteps.prefix(8).map(\.description)
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let names = facts.common.classNames
    var groups = map.links
    var labels = try answers(data.features).map { $0.category.map { map.links[$0] } ?? -1 }
    var titles = (0..<map.targets.count).map { "targets \($0)" }
    if !names.isEmpty {
      groups = map.links.indices.map(label)
      titles = names
      labels = try data.labels(for: Settings.kind, least: 1).labels
      if data.classNames != names {
        labels = labels.map { names.firstIndex(of: data.classNames[$0]) ?? -1 }
      }
    }
    // The plane between zeros and ones is none of a binary network's rows.
    let takesAll = !Settings.isBinary || settings.threshold != nil
    let regions = takesAll ? try decisionPicture(self, facts.common, with: data) : nil
    return try [regions].compactMap { $0 }
      + resonancePictures(
        map.module.matrix, settings: settings, facts: facts, data: data, groups: groups,
        labels: labels, names: titles)
  }
}
