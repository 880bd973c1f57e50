import Datasets
import Tensors
import Training

/// ARTMAP: rows of zeros and ones and what they stand for, learned by two ART 1 modules and a map
/// between their categories.
///
/// ARTa finds a category for the row, ARTb one for its target: a class, which is a category of its own,
/// or a row of zeros and ones. A category of ARTa stands for that category of ARTb with which it first
/// resonated. Where a row resonates with one that stands for another, match tracking raises ARTa's
/// vigilance to |I ∧ w| / |I| + ε, just past its match, for as long as the row is there, and the search
/// goes on, at the worst to a free category. So it keeps categories as large as the answers allow.
/// Where vigilance would rise past 1, the same row stands for two answers, and it is not learned.
///
/// The modules' equations are those of ``ART1``.
///
/// Source: G. Carpenter, S. Grossberg, J. Reynolds, "ARTMAP: supervised real-time learning and
/// classification of nonstationary data by a self-organizing neural network", Neural Networks 4 (1991),
/// doi:10.1016/0893-6080(91)90012-T.
public struct ARTMAP: ResonanceMapSettings {
  public typealias Fitted = FittedResonanceMap<ARTMAP>

  public static let kind = "artmap"
  public static let purpose =
    "classes or binary targets of rows of zeros and ones, by categories as large as they allow"
  public static let isBinary = true
  public static let meanings: SettingMeanings = [
    ("vigilance", "ρ of rows at first, 0 to 1: rows that match no category so well are unknown"),
    ("targetVigilance", "ρ of targets that are no classes, 0 to 1; 1 keeps different ones apart"),
    ("choice", "L > 1: the nearer to 1, the sooner small templates within the row are chosen"),
    ("tracking", "ε: how far vigilance rises past the match of a category with another answer"),
    ("complementCodes", "whether 1 − x stands beside every x, so that zeros count as ones do"),
    ("categories", "categories at most, of rows and of targets"),
    ("epochs", "passes over the rows at most; it ends with one that changes nothing"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
    (
      "threshold",
      "values above it count as 1, others as 0; where none is given, rows must be 0 and 1"
    ),
  ]

  public var vigilance: Double
  public var targetVigilance: Double
  public var choice: Double
  public var tracking: Double
  public var complementCodes: Bool
  public var categories: Int
  public var epochs: Int
  public var shuffles: Bool
  public var scaling: RowScaling
  public var threshold: Double?

  public var choiceOffset: Double { choice - 1 }
  public var choiceScale: Double { choice }

  public init() { self.init(vigilance: 0) }

  public init(
    vigilance: Double = 0, targetVigilance: Double = 1, choice: Double = 1.001,
    tracking: Double = 1e-6, complementCodes: Bool = true, categories: Int = 10_000,
    epochs: Int = 100, shuffles: Bool = false, scaling: RowScaling = .none,
    threshold: Double? = nil
  ) {
    self.vigilance = vigilance
    self.targetVigilance = targetVigilance
    self.choice = choice
    self.tracking = tracking
    self.complementCodes = complementCodes
    self.categories = categories
    self.epochs = epochs
    self.shuffles = shuffles
    self.scaling = scaling
    self.threshold = threshold
  }

  public var problem: String? {
    if !(choice > 1 && choice <= 1e9) { return "choice is \(choice), expected more than 1" }
    return mapProblem
  }

  public static var samples: [ClassicSample<ARTMAP>] {
    let rows = Tensor([
      [1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 0], [0, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 1],
    ])
    let classes = Dataset.Targets.classes(
      Tensor([0, 1, 0, 1, 0, 1] as [Int32]), names: ["left", "right"])
    let values = Dataset.Targets.values(
      Tensor([[1, 0, 0], [0, 1, 1], [1, 0, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1]]), names: [])
    return [
      ClassicSample(ARTMAP(), on: Dataset(name: "strokes", features: rows, targets: classes)),
      ClassicSample(
        ARTMAP(vigilance: 0.5, choice: 2, complementCodes: false, shuffles: true),
        on: Dataset(name: "strokes", features: rows, targets: values)),
    ]
  }
}
