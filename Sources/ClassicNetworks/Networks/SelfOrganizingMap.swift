import Charts
import Datasets
import Layers
import Tensors
import Training

/// Kohonen's self-organizing map: units on a lattice whose weights come to lie among the rows so that
/// neighbors on the lattice answer to similar rows.
///
/// The best matching unit b of a row x is that with the smallest ‖x − w‖. Online, each row moves all
/// units towards it, wᵤ ← wᵤ + η hᵤ (x − wᵤ). In batches, each epoch moves them towards weighted means
/// of all rows, wᵤ ← (1 − η) wᵤ + η Σ hᵤ x / Σ hᵤ, with hᵤ of each row's own b; η = 1 is Kohonen's rule.
/// The neighborhood hᵤ falls with the distance d of u from b on the lattice, where neighbors in a row
/// are 1 apart, and with the radius σ:
/// - `gaussian`: exp(−d² / 2σ²)
/// - `mexicanHat`: (1 − d² / σ²) exp(−d² / 2σ²); units in a ring about b move away. Online only.
/// - `bubble`: 1 for units fewer than σ steps away, else 0. A step goes to one of 8 neighbors on a
///   rectangular lattice, one of 6 on a hexagonal one.
///
/// With t of T steps done (rows online, epochs in batches) a value v that falls to e is
/// - `asymptotic`: v / (1 + 2t / T), to a third of it, whatever e
/// - `linear`: v + (e − v) t / T
/// - `inverse`: v / (1 + t (v / e − 1) / T) for the radius, v / (1 + 100 t / T) for the rate
/// - `exponential`: v (e / v)^(t / T)
/// - `constant`: v
///
/// e is min(1, σ) for the radius; for the rate it is 0, and v / 100 where it falls exponentially.
///
/// On a hexagonal lattice every second row is shifted right by half a unit, and rows are √3 / 2 apart.
/// The start is either rows picked at random, or the plane of the first two principal components: as
/// far as two standard deviations to each side, the first along the longer side of the map.
///
/// Sources: T. Kohonen, "Self-organized formation of topologically correct feature maps", Biological
/// Cybernetics 43 (1982), doi:10.1007/BF00337288; T. Kohonen, "Essentials of the self-organizing map",
/// Neural Networks 37 (2013), doi:10.1016/j.neunet.2012.09.018.
public struct SelfOrganizingMap: ClassicNetwork {
  public static let kind = "self-organizing-map"
  public static let shortNames = ["som"]
  public static let purpose =
    "a map of the rows on a lattice: similar rows have their places close together"
  public static let meanings: SettingMeanings = [
    ("rows", "rows of units"),
    ("columns", "units in a row"),
    ("lattice", "rectangular (8 neighbors) or hexagonal (6)"),
    ("training", "batch or online"),
    ("neighborhood", "gaussian, mexicanHat or bubble"),
    ("initial", "plane (of the first two principal components) or rows (picked at random)"),
    ("epochs", "passes over the rows"),
    ("radius", "σ at the start; 0 takes half the longer side"),
    ("radiusDecay", "how σ falls to 1: linear, asymptotic, inverse, exponential or constant"),
    ("learningRate", "η at the start; 0 takes 0.5 online, and in batches 1 throughout"),
    ("rateDecay", "how η falls: linear, asymptotic, inverse, exponential or constant"),
    ("shuffles", "whether every epoch online takes the rows in a new order"),
    ("scaling", RowScaling.meaning),
  ]

  /// Where units lie.
  public enum Lattice: String, Codable, Hashable, Sendable, CaseIterable {
    case rectangular, hexagonal
  }

  /// When weights move: after each row, or once an epoch.
  public enum Training: String, Codable, Hashable, Sendable, CaseIterable {
    case batch, online
  }

  /// How much of a move the units around the best matching one share.
  public enum Neighborhood: String, Codable, Hashable, Sendable, CaseIterable {
    case gaussian, mexicanHat, bubble
  }

  /// What weights are at first.
  public enum Initial: String, Codable, Hashable, Sendable, CaseIterable {
    case plane, rows
  }

  /// How a value falls during the training.
  public enum Decay: String, Codable, Hashable, Sendable, CaseIterable {
    case linear, asymptotic, inverse, exponential, constant
  }

  public var rows: Int
  public var columns: Int
  public var lattice: Lattice
  public var training: Training
  public var neighborhood: Neighborhood
  public var initial: Initial
  public var epochs: Int
  public var radius: Double
  public var radiusDecay: Decay
  public var learningRate: Double
  public var rateDecay: Decay
  public var shuffles: Bool
  public var scaling: RowScaling

  public init() { self.init(rows: 8, columns: 8) }

