import Charts
import Datasets
import Layers
import Tensors
import Training

/// Learning vector quantization: a few prototypes for each class; a row has the class of the nearest.
///
/// Each row x in turn moves prototypes m by shares of x − m, with the learning rate α, which falls
/// linearly to 0 over the training. d is ‖x − m‖²:
/// - `lvq1`: the nearest goes towards x if it has x's class, else away: m ← m ± α (x − m).
/// - `lvq2.1`: if of the two nearest one has x's class and the other has not, the one goes towards x and
///   the other away; only where x falls in a window between them, min(√(d₁ / d₂), √(d₂ / d₁)) >
///   (1 − w) / (1 + w). It moves prototypes apart as it goes on, so that few epochs are best.
/// - `lvq3`: the same, and where both have x's class, both go towards x by ε α (x − m).
/// - `glvq`: with d₁ that of the nearest prototype of x's class and d₂ that of the nearest of another,
///   μ = (d₁ − d₂) / (d₁ + d₂) is negative where x is right. A step down the gradient of the cost
///   S = Σ f(μ) moves m₁ ← m₁ + α f′(μ) d₂ / (d₁ + d₂)² (x − m₁) and
///   m₂ ← m₂ − α f′(μ) d₁ / (d₁ + d₂)² (x − m₂); the gradient's factor 4 is part of α. f is
///   1 / (1 + exp(−β μ)), or μ itself where β is 0.
///
/// GLVQ's steps shrink as squared distances grow: its learning rate has their unit, and is by default
/// 0.05 times the rows' mean squared distance from their mean.
///
/// Prototypes begin as the means of k-means within each class, or as rows of it.
///
/// Sources: T. Kohonen, "The self-organizing map", Proceedings of the IEEE 78 (1990),
/// doi:10.1109/5.58325 (LVQ1, LVQ2.1 and LVQ3); A. Sato, K. Yamada, "Generalized learning vector
/// quantization", Advances in Neural Information Processing Systems 8 (1996).
public struct LearningVectorQuantization: ClassicNetwork {
  public static let kind = "learning-vector-quantization"
  public static let shortNames = ["lvq"]
  public static let purpose = "two or more classes by a few prototypes of each"
  public static let meanings: SettingMeanings = [
    ("rule", "lvq1, lvq2.1, lvq3 or glvq"),
    ("prototypes", "prototypes of each class"),
    ("initial", "kMeans (within each class) or rows (of it, picked at random)"),
    ("epochs", "passes over the rows"),
    (
      "learningRate",
      "α at the start; 0 takes 0.05, and for glvq 0.05 times the rows' mean squared distance from "
        + "their mean"
    ),
    ("window", "w, the width of the window of lvq2.1 and lvq3"),
    ("epsilon", "ε, the share of lvq3's moves where both prototypes have the row's class"),
    ("steepness", "β of glvq's f; 0 for f(μ) = μ"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  /// How prototypes move.
  public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
    case lvq1
    case lvq21 = "lvq2.1"
    case lvq3, glvq
  }

  /// What prototypes are at first.
  public enum Initial: String, Codable, Hashable, Sendable, CaseIterable {
    case kMeans, rows
  }

  public var rule: Rule
  public var prototypes: Int
  public var initial: Initial
  public var epochs: Int
  public var learningRate: Double
  public var window: Double
  public var epsilon: Double
  public var steepness: Double
  public var shuffles: Bool
  public var scaling: RowScaling

  public init() { self.init(rule: .lvq1) }

  public init(
    rule: Rule, prototypes: Int = 3, initial: Initial = .kMeans, epochs: Int = 30,
    learningRate: Double = 0, window: Double = 0.2, epsilon: Double = 0.2, steepness: Double = 0,
    shuffles: Bool = true, scaling: RowScaling = .none
  ) {
    self.rule = rule
    self.prototypes = prototypes
    self.initial = initial
    self.epochs = epochs
    self.learningRate = learningRate
    self.window = window
    self.epsilon = epsilon
    self.steepness = steepness
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    if !(1...100_000).contains(prototypes) {
      return "prototypes is \(prototypes), expected 1 to 100000"
    }
    if !(1...1_000_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 1000000" }
    if !(learningRate >= 0 && learningRate.isFinite && (rule == .glvq || learningRate <= 1)) {
      return "learningRate is \(learningRate), expected "
        + (rule == .glvq ? "0 or more" : "0 to 1")
    }
    if !(window > 0 && window < 1) {
      return "window is \(window), expected more than 0, less than 1"
    }
    if !(epsilon >= 0 && epsilon <= 1) { return "epsilon is \(epsilon), expected 0 to 1" }
    if !(steepness >= 0 && steepness <= 1000) {
      return "steepness is \(steepness), expected 0 to 1000"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedLearningVectorQuantization
  {
    try fit(data, seed: seed, from: nil, observe: observe)
  }

  /// Learns from rows, going on from prototypes.
  ///
  /// - Parameters:
  ///   - start: The prototypes that it begins with, for scaled rows, [prototypes, features], and the
  ///     number of each one's class; nil for those of the settings.
  /// - Throws: `TrainingError` where the settings make no sense, or the data or the prototypes do not
  ///   suit them.
  public func fit(
    _ data: Dataset, seed: UInt64, from start: (prototypes: Tensor, classes: [Int])?,
    observe: (ClassicProgress) -> Void = { _ in }
  ) throws -> FittedLearningVectorQuantization {
    try check()
    let (labels, names) = try data.labels(for: Self.kind)
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    var random = RandomStream(seed: seed, name: Self.kind)
    var book: Codebook
    if let start {
      let matrix = try ["prototypes": start.prototypes].matrix("prototypes", nil, rows.columns)
      book = try Codebook(matrix, classes: start.classes, classCount: names.count)
    } else {
      book = self.start(rows, labels, names, &random, &facts)
    }
    let rate = self.rate(for: rows)
    let total = epochs * rows.rows
    for epoch in 1...epochs {
      var mistakes = 0
      let order = shuffles ? random.permutation(rows.rows) : Array(0..<rows.rows)
      for (place, row) in order.enumerated() {
        let step = (epoch - 1) * rows.rows + place
        let now = rate * (1 - Double(step) / Double(total))
        if learn(rows, row, labels[row], rate: now, &book) { mistakes += 1 }
      }
      let share = Double(mistakes) / Double(rows.rows)
      facts.record("share of mistakes", share)
      observe(ClassicProgress(epoch: epoch, [ClassicFigure("share of mistakes", share)]))
    }
    guard book.matrix.values.allSatisfy(\.isFinite) else {
      throw TrainingError.data(
        "\(Self.kind): the prototypes left the range of numbers; a smaller learningRate keeps them in "
          + "it")
    }
    return FittedLearningVectorQuantization(settings: self, facts: facts, book: book)
  }

  public static var samples: [ClassicSample<LearningVectorQuantization>] {
    let points = Tensor([
      [0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3], [3, 2], [3, 3], [0, 3], [0.5, 3],
    ])
    let labels = Tensor([0, 0, 0, 0, 1, 1, 1, 1, 2, 2] as [Int32])
    let data = Dataset(
      name: "points", features: points, targets: .classes(labels, names: ["a", "b", "c"]))
    let images = Dataset(
      name: "images",
      features: Tensor((0..<6 * 6).map { Double($0 * 7 % 11) }, shape: [6, 2, 3]),
      targets: .classes(Tensor([0, 1, 0, 1, 0, 1] as [Int32]), names: ["even", "odd"]))
    return [
      ClassicSample(LearningVectorQuantization(rule: .lvq1, prototypes: 2, epochs: 5), on: data),
      ClassicSample(
        LearningVectorQuantization(rule: .lvq21, prototypes: 1, initial: .rows, epochs: 5), on: data
      ),
      ClassicSample(
        LearningVectorQuantization(rule: .lvq3, prototypes: 2, epochs: 5, scaling: .standard),
        on: images),
      ClassicSample(
        LearningVectorQuantization(rule: .glvq, prototypes: 1, epochs: 5, steepness: 2), on: images),
    ]
  }
}
