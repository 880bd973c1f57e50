import Datasets
import Tensors
import Training

/// Fuzzy ART: categories for rows of numbers 0…1, each a box that grows around what it has learned.
///
/// Rows are complement-coded, I = (x, 1 − x), so that |I| is the number of features, M. The category
/// with the greatest T = |I ∧ w| / (α + |w|) is chosen (∧: the smaller of each two; |·|: the sum). Where
/// |I ∧ w| / M ≥ ρ it resonates and learns, w ← β (I ∧ w) + (1 − β) w; else it is reset and the next is
/// asked. A row with which none resonates takes a free category. With w = (u, 1 − v), a category is the
/// box from u to v; with β = 1 that is the smallest around its rows, and its sides add up to at most
/// M (1 − ρ).
///
/// With `fastCommit` a category's first row is learned whole and later ones at rate β ("fast-commit
/// slow-recode"). Without `complementCodes` the templates of categories can only shrink towards 0, and
/// matches are taken relative to |I|.
///
/// Source: G. Carpenter, S. Grossberg, D. Rosen, "Fuzzy ART: fast stable learning and categorization of
/// analog patterns by an adaptive resonance system", Neural Networks 4 (1991),
/// doi:10.1016/0893-6080(91)90056-B.
public struct FuzzyART: ResonanceSettings {
  public typealias Fitted = FittedResonance<FuzzyART>

  public static let kind = "fuzzy-art"
  public static let purpose =
    "categories for rows of numbers, each a box, with the search and reset for each row"
  public static let isBinary = false
  public static let meanings: SettingMeanings = [
    ("vigilance", "ρ, 0 to 1: the greater, the smaller the boxes may grow"),
    ("choice", "α > 0: the smaller, the more a row prefers the smallest box that holds it"),
    ("learningRate", "β, more than 0 and at most 1: 1 is fast learning"),
    ("fastCommit", "whether the first row of a category is learned whole, whatever β is"),
    ("complementCodes", "whether 1 − x stands beside every x"),
    ("categories", "categories at most"),
    ("epochs", "passes over the rows at most; it ends with one that changes nothing"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  public var vigilance: Double
  public var choice: Double
  public var learningRate: Double
  public var fastCommit: Bool
  public var complementCodes: Bool
  public var categories: Int
  public var epochs: Int
  public var shuffles: Bool
  public var scaling: RowScaling

  public var choiceOffset: Double { choice }
  public var commitsFast: Bool { fastCommit }

  public init() { self.init(vigilance: 0.75) }

  public init(
    vigilance: Double = 0.75, choice: Double = 0.001, learningRate: Double = 1,
    fastCommit: Bool = true, complementCodes: Bool = true, categories: Int = 1000,
    epochs: Int = 100, shuffles: Bool = false, scaling: RowScaling = .minMax
  ) {
    self.vigilance = vigilance
    self.choice = choice
    self.learningRate = learningRate
    self.fastCommit = fastCommit
    self.complementCodes = complementCodes
    self.categories = categories
    self.epochs = epochs
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    if !(choice > 0 && choice <= 1e9) { return "choice is \(choice), expected more than 0" }
    return commonProblem
  }

  public static var samples: [ClassicSample<FuzzyART>] {
    let rows = Tensor([
      [0.1, 0.2], [0.15, 0.1], [0.9, 0.8], [0.8, 0.95], [0.2, 0.9], [0.5, 0.4],
    ])
    let data = Dataset(
      name: "points", features: rows,
      targets: .classes(Tensor([0, 0, 1, 1, 1, 0] as [Int32]), names: ["low", "high"]))
    return [
      ClassicSample(FuzzyART(scaling: .none), on: data),
      ClassicSample(
        FuzzyART(
          vigilance: 0.6, learningRate: 0.5, fastCommit: false, categories: 3, epochs: 4,
          shuffles: true), on: data),
    ]
  }
}
