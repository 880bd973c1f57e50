import Datasets
import Tensors
import Training

/// ART 2: categories for rows of positive numbers by their direction, with a comparison layer that
/// normalizes them and takes away what is small.
///
/// The comparison layer F1 is three loops, which run until they rest. For a row I and with z the
/// top-down weights of the category J that is active (0 where none is):
///
/// - w = I + a u, x = w / (e + ‖w‖)
/// - v = f(x) + b f(q), u = v / (e + ‖v‖)
/// - p = u + d z, q = p / (e + ‖p‖)
///
/// f(x) is x from θ on and 0 below. The recognition layer F2 chooses the category with the greatest
/// T = p · z′, z′ being its bottom-up weights. A category is reset where ρ > e + ‖r‖, with
/// r = (u + c p) / (e + ‖u‖ + c ‖p‖) at the moment at which it becomes active; ‖r‖ is the match. A
/// category that resonates learns by dz/dt = d (p − z), for z and z′ alike: `fast` goes to where that and
/// F1 rest together, z = u / (1 − d); `slow` takes `steps` steps of z ← z + η d (p − z) with F1 at rest
/// after each.
///
/// Free categories have z = 0 and z′ = `start` / ((1 − d) √M) for M features, and are chosen by their T
/// like others; they are never reset. The length of a row has no say, and a row of zeros has no category.
///
/// Source: G. Carpenter, S. Grossberg, "ART 2: self-organization of stable category recognition codes
/// for analog input patterns", Applied Optics 26 (1987), doi:10.1364/AO.26.004919.
public struct ART2: ClassicNetwork {
  public static let kind = "art2"
  public static let shortNames = ["art-2"]
  public static let purpose =
    "categories for rows of positive numbers by their direction, with the search for each row"
  public static let meanings: SettingMeanings = [
    (
      "vigilance",
      "ρ, 0 to 1; what it can tell apart depends on c: √(1 + c²d²/(1−d)²) / (1 + cd/(1−d))"
    ),
    ("inputFeedback", "a > 0: what F1's lower loop adds to the row"),
    ("upperFeedback", "b > 0: what F1's upper loop adds"),
    ("resetFeedback", "c > 0: the share of p in the match; cd / (1 − d) is at most 1"),
    ("signal", "d, more than 0 and less than 1: what an active category sends"),
    ("smallest", "e ≥ 0, small: keeps what is divided by from being 0"),
    ("threshold", "θ, 0 to less than 1: what is below it in F1 counts as 0"),
    (
      "start",
      "bottom-up weights of free categories, as a part of their bound, more than 0 and at most 1"
    ),
    ("learning", "fast or slow"),
    ("learningRate", "η of slow learning, more than 0 and at most 1"),
    ("steps", "steps that slow learning takes for each row"),
    ("categories", "categories at most"),
    ("epochs", "passes over the rows at most; it ends with one that gives no row another category"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  /// How far weights go while a row is there.
  public enum Learning: String, Codable, Hashable, Sendable, CaseIterable {
    case fast, slow
  }

  public var vigilance: Double
  public var inputFeedback: Double
  public var upperFeedback: Double
  public var resetFeedback: Double
  public var signal: Double
  public var smallest: Double
  public var threshold: Double
  public var start: Double
  public var learning: Learning
  public var learningRate: Double
  public var steps: Int
  public var categories: Int
  public var epochs: Int
  public var shuffles: Bool
  public var scaling: RowScaling

  public init() { self.init(vigilance: 0.95) }

  public init(
    vigilance: Double = 0.95, inputFeedback: Double = 10, upperFeedback: Double = 10,
    resetFeedback: Double = 0.1, signal: Double = 0.9, smallest: Double = 1e-9,
    threshold: Double = 0.1, start: Double = 0.1, learning: Learning = .fast,
    learningRate: Double = 0.5, steps: Int = 3, categories: Int = 1000, epochs: Int = 10,
    shuffles: Bool = false, scaling: RowScaling = .minMax
  ) {
    self.vigilance = vigilance
    self.inputFeedback = inputFeedback
    self.upperFeedback = upperFeedback
    self.resetFeedback = resetFeedback
    self.signal = signal
    self.smallest = smallest
    self.threshold = threshold
    self.start = start
    self.learning = learning
    self.learningRate = learningRate
    self.steps = steps
    self.categories = categories
    self.epochs = epochs
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    if !(0...1).contains(vigilance) { return "vigilance is \(vigilance), expected 0 to 1" }
    for (name, value) in [
      ("inputFeedback", inputFeedback), ("upperFeedback", upperFeedback),
      ("resetFeedback", resetFeedback),
    ] where !(value > 0 && value <= 1e6) {
      return "\(name) is \(value), expected more than 0 and at most 1000000"
    }
    if !(signal > 0 && signal < 1) { return "signal is \(signal), expected between 0 and 1" }
    if !(resetFeedback * signal <= (1 - signal) * (1 + 1e-12)) {
      return "resetFeedback · signal / (1 − signal) is "
        + "\(shortText(resetFeedback * signal / (1 - signal))), expected at most 1"
    }
    if !(0...0.01).contains(smallest) { return "smallest is \(smallest), expected 0 to 0.01" }
    if !(threshold >= 0 && threshold < 1) {
      return "threshold is \(threshold), expected 0 to less than 1"
    }
    if !(start > 0 && start <= 1) {
      return "start is \(start), expected more than 0 and at most 1"
    }
    if !(learningRate > 0 && learningRate <= 1) {
      return "learningRate is \(learningRate), expected more than 0 and at most 1"
    }
    if !(1...10_000).contains(steps) { return "steps is \(steps), expected 1 to 10000" }
    if !(1...1_000_000).contains(categories) {
      return "categories is \(categories), expected 1 to 1000000"
    }
    if !(1...100_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 100000" }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedART2
  {
    try learn(data, seed: seed, keepsAll: false, observe: observe).fitted
  }

  /// Learns from rows, and gives every search on the way.
  ///
  /// - Throws: as ``fit(_:seed:observe:)``.
  public func trace(_ data: Dataset, seed: UInt64) throws -> ResonanceTrace {
    try learn(data, seed: seed, keepsAll: true, observe: { _ in }).trace
  }

  /// Refuses negative numbers.
  func checked(_ rows: Matrix, of name: String, names: [String]) throws -> Matrix {
    guard let wrong = rows.values.firstIndex(where: { $0 < 0 }) else { return rows }
    let column = wrong % rows.columns
    throw TrainingError.data(
      "\(name), row \(wrong / rows.columns + 1), "
        + "\(column < names.count ? names[column] : "column \(column + 1)"): found "
        + "\(shortText(rows.values[wrong])), art2 expects 0 or more: scaling=min-max brings all "
        + "columns there")
  }

  private func learn(
    _ data: Dataset, seed: UInt64, keepsAll: Bool, observe: (ClassicProgress) -> Void
  ) throws -> (fitted: FittedART2, trace: ResonanceTrace) {
    try check()
    let (scaled, common) = try data.scaledMatrix(scaling, for: Self.kind)
    let rows = try checked(scaled, of: data.name, names: data.featureNames)
    var facts = ResonanceFacts(common)
    var module = ART2Module(settings: self, width: rows.columns)
    var record = ResonanceRecord(rows: rows.rows, keepsAll: keepsAll)
    var random = RandomStream(seed: seed, name: Self.kind)
    for epoch in 1...epochs {
      record.begin()
      let before = record.categories
      for row in shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows) {
        let found = module.present(Array(rows[row: row]), learns: true)
        record.add(found, epoch: epoch, row: row)
      }
      let figures = [
        ClassicFigure("categories", Double(module.count)),
        ClassicFigure("resets", Double(record.resets)),
      ]
      for figure in figures { facts.common.record(figure.name, figure.value) }
      observe(ClassicProgress(epoch: epoch, figures))
      let isSteady = record.isSteady(since: before)
      if isSteady, learning == .fast { break }
      if epoch == epochs, epochs > 1, !isSteady {
        facts.common.warnings.append(
          "rows still changed their categories in epoch \(epochs): more epochs are needed")
      }
    }
    facts.common.warnings += try warnings(record, module, rows, name: data.name)
    facts.firstSteps = Array(record.trace.steps.prefix(ResonanceRecord.kept))
    return (FittedART2(settings: self, facts: facts, module: module), record.trace)
  }

  private func warnings(
    _ record: ResonanceRecord, _ module: ART2Module, _ rows: Matrix, name: String
  ) throws -> [String] {
    guard module.count > 0 else {
      throw TrainingError.data(
        "\(name): found nothing above the threshold \(threshold), art2 expects rows with something in "
          + "them")
    }
    var warnings: [String] = []
    let lost = record.unlearned.count
    if lost > 0 {
      let uniform = 1 / Double(rows.columns).squareRoot()
      warnings.append(
        "\(lost) row\(lost == 1 ? "" : "s") found no category: "
          + (module.count >= categories
            ? "all \(categories) are taken"
            : "nothing of them is above the threshold \(threshold); a row of "
              + "\(rows.columns) equal numbers has \(shortText(uniform)) in each place"))
    }
    if module.count == rows.rows, rows.rows > 2 {
      warnings.append("every row has a category of its own: vigilance is high for these rows")
    }
    return warnings
  }

  public static var samples: [ClassicSample<ART2>] {
    let rows = Tensor([
      [0.9, 0.1, 0], [0.1, 0.9, 0.2], [0.8, 0.2, 0.1], [0.2, 0.1, 0.9], [0.1, 0.8, 0.1],
    ])
    let data = Dataset(
      name: "directions", features: rows,
      targets: .classes(Tensor([0, 1, 0, 1, 1] as [Int32]), names: ["first", "other"]))
    return [
      ClassicSample(ART2(scaling: .none), on: data),
      ClassicSample(ART2(start: 0.05, learning: .slow, epochs: 2, shuffles: true), on: data),
    ]
  }
}
