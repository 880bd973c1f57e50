import Charts
import Datasets
import Tensors
import Training

/// A self-organizing map that has learned.
///
/// ```swift
/// let iris = try Dataset.builtIn("iris")
/// let map = try SelfOrganizingMap(rows: 7, columns: 7, lattice: .hexagonal).fit(iris, seed: 1)
/// for figure in try map.figures(on: iris) { print(figure.name, figure.value) }
/// ```
public struct FittedSelfOrganizingMap: FittedNetwork {
  public let settings: SelfOrganizingMap
  public let facts: ClassicFacts
  /// [units, features], of scaled rows.
  let matrix: Matrix
  let answers: UnitClasses

  init(
    settings: SelfOrganizingMap, facts: ClassicFacts, weights: Matrix, answers: UnitClasses
  ) {
    (self.settings, self.facts, matrix, self.answers) = (settings, facts, weights, answers)
  }

  /// The weights of each unit for scaled rows, [rows · columns, features]: a row of units after the
  /// other.
  public var weights: Tensor { matrix.tensor }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [("weights", weights), ("unit classes", answers.tensor)]
  }

  /// The class of each unit, that of most of the rows it answered in training; −1 for a unit that
  /// answered none, or where the data had no classes.
  public var unitClasses: [Int] { answers.classes }

  /// How many rows each unit answered in training, a row of units after the other: the hit map.
  public var hits: [Int] { answers.hits }

  public init(settings: SelfOrganizingMap, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let units = settings.rows * settings.columns
    self.init(
      settings: settings, facts: facts,
      weights: try tensors.matrix("weights", units, facts.columns()),
      answers: try UnitClasses(tensors, units: units, classCount: facts.classNames.count))
  }

  /// The best matching unit of each row: row of the map · columns + column.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    .units(try nearest(rows).first)
  }

  private func nearest(_ rows: Tensor) throws -> NearestRows {
    NearestRows(try facts.scaled(rows, for: SelfOrganizingMap.kind), to: matrix)
  }

  /// The mean of ‖x − w‖ over rows x and their best matching units' weights w.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func quantizationError(_ rows: Tensor) throws -> Double {
    meanDistance(try nearest(rows))
  }

  /// The share of rows whose best and second best matching units are no neighbors; nil for a map of
  /// one unit.
  ///
  /// Source: K. Kiviluoto, "Topology preservation in self-organizing maps", ICNN 1996,
  /// doi:10.1109/ICNN.1996.548907.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func topographicError(_ rows: Tensor) throws -> Double? {
    topographicError(try nearest(rows))
  }

  private func meanDistance(_ nearest: NearestRows) -> Double {
    let sum = nearest.firstSquared.reduce(0) { $0 + $1.squareRoot() }
    return sum / Double(max(nearest.first.count, 1))
  }

  private func topographicError(_ nearest: NearestRows) -> Double? {
    guard matrix.rows > 1 else { return nil }
    let wrong = zip(nearest.first, nearest.second).reduce(0) {
      $0 + ($1.1 >= 0 && settings.steps($1.0, $1.1) <= 1 ? 0 : 1)
    }
    return Double(wrong) / Double(max(nearest.first.count, 1))
  }

  /// The mean distance of each unit's weights to those of its neighbors, a row of the map each: the
  /// U-matrix. Ridges of great distances part clusters.
  ///
  /// Source: A. Ultsch, H. Siemon, "Kohonen's self organizing feature maps for exploratory data
  /// analysis", INNC 1990.
  public var uMatrix: [[Double]] {
    lattice { unit in
      let neighbors = settings.neighbors(unit)
      let sum = neighbors.reduce(0) {
        $0 + matrix.squaredDistance(unit, matrix, $1).squareRoot()
      }
      return sum / Double(max(neighbors.count, 1))
    }
  }

  /// The weights of one feature, in the data's own units, a row of the map each; nil where there is
  /// no such feature.
  public func componentPlane(_ feature: Int) -> [[Double]]? {
    guard (0..<matrix.columns).contains(feature) else { return nil }
    let plain = (try? facts.scaling.inverse(of: weights))?.doubles ?? matrix.values
    return lattice { plain[$0 * matrix.columns + feature] }
  }

  /// A value of each unit, a row of the map each.
  func lattice<Value>(_ value: (Int) -> Value) -> [[Value]] {
    (0..<settings.rows).map { row in
      (0..<settings.columns).map { value(row * settings.columns + $0) }
    }
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let rows = try facts.scaled(data.features, for: SelfOrganizingMap.kind)
    let nearest = NearestRows(rows, to: matrix)
    let used = Double(Set(nearest.first).count) / Double(matrix.rows)
    return [
      ClassicFigure("quantization error", meanDistance(nearest)),
      topographicError(nearest).map { ClassicFigure("topographic error", $0) },
      ClassicFigure("units that answer rows", used),
      answers.score(
        rows, units: nearest.first, weights: matrix, on: data, names: facts.classNames),
    ].compactMap { $0 }
  }
}
