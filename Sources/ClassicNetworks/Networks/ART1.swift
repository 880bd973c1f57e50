import Datasets
import Tensors
import Training

/// ART 1: categories for rows of zeros and ones, as many as the rows need, found in the order in which
/// they come, without forgetting earlier ones.
///
/// The recognition layer answers a row I with T = Σ bᵢ Iᵢ for each category, with the bottom-up weights
/// b = L w / (L − 1 + |w|); the category with the greatest T sends its template w, the top-down weights
/// of zeros and ones, to the comparison layer, where |I ∧ w| ones remain (∧: and; |·|: how many ones).
/// Where |I ∧ w| / |I| ≥ ρ they resonate, and the template becomes I ∧ w (fast learning); else the
/// category is reset for as long as the row is there and the next is asked. A row with which none
/// resonates takes a free category, w = I.
///
/// The smaller L − 1, the more small templates that lie within the row come before large ones. A row of
/// zeros alone excites nothing and has no category, unless `complementCodes` puts 1 − x beside each x.
/// Passes end when one changes nothing, which is so after finitely many.
///
/// ```swift
/// let fitted = try ART1(vigilance: 0.6).fit(letters, seed: 1)
/// print(try ART1(vigilance: 0.6).trace(letters, seed: 1))
/// ```
///
/// Source: G. Carpenter, S. Grossberg, "A massively parallel architecture for a self-organizing neural
/// pattern recognition machine", Computer Vision, Graphics, and Image Processing 37 (1987),
/// doi:10.1016/S0734-189X(87)80014-2.
public struct ART1: ResonanceSettings {
  public typealias Fitted = FittedResonance<ART1>

  public static let kind = "art1"
  public static let shortNames = ["art-1"]
  public static let purpose =
    "categories for rows of zeros and ones, with the search and reset for each row"
  public static let isBinary = true
  public static let meanings: SettingMeanings = [
    ("vigilance", "ρ: the share of a row's ones that a category's template must have, 0 to 1"),
    ("choice", "L > 1: the nearer to 1, the sooner small templates within the row are chosen"),
    ("complementCodes", "whether 1 − x stands beside every x, so that zeros count as ones do"),
    ("categories", "categories at most"),
    ("epochs", "passes over the rows at most; it ends with one that changes nothing"),
    ("shuffles", "whether every epoch takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
    (
      "threshold",
      "values above it count as 1, others as 0; where none is given, rows must be 0 and 1"
    ),
  ]

  public var vigilance: Double
  public var choice: Double
  public var complementCodes: Bool
  public var categories: Int
  public var epochs: Int
  public var shuffles: Bool
  public var scaling: RowScaling
  public var threshold: Double?

  public var choiceOffset: Double { choice - 1 }
  public var choiceScale: Double { choice }

  public init() { self.init(vigilance: 0.7) }

  public init(
    vigilance: Double = 0.7, choice: Double = 2, complementCodes: Bool = false,
    categories: Int = 1000, epochs: Int = 100, shuffles: Bool = false, scaling: RowScaling = .none,
    threshold: Double? = nil
  ) {
    self.vigilance = vigilance
    self.choice = choice
    self.complementCodes = complementCodes
    self.categories = categories
    self.epochs = epochs
    self.shuffles = shuffles
    self.scaling = scaling
    self.threshold = threshold
  }

  public var problem: String? {
    if !(choice > 1 && choice <= 1e9) { return "choice is \(choice), expected more than 1" }
    return commonProblem
  }

  public static var samples: [ClassicSample<ART1>] {
    let rows = Tensor([
      [1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 0],
      [0, 0, 0, 0, 1, 1],
    ])
    let data = Dataset(
      name: "strokes", features: rows,
      targets: .values(Tensor.zeros([5, 0], type: .float64), names: []))
    return [
      ClassicSample(ART1(), on: data),
      ClassicSample(
        ART1(vigilance: 0.8, choice: 1.1, complementCodes: true, shuffles: true, threshold: 0.5),
        on: data),
    ]
  }
}

extension FittedResonance where Settings == ART1 {
  /// The weights from the comparison to the recognition layer, L w / (L − 1 + |w|), a row for each
  /// category.
  public var bottomUpWeights: Tensor {
    var matrix = module.matrix
    for row in 0..<matrix.rows {
      let factor = settings.choice / (settings.choice - 1 + module.norms[row])
      matrix[row: row] = matrix[row: row].map { factor * $0 }[...]
    }
    return matrix.tensor
  }
}
