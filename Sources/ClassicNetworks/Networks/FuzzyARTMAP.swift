import Datasets
import Tensors
import Training

/// Fuzzy ARTMAP: classes or values of rows of numbers 0…1, by boxes that are as large as the answers
/// allow.
///
/// A ``FuzzyART`` module finds a category for the row; a map says for which class each stands. Where a
/// row resonates with a category that stands for another class, match tracking raises the vigilance to
/// |I ∧ w| / M + ε, just past its match, for as long as the row is there, and the search goes on, at the
/// worst to a free category (ε may be negative, "MT−", which makes fewer categories of noisy classes).
/// Where vigilance would rise past 1, the same row stands for two answers, and it is not learned.
///
/// Targets that are numbers are scaled to 0…1 and have categories of their own, found by Fuzzy ART with
/// vigilance `targetVigilance`; the answer is the middle of such a box.
///
/// A row's answer is that of the category with which it resonates at the vigilance that training began
/// with: with `vigilance` 0 every row has one, with more a row unlike all others is unknown.
///
/// Source: G. Carpenter, S. Grossberg, N. Markuzon, J. Reynolds, D. Rosen, "Fuzzy ARTMAP: a neural
/// network architecture for incremental supervised learning of analog multidimensional maps", IEEE
/// Transactions on Neural Networks 3 (1992), doi:10.1109/72.159059.
public struct FuzzyARTMAP: ResonanceMapSettings {
  public typealias Fitted = FittedResonanceMap<FuzzyARTMAP>

  public static let kind = "fuzzy-artmap"
  public static let purpose =
    "classes or values of rows of numbers, by boxes as large as the answers allow"
  public static let isBinary = false
  public static let meanings: SettingMeanings = [
    ("vigilance", "ρ of rows at first, 0 to 1: rows that match no category so well are unknown"),
    (
      "targetVigilance", "ρ of targets that are numbers, 0 to 1: the greater, the finer the answers"
    ),
    ("choice", "α > 0: the smaller, the more a row prefers the smallest box that holds it"),
    ("learningRate", "β, more than 0 and at most 1: 1 is fast learning"),
    ("fastCommit", "whether the first row of a category is learned whole, whatever β is"),
    ("tracking", "ε: how far vigilance rises past the match of a category with another answer"),
    ("complementCodes", "whether 1 − x stands beside every x"),
    ("categories", "categories at most, of rows and of targets"),
    ("epochs", "passes over the rows at most; it ends with one that changes nothing"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  public var vigilance: Double
  public var targetVigilance: Double
  public var choice: Double
  public var learningRate: Double
  public var fastCommit: Bool
  public var tracking: Double
  public var complementCodes: Bool
  public var categories: Int
  public var epochs: Int
  public var shuffles: Bool
  public var scaling: RowScaling

  public var choiceOffset: Double { choice }
  public var commitsFast: Bool { fastCommit }

  public init() { self.init(vigilance: 0) }

  public init(
    vigilance: Double = 0, targetVigilance: Double = 0.95, choice: Double = 0.001,
    learningRate: Double = 1, fastCommit: Bool = true, tracking: Double = 1e-6,
    complementCodes: Bool = true, categories: Int = 10_000, epochs: Int = 100,
    shuffles: Bool = false, scaling: RowScaling = .minMax
  ) {
    self.vigilance = vigilance
    self.targetVigilance = targetVigilance
    self.choice = choice
    self.learningRate = learningRate
    self.fastCommit = fastCommit
    self.tracking = tracking
    self.complementCodes = complementCodes
    self.categories = categories
    self.epochs = epochs
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    if !(choice > 0 && choice <= 1e9) { return "choice is \(choice), expected more than 0" }
    return mapProblem
  }

  public static var samples: [ClassicSample<FuzzyARTMAP>] {
    let rows = Tensor([
      [0.1, 0.2], [0.15, 0.1], [0.9, 0.8], [0.8, 0.95], [0.2, 0.9], [0.5, 0.4],
    ])
    let classes = Dataset.Targets.classes(
      Tensor([0, 0, 1, 1, 2, 0] as [Int32]), names: ["low", "high", "left"])
    let values = Dataset.Targets.values(
      Tensor([[0.5], [0.4], [2.5], [2.6], [1.5], [1.2]]), names: ["height"])
    return [
      ClassicSample(FuzzyARTMAP(), on: Dataset(name: "points", features: rows, targets: classes)),
      ClassicSample(
        FuzzyARTMAP(vigilance: 0.6, learningRate: 0.5, epochs: 4, shuffles: true),
        on: Dataset(name: "points", features: rows, targets: values)),
    ]
  }
}
