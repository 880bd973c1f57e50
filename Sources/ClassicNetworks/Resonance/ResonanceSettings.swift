import Datasets
import Tensors
import Training

/// What the networks of the adaptive-resonance family that work by "and" have in common.
public protocol ResonanceSettings: ClassicNetwork {
  /// Whether rows must be of zeros and ones.
  static var isBinary: Bool { get }
  /// ρ: how well a row and a category's template must agree.
  var vigilance: Double { get }
  /// α, what is added to a template's size where categories are chosen.
  var choiceOffset: Double { get }
  /// What a choice is multiplied by to be told.
  var choiceScale: Double { get }
  /// β.
  var learningRate: Double { get }
  /// Whether the first row of a category is taken whole.
  var commitsFast: Bool { get }
  /// Whether 1 − x stands beside every x.
  var complementCodes: Bool { get }
  /// How many categories there may be.
  var categories: Int { get }
  /// Passes over the rows at most.
  var epochs: Int { get }
  /// Whether every pass takes the rows in a new order.
  var shuffles: Bool { get }
  var scaling: RowScaling { get }
  /// Above what a value counts as 1, where rows are made binary.
  var threshold: Double? { get }
}

extension ResonanceSettings {
  public var choiceScale: Double { 1 }
  public var learningRate: Double { 1 }
  public var commitsFast: Bool { true }
  public var complementCodes: Bool { true }
  public var threshold: Double? { nil }

  /// What is wrong with the settings that all have.
  var commonProblem: String? {
    if !(0...1).contains(vigilance) { return "vigilance is \(vigilance), expected 0 to 1" }
    if !(learningRate > 0 && learningRate <= 1) {
      return "learningRate is \(learningRate), expected more than 0 and at most 1"
    }
    if !(1...1_000_000).contains(categories) {
      return "categories is \(categories), expected 1 to 1000000"
    }
    if !(1...100_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 100000" }
    if let threshold, !threshold.isFinite {
      return "threshold is \(threshold), expected a finite number"
    }
    return nil
  }

  /// Scaled rows as they are presented: made binary where asked for, checked, and with 1 − x beside
  /// them where complements are coded.
  ///
  /// - Parameter clamps: Whether what lies outside 0…1 is taken as 0 or 1: for rows that are asked about.
  /// - Throws: `TrainingError` where a value is not one that the network can take.
  func coded(_ rows: Matrix, of name: String, names: [String] = [], clamps: Bool = false) throws
    -> Matrix
  {
    var values = rows.values
    if let threshold { values = values.map { $0 > threshold ? 1 : 0 } }
    if clamps, !Self.isBinary { values = values.map { min(1, max(0, $0)) } }
    let wrong = values.firstIndex { Self.isBinary ? $0 != 0 && $0 != 1 : !(0...1).contains($0) }
    if let wrong {
      let column = wrong % rows.columns
      let advice =
        Self.isBinary
        ? "0 or 1: scaling=min-max makes them of two values, threshold=… of any"
        : "0 to 1: scaling=min-max brings all columns there"
      throw TrainingError.data(
        "\(name), row \(wrong / rows.columns + 1), "
          + "\(column < names.count ? names[column] : "column \(column + 1)"): found "
          + "\(shortText(values[wrong])), \(Self.kind) expects \(advice)")
    }
    guard complementCodes else { return Matrix(rows: rows.rows, columns: rows.columns, values) }
    return complementCoded(Matrix(rows: rows.rows, columns: rows.columns, values))
  }

  /// The size of a coded row by which its matches are divided: |I|, which is the number of features
  /// where complements are coded.
  func size(of row: ArraySlice<Double>) -> Double {
    complementCodes ? Double(row.count / 2) : row.reduce(0, +)
  }

  /// Categories for rows of a number of features.
  func module(features: Int) -> ResonanceModule {
    ResonanceModule(
      width: complementCodes ? 2 * features : features, choiceOffset: choiceOffset,
      choiceScale: choiceScale, learningRate: learningRate, commitsFast: commitsFast,
      most: categories)
  }
}

/// (x, 1 − x) for each row.
func complementCoded(_ rows: Matrix) -> Matrix {
  var values: [Double] = []
  values.reserveCapacity(2 * rows.values.count)
  for row in 0..<rows.rows {
    values += rows[row: row]
    values += rows[row: row].map { 1 - $0 }
  }
  return Matrix(rows: rows.rows, columns: 2 * rows.columns, values)
}

/// What a network of the family remembers beside its templates.
public struct ResonanceFacts: Codable, Hashable, Sendable {
  public var common: ClassicFacts
  /// The first searches of the fit.
  public var firstSteps: [ResonanceStep]
  /// How targets were scaled, for maps that learn values.
  public var targetScaling: Scaling = .none
  /// How many numbers an answer has, for maps.
  public var outputs = 0

  init(_ common: ClassicFacts) {
    self.common = common
    firstSteps = []
  }
}

/// Counts and keeps what happens in a fit.
struct ResonanceRecord {
  /// How many searches the facts keep.
  static let kept = 200
  var trace = ResonanceTrace()
  /// Whether all searches are kept.
  let keepsAll: Bool
  private(set) var categories: [Int]
  private(set) var resets = 0
  private(set) var isStable = true
  private(set) var unlearned: Set<Int> = []

  init(rows: Int, keepsAll: Bool) {
    categories = [Int](repeating: -2, count: rows)
    self.keepsAll = keepsAll
  }

  mutating func begin() { (resets, isStable, unlearned) = (0, true, []) }

  mutating func add(_ found: ResonanceModule.Found, epoch: Int, row: Int) {
    let step = ResonanceStep(epoch: epoch, row: row, events: found.events)
    if keepsAll || trace.steps.count < Self.kept { trace.steps.append(step) }
    let category = found.category ?? -1
    if found.changed || categories[row] != category { isStable = false }
    if category < 0 { unlearned.insert(row) }
    categories[row] = category
    resets += step.resets
  }

  /// Whether the pass gave every row the category that it had.
  func isSteady(since before: [Int]) -> Bool { categories == before }
}
