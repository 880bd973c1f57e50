import Charts
import Datasets
import Layers
import Tensors
import Training

/// Rosenblatt's perceptron: threshold units that learn from their mistakes alone.
///
/// o = 1 where w · x + b > 0, else 0. A row that a unit gets wrong changes it by
/// w ← w + η (t − o) x, b ← b + η (t − o), with t its right answer, 0 or 1, and η the learning rate; a
/// row on the boundary counts as wrong. Where a hyperplane separates the classes, the number of
/// mistakes is finite (Novikoff); where none does, it never ends. Two classes have one unit. More have
/// one each: `oneVersusRest` teaches every unit by itself, `winner` moves that of the right class
/// towards the row and the greatest of the others away from it.
///
/// With a pocket, the weights that got most rows right so far are those that are kept.
///
/// Sources: F. Rosenblatt, "The perceptron", Psychological Review 65 (1958), doi:10.1037/h0042519;
/// A. Novikoff, "On convergence proofs on perceptrons" (1962); S. Gallant, "Perceptron-based learning
/// algorithms", IEEE Transactions on Neural Networks 1 (1990), doi:10.1109/72.80230.
public struct Perceptron: ClassicNetwork {
  public static let kind = "perceptron"
  public static let purpose =
    "two or more classes by hyperplanes; says whether they can be separated, and why not"
  public static let meanings: SettingMeanings = [
    ("epochs", "passes over the rows at most; it ends with one without mistakes"),
    ("learningRate", "η"),
    ("pocket", "whether the best weights so far are kept, for classes that overlap"),
    ("multiclass", "oneVersusRest or winner, for three classes or more"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  /// How more than two classes are learned.
  public enum Multiclass: String, Codable, Hashable, Sendable, CaseIterable {
    case oneVersusRest, winner
  }

  public var epochs: Int
  public var learningRate: Double
  public var pocket: Bool
  public var multiclass: Multiclass
  public var shuffles: Bool
  public var scaling: RowScaling

  public init() { self.init(epochs: 100) }

  public init(
    epochs: Int = 100, learningRate: Double = 1, pocket: Bool = false,
    multiclass: Multiclass = .oneVersusRest, shuffles: Bool = true, scaling: RowScaling = .none
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.pocket = pocket
    self.multiclass = multiclass
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    if !(1...1_000_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 1000000" }
    if !(learningRate > 0 && learningRate.isFinite) {
      return "learningRate is \(learningRate), expected more than 0"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedPerceptron
  {
    try check()
    let data = data.asClasses
    let (labels, names) = try data.labels(for: Self.kind)
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    let units = names.count == 2 ? 1 : names.count
    // The last column is the bias.
    var weights = Matrix(rows: units, columns: rows.columns + 1)
    var (best, fewest) = (weights, Int.max)
    var random = RandomStream(seed: seed, name: "perceptron")
    for epoch in 1...epochs {
      var mistakes = 0
      let order = shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows)
      for row in order where learn(rows[row: row], labels[row], &weights) { mistakes += 1 }
      if pocket {
        let wrong = zip(weights.unitClasses(rows), labels).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        if wrong < fewest { (best, fewest) = (weights, wrong) }
      }
      facts.record("mistakes", Double(mistakes))
      observe(ClassicProgress(epoch: epoch, [ClassicFigure("mistakes", Double(mistakes))]))
      if mistakes == 0 { break }
    }
    if facts.curves["mistakes"]?.last != 0 {
      facts.warnings.append(
        "\(epochs) epoch\(epochs == 1 ? "" : "s") ended with mistakes: "
          + "the classes overlap, or more epochs are needed")
    }
    return FittedPerceptron(
      settings: self, facts: facts, weights: pocket ? best : weights)
  }

  /// Learns a row.
  ///
  /// - Returns: Whether it was wrong.
  private func learn(_ row: ArraySlice<Double>, _ label: Int, _ weights: inout Matrix) -> Bool {
    let nets = weights.unitNets(row)
    func move(_ unit: Int, _ sign: Double) {
      let start = unit * weights.columns
      for (column, value) in row.enumerated() {
        weights.values[start + column] += sign * learningRate * value
      }
      weights.values[start + row.count] += sign * learningRate
    }
    if weights.rows == 1 || multiclass == .oneVersusRest {
      var isWrong = false
      for unit in 0..<weights.rows {
        let sign: Double = label == (weights.rows == 1 ? 1 : unit) ? 1 : -1
        guard sign * nets[unit] <= 0 else { continue }
        move(unit, sign)
        isWrong = true
      }
      return isWrong
    }
    let other = nets.indices.filter { $0 != label }.max { nets[$0] < nets[$1] } ?? 0
    guard nets[label] <= nets[other] else { return false }
    move(label, 1)
    move(other, -1)
    return true
  }

  public static var samples: [ClassicSample<Perceptron>] {
    let points = Tensor([[0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3]])
    func data(_ labels: [Int32], _ names: [String]) -> Dataset {
      Dataset(name: "points", features: points, targets: .classes(Tensor(labels), names: names))
    }
    return [
      ClassicSample(Perceptron(), on: data([0, 0, 0, 1, 1, 1], ["low", "high"])),
      ClassicSample(
        Perceptron(epochs: 20, pocket: true, multiclass: .winner, scaling: .standard),
        on: data([0, 1, 0, 1, 2, 2], ["a", "b", "c"])),
    ]
  }
}

/// A perceptron that has learned.
public struct FittedPerceptron: FittedNetwork {
  public let settings: Perceptron
  public let facts: ClassicFacts
  /// [units, features + 1], the bias last.
  private let matrix: Matrix

  init(settings: Perceptron, facts: ClassicFacts, weights: Matrix) {
    (self.settings, self.facts, matrix) = (settings, facts, weights)
  }

  /// A weight for each scaled feature and the bias, a row for each unit.
  public var weights: Tensor { matrix.tensor }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] { [("weights", weights)] }

  public init(settings: Perceptron, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let columns = try facts.columns()
    let units = facts.classNames.count == 2 ? 1 : facts.classNames.count
    self.init(
      settings: settings, facts: facts,
      weights: try tensors.matrix("weights", units, columns + 1))
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    .classes(
      matrix.unitClasses(try facts.scaled(rows, for: Perceptron.kind)), names: facts.classNames)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: facts.classNames)
  }

  /// Whether each class can be separated from the others, in words.
  ///
  /// - Throws: `TrainingError` where the data hold no classes, or rows of another size.
  public func remarks(on data: Dataset) throws -> [String] {
    let (labels, names) = try data.asClasses.labels(for: Perceptron.kind)
    let rows = try data.matrix(for: Perceptron.kind)
    return (names.count == 2 ? [1] : Array(names.indices)).map { number in
      let isFirst = labels.map { $0 == number }
      let found = LinearSeparability(rows, isFirst: isFirst)
      let what =
        names.count == 2 ? "\(names[1]) from \(names[0])" : "\(names[number]) from the rest"
      return "\(what): \(found.words(rows, isFirst: isFirst))"
    }
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let names = matrix.rows == 1 ? [facts.classNames.last ?? ""] : facts.classNames
    return [try decisionPicture(self, facts, with: data.asClasses)].compactMap { $0 }
      + curvePictures(facts) + [
        weightPicture("Weights", matrix.withoutBias, names: names, facts: facts)
      ]
  }
}
