import Charts
import Datasets
import Layers
import Tensors
import Training

/// McCulloch and Pitts' neuron: a threshold on a weighted sum of yes and no, set by hand.
///
/// o = 1 where w · x ≥ θ, else 0, for inputs x of 0 and 1, weights w and the threshold θ. It learns
/// nothing: a fit looks only whether the rows suit it. In the paper any active inhibitory input keeps
/// the neuron from firing, whatever the others say; `absoluteInhibition` makes negative weights do so.
///
/// The default is the usual example of a decision: the first input (weight 6) decides alone, the two
/// others (2 each) cannot reach the threshold of 5 even together.
///
/// Source: W. McCulloch, W. Pitts, "A logical calculus of the ideas immanent in nervous activity",
/// Bulletin of Mathematical Biophysics 5 (1943), doi:10.1007/BF02478259.
public struct McCullochPittsNeuron: ClassicNetwork {
  public static let kind = "mcculloch-pitts-neuron"
  public static let shortNames = ["mp-neuron"]
  public static let purpose =
    "a yes or no from inputs of 0 and 1 by weights and a threshold set by hand; shows its truth table"
  public static let meanings: SettingMeanings = [
    ("weights", "w, a number for each input: 6,2,2"),
    ("threshold", "θ: it fires where w · x reaches it"),
    ("absoluteInhibition", "whether one active input of negative weight keeps it from firing"),
  ]

  public var weights: [Double]
  public var threshold: Double
  public var absoluteInhibition: Bool

  public init() { self.init(weights: [6, 2, 2], threshold: 5) }

  public init(weights: [Double], threshold: Double, absoluteInhibition: Bool = false) {
    self.weights = weights
    self.threshold = threshold
    self.absoluteInhibition = absoluteInhibition
  }

  public var problem: String? {
    if weights.isEmpty { return "weights is empty, expected one for each input" }
    if let wrong = weights.first(where: { !$0.isFinite }) {
      return "weights holds \(wrong), expected finite numbers"
    }
    return threshold.isFinite ? nil : "threshold is \(threshold), expected a finite number"
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedMcCullochPittsNeuron
  {
    try check()
    let data = data.asClasses
    let rows = try data.matrix(for: Self.kind)
    guard rows.columns == weights.count else {
      throw TrainingError.data(
        "\(data.name): found \(rows.columns) number\(rows.columns == 1 ? "" : "s") in a row, "
          + "\(Self.kind) has \(weights.count) weight\(weights.count == 1 ? "" : "s")")
    }
    try Self.check(rows) { "\(data.name), row \(data.rowNumber($0))" }
    var facts = ClassicFacts(data)
    if facts.classNames.count != 2 {
      if facts.classNames.count > 2 {
        facts.warnings.append(
          "the rows are of \(facts.classNames.count) classes: a neuron tells two apart")
      }
      facts.classNames = ["0", "1"]
    }
    facts.warnings += data.constantColumns(rows)
    return FittedMcCullochPittsNeuron(settings: self, facts: facts)
  }

  /// Refuses rows that hold other numbers than 0 and 1.
  static func check(_ rows: Matrix, name: (Int) -> String) throws {
    guard let place = rows.values.firstIndex(where: { $0 != 0 && $0 != 1 }) else { return }
    throw TrainingError.data(
      "\(name(place / rows.columns)): found \(rows.values[place]), \(kind) expects 0 or 1")
  }

  /// Whether it fires.
  func fires(_ row: some Collection<Double>) -> Bool {
    if absoluteInhibition, zip(weights, row).contains(where: { $0 < 0 && $1 == 1 }) { return false }
    return dot(weights, row) >= threshold
  }

  public static var samples: [ClassicSample<McCullochPittsNeuron>] {
    let rows = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    return [
      ClassicSample(
        McCullochPittsNeuron(weights: [1, 1], threshold: 2),
        on: Dataset(
          name: "and", features: rows,
          targets: .classes(Tensor([0, 0, 0, 1] as [Int32]), names: ["no", "yes"]))),
      ClassicSample(
        McCullochPittsNeuron(weights: [1, -1], threshold: 0.5, absoluteInhibition: true),
        on: Dataset(
          name: "and not", features: rows,
          targets: .values(Tensor([0.0, 0, 1, 0]), names: ["a and not b"]))),
    ]
  }
}

/// A McCulloch-Pitts neuron that has seen rows that suit it.
public struct FittedMcCullochPittsNeuron: FittedNetwork {
  public let settings: McCullochPittsNeuron
  public let facts: ClassicFacts