  public init(
    rows: Int, columns: Int, lattice: Lattice = .rectangular, training: Training = .batch,
    neighborhood: Neighborhood = .gaussian, initial: Initial = .plane, epochs: Int = 20,
    radius: Double = 0, radiusDecay: Decay = .linear, learningRate: Double = 0,
    rateDecay: Decay = .linear, shuffles: Bool = true, scaling: RowScaling = .none
  ) {
    self.rows = rows
    self.columns = columns
    self.lattice = lattice
    self.training = training
    self.neighborhood = neighborhood
    self.initial = initial
    self.epochs = epochs
    self.radius = radius
    self.radiusDecay = radiusDecay
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.shuffles = shuffles
    self.scaling = scaling
  }

  public var problem: String? {
    for (name, value) in [("rows", rows), ("columns", columns)]
    where !(1...10_000).contains(value) {
      return "\(name) is \(value), expected 1 to 10000"
    }
    if rows * columns > 100_000 {
      return "rows times columns is \(rows * columns), expected at most 100000 units"
    }
    if !(1...1_000_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 1000000" }
    if !(radius == 0 || (radius >= 1e-3 && radius <= 1e6)) {
      return "radius is \(radius), expected 0.001 or more, or 0 for half the longer side"
    }
    if !(learningRate >= 0 && learningRate <= 1) {
      return "learningRate is \(learningRate), expected 0 to 1"
    }
    if training == .batch && neighborhood == .mexicanHat {
      return "neighborhood is mexicanHat in batches, where means need shares of 0 or more: "
        + "expected gaussian or bubble, or online training"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedSelfOrganizingMap
  {
    try fit(data, seed: seed, from: nil, observe: observe)
  }

  /// Learns from rows, going on from weights.
  ///
  /// - Parameters:
  ///   - start: The weights that it begins with, of scaled rows: [rows · columns, features], a row of
  ///     units after the other; nil for those of the settings.
  /// - Throws: `TrainingError` where the settings make no sense, or the data or the weights do not suit
  ///   them.
  public func fit(
    _ data: Dataset, seed: UInt64, from start: Tensor?,
    observe: (ClassicProgress) -> Void = { _ in }
  ) throws -> FittedSelfOrganizingMap {
    try check()
    var (matrix, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    let units = rows * columns
    if units > matrix.rows {
      facts.warnings.append(
        "the map is larger than the data, \(units) units for \(matrix.rows) rows: some units only "
          + "follow their neighbors")
    }
    var random = RandomStream(seed: seed, name: Self.kind)
    var weights =
      if let start {
        try ["start": start].matrix("start", units, matrix.columns)
      } else {
        self.start(matrix, &random)
      }
    switch training {
    case .online: learnOnline(matrix, &weights, &random, &facts, observe)
    case .batch: learnInBatches(matrix, &weights, &facts, observe)
    }
    guard weights.values.allSatisfy(\.isFinite) else {
      throw TrainingError.data(
        "\(Self.kind): the weights left the range of numbers; a smaller learningRate or another "
          + "neighborhood than \(neighborhood.rawValue) keeps them in it")
    }
    let found = NearestRows(matrix, to: weights).first
    let labels = (try? data.labels(for: Self.kind, least: 1))?.labels
    return FittedSelfOrganizingMap(
      settings: self, facts: facts, weights: weights,
      answers: UnitClasses(
        units: found, of: units, labels: labels, classCount: facts.classNames.count))
  }

  public static var samples: [ClassicSample<SelfOrganizingMap>] {
    let points = Tensor([
      [0, 0], [0, 1], [1, 0], [1, 1], [4, 4], [4, 5], [5, 4], [5, 5], [0, 5], [1, 4.5],
    ])
    let labels = Tensor([0, 0, 0, 0, 1, 1, 1, 1, 2, 2] as [Int32])
    let data = Dataset(
      name: "points", features: points, targets: .classes(labels, names: ["a", "b", "c"]))
    let images = Dataset(
      name: "images",
      features: Tensor((0..<5 * 6).map { Double($0 * 7 % 11) }, shape: [5, 2, 3]),
      targets: .values(Tensor.zeros([5, 0], type: .float64), names: []))
    return [
      ClassicSample(SelfOrganizingMap(rows: 3, columns: 2, epochs: 5), on: data),
      ClassicSample(
        SelfOrganizingMap(
          rows: 2, columns: 3, lattice: .hexagonal, training: .online, initial: .rows, epochs: 3,
          rateDecay: .exponential, scaling: .standard), on: data),
      ClassicSample(
        SelfOrganizingMap(
          rows: 2, columns: 2, training: .online, neighborhood: .mexicanHat, epochs: 2), on: images),
    ]
  }
}
