import Datasets
import Tensors
import Training

/// Kosko's bidirectional associative memory: pairs of patterns, each recalled from the other.
///
/// Pairs (x, y) of −1 and 1 are stored as W = Σ xᵀ y. Recall goes forth and back, y ← sign(x W),
/// x ← sign(y Wᵀ), each keeping what it is where the sum is 0, until neither changes; the energy
/// E = −x W yᵀ never rises on the way, whatever W is, so that every recall comes to rest. An unknown side
/// starts as zeros. About as many pairs as the smaller side has units can be stored at most, far fewer
/// where patterns resemble one another.
///
/// x is a row and y its targets: zeros and ones, −1 and 1, or a code for its class: a row of Hadamard's
/// matrix (`orthogonal`: no two codes resemble each other, so that a class alone recalls the sum of its
/// rows), or 1 at the class's own place and −1 at all others (`oneHot`). A class is answered by the code
/// nearest to y.
///
/// Source: B. Kosko, "Bidirectional associative memories", IEEE Transactions on Systems, Man, and
/// Cybernetics 18 (1988), doi:10.1109/21.87054.
public struct BidirectionalAssociativeMemory: ClassicNetwork {
  public static let kind = "bidirectional-associative-memory"
  public static let shortNames = ["bam"]
  public static let purpose = "pairs of patterns, each recalled from the other or a noisy copy"
  public static let meanings: SettingMeanings = [
    ("classCodes", "orthogonal or oneHot: what stands for a class"),
    ("sweeps", "times forth and back at most in a recall"),
    (
      "threshold",
      "values above it count as 1, others as −1; where none is given, rows must be binary"
    ),
    ("targetThreshold", "the same for targets that are numbers"),
  ]

  /// What stands for a class.
  public enum ClassCodes: String, Codable, Hashable, Sendable, CaseIterable {
    case orthogonal, oneHot

    /// A code of −1 and 1 for each class.
    func codes(_ classes: Int) -> Matrix {
      switch self {
      case .oneHot:
        var codes = Matrix.identity(classes)
        codes.values = codes.values.map { 2 * $0 - 1 }
        return codes
      case .orthogonal:
        let width = width(classes)
        // The first row of Hadamard's matrix, of ones alone, stands for none.
        return Matrix(
          rows: classes, columns: width,
          (1...max(classes, 1)).prefix(classes).flatMap { row in
            (0..<width).map { (row & $0).nonzeroBitCount % 2 == 0 ? 1.0 : -1 }
          })
      }
    }

    /// The numbers in a code.
    func width(_ classes: Int) -> Int {
      guard self == .orthogonal else { return classes }
      var width = 4
      while width <= classes { width *= 2 }
      return width
    }
  }

  /// The classes that may have codes.
  static let mostClasses = 1024

  public var classCodes: ClassCodes
  public var sweeps: Int
  public var threshold: Double?
  public var targetThreshold: Double?

  public init() { self.init(sweeps: 100) }

  public init(
    classCodes: ClassCodes = .orthogonal, sweeps: Int = 100, threshold: Double? = nil,
    targetThreshold: Double? = nil
  ) {
    self.classCodes = classCodes
    self.sweeps = sweeps
    self.threshold = threshold
    self.targetThreshold = targetThreshold
  }

  public var problem: String? {
    if !(1...100_000).contains(sweeps) { return "sweeps is \(sweeps), expected 1 to 100000" }
    for (name, value) in [("threshold", threshold), ("targetThreshold", targetThreshold)] {
      if let value, !value.isFinite { return "\(name) is \(value), expected a finite number" }
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedBidirectionalAssociativeMemory
  {
    try check()
    let plain = try data.matrix(for: Self.kind)
    let (rows, coding) = try BinaryCoding.read(
      plain, of: data.name, for: Self.kind, threshold: threshold)
    let answers: Matrix
    var targetCoding = BinaryCoding.zeroOne
    if case .classes = data.targets {
      let (labels, names) = try data.labels(for: Self.kind)
      guard names.count <= Self.mostClasses else {
        throw TrainingError.data(
          "\(data.name): found \(names.count) classes, expected at most \(Self.mostClasses)")
      }
      answers = classCodes.codes(names.count).picking(labels)
    } else {
      (answers, targetCoding) = try BinaryCoding.read(
        try data.targetMatrix(for: Self.kind), of: "\(data.name), targets", for: Self.kind,
        threshold: targetThreshold)
    }
    guard rows.columns <= 1 << 16, answers.columns <= 1 << 16 else {
      throw TrainingError.data(
        "\(data.name): found pairs of \(rows.columns) and \(answers.columns) numbers, "
          + "\(Self.kind) expects at most 65536")
    }
    var facts = BidirectionalFacts(
      common: ClassicFacts(data), coding: coding, targetCoding: targetCoding,
      outputs: answers.columns)
    let smaller = min(rows.columns, answers.columns)
    let pairs = Set((0..<rows.rows).map { Array(rows[row: $0]) + Array(answers[row: $0]) }).count
    if pairs > smaller, data.classNames.isEmpty {
      facts.common.warnings.append(
        "\(pairs) different pairs are more than the \(smaller) units of the smaller side: few are "
          + "recalled")
    }
    let weights = rows.times(answers, transposed: true)
    let fitted = FittedBidirectionalAssociativeMemory(
      settings: self, facts: facts, weights: weights)
    let lost = fitted.unstablePairs(rows, answers)
    observe(ClassicProgress(epoch: 1, [ClassicFigure("pairs that do not rest", Double(lost))]))
    return fitted.warning(
      lost == 0 ? nil : "\(lost) of \(rows.rows) pairs are not at rest: recall leaves them")
  }

  public static var samples: [ClassicSample<BidirectionalAssociativeMemory>] {
    let rows = Tensor([[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0]])
    let values = Dataset.Targets.values(Tensor([[1, 1, 0, 0], [1, 0, 1, 0]]), names: [])
    let classes = Dataset.Targets.classes(Tensor([0, 1] as [Int32]), names: ["comb", "half"])
    return [
      ClassicSample(
        BidirectionalAssociativeMemory(),
        on: Dataset(name: "pairs", features: rows, targets: values)),
      ClassicSample(
        BidirectionalAssociativeMemory(classCodes: .oneHot, threshold: 0.5),
        on: Dataset(name: "strokes", features: rows, targets: classes)),
    ]
  }
}

/// How a bidirectional associative memory went from a pattern to a pair that rests.
public struct BidirectionalRecall: Hashable, Sendable {
  /// The pair at the end, of −1 and 1; 0 where nothing speaks for either.
  public var x: [Double]
  public var y: [Double]
  /// The energy after each half of the way forth and back.
  public var energies: [Double]
  /// Whether nothing changed any more.
  public var isAtRest: Bool
}

/// What a bidirectional associative memory remembers beside its weights.
public struct BidirectionalFacts: Codable, Sendable {
  public var common: ClassicFacts
  var coding: BinaryCoding
  var targetCoding: BinaryCoding
  /// The numbers in a target.
  var outputs: Int
}