  init(settings: McCullochPittsNeuron, facts: ClassicFacts) {
    (self.settings, self.facts) = (settings, facts)
  }

  public var warnings: [String] { facts.warnings }

  /// The weights and then the threshold, in one row.
  public var tensors: [(name: String, tensor: Tensor)] {
    let numbers = settings.weights + [settings.threshold]
    return [("weights and threshold", Tensor(numbers, shape: [1, numbers.count]))]
  }

  public init(settings: McCullochPittsNeuron, facts: ClassicFacts, tensors: [String: Tensor]) throws
  {
    self.init(settings: settings, facts: facts)
    let columns = try facts.columns()
    guard columns == settings.weights.count, facts.classNames.count == 2 else {
      throw TrainingError.data(
        "\(settings.weights.count) weights and \(facts.classNames.count) classes for rows of "
          + "\(columns) numbers")
    }
    let found = try tensors.matrix("weights and threshold", 1, columns + 1)
    guard found.values == settings.weights + [settings.threshold] else {
      throw TrainingError.data("weights and threshold are others than the settings'")
    }
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let matrix = try facts.scaled(rows, for: McCullochPittsNeuron.kind)
    try McCullochPittsNeuron.check(matrix) { "row \($0 + 1)" }
    return .classes(
      (0..<matrix.rows).map { settings.fires(matrix[row: $0]) ? 1 : 0 }, names: facts.classNames)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    data.asClasses.classNames.isEmpty ? [] : try scores(on: data, classNames: facts.classNames)
  }

  /// All rows of 0 and 1 that there are, the first input slowest.
  private var table: [[Double]] {
    let count = settings.weights.count
    return (0..<1 << count).map { number in
      (0..<count).map { Double(number >> (count - 1 - $0) & 1) }
    }
  }

  /// The truth table, a row each, for six inputs at most.
  public func remarks(on data: Dataset) throws -> [String] {
    let count = settings.weights.count
    guard count <= 6 else {
      return ["\(count) inputs: a truth table would have 2 to the power of \(count) rows"]
    }
    let threshold = shortText(settings.threshold)
    return table.map { row in
      let sum = dot(settings.weights, row)
      let fires = settings.fires(row)
      let reaches = sum >= settings.threshold
      return row.map(shortText).joined(separator: " ")
        + ": \(shortText(sum)) \(reaches ? "≥" : "<") \(threshold)"
        + (reaches && !fires ? ", but inhibited" : "") + ", \(fires ? 1 : 0)"
    }
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let names =
      facts.featureNames.count == settings.weights.count
      ? facts.featureNames : settings.weights.indices.map { "x\($0 + 1)" }
    var pictures = [
      ClassicPicture(
        "Weights and threshold",
        BarChart(
          title: "Weights and threshold",
          bars: zip(names, settings.weights).map { BarChart.Bar($0, $1) }
            + [BarChart.Bar("threshold", settings.threshold)]))
    ]
    if settings.weights.count <= 4 {
      pictures.append(
        ClassicPicture(
          "Weighted sums",
          BarChart(
            title: "Weighted sums (\(names.joined(separator: ", ")))",
            bars: table.map { row in
              let sum = dot(settings.weights, row)
              return BarChart.Bar(
                row.map(shortText).joined(separator: " "), sum,
                text: "\(shortText(sum))\(settings.fires(row) ? " fires" : "")")
            }),
          caption: "The sum of each row that there can be, and whether the neuron fires."))
    }
    return pictures
  }
}
