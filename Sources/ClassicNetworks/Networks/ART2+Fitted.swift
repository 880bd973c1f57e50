import Charts
import Datasets
import Tensors
import Training

/// An ART 2 network that has learned.
public struct FittedART2: FittedNetwork {
  public let settings: ART2
  public let facts: ResonanceFacts
  let module: ART2Module

  init(settings: ART2, facts: ResonanceFacts, module: ART2Module) {
    (self.settings, self.facts, self.module) = (settings, facts, module)
  }

  private func matrix(_ rows: [[Double]]) -> Matrix {
    Matrix(rows: rows.count, columns: module.width, rows.flatMap { $0 })
  }

  /// z, what each category sends to the comparison layer, [categories, features].
  public var topDownWeights: Tensor { matrix(module.topDown).tensor }
  /// z′, what each category is chosen by, [categories, features].
  public var bottomUpWeights: Tensor { matrix(module.bottomUp).tensor }
  public var warnings: [String] { facts.common.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [("bottomUp", bottomUpWeights), ("topDown", topDownWeights)]
  }

  public init(settings: ART2, facts: ResonanceFacts, tensors: [String: Tensor]) throws {
    let features = try facts.common.columns()
    let bottomUp = try tensors.matrix("bottomUp", nil, features)
    let topDown = try tensors.matrix("topDown", bottomUp.rows, features)
    self.init(
      settings: settings, facts: facts,
      module: ART2Module(
        settings: settings, width: features, bottomUp: bottomUp, topDown: topDown))
  }

  /// The category with which each row resonates, without learning it; −1 where none does. Negative
  /// numbers of scaled rows are taken as 0.
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
    let scaled = try facts.common.scaled(rows, for: ART2.kind)
    var module = module
    return (0..<scaled.rows).map {
      module.present(scaled[row: $0].map { max(0, $0) }, learns: false)
    }
  }

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
    let weights = matrix(module.topDown)
    let largest = weights.values.max() ?? 0
    let shown = Matrix(
      rows: weights.rows, columns: weights.columns,
      weights.values.map { $0 / max(largest, .leastNormalMagnitude) })
    return [
      templatePicture(
        "Templates", shown,
        (0..<weights.rows).map { pixelSize(facts.common) == nil ? "category \($0)" : "\($0)" },
        facts.common,
        caption: "What each category sends to the comparison layer, relative to the greatest.")
    ] + curvePictures(facts.common)
  }
}
