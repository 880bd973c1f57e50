/// How many weights pruning takes out of a network, and what happens on the way.
public struct PruningPlan: Sendable {
  /// How many weights go.
  public enum Amount: Hashable, Sendable {
    /// A share of those that are there.
    case share(Double)
    /// So many.
    case count(Int)
  }

  /// Training between removals, which leaves what is removed at 0.
  public struct Retraining: Sendable {
    /// How often all rows are seen after each removal.
    public var epochs: Int
    /// How the weights are updated.
    public var optimizer: any Optimizer
    /// Rows of a step; nil for all.
    public var batchSize: Int?
    /// Where the order of the rows starts.
    public var seed: UInt64

    public init(
      epochs: Int, optimizer: any Optimizer = Adam(), batchSize: Int? = 32, seed: UInt64 = 0
    ) {
      self.epochs = epochs
      self.optimizer = optimizer
      self.batchSize = batchSize
      self.seed = seed
    }
  }

  public var amount: Amount
  /// Pruning stops before the loss on the rows is above this; nil never does.
  public var largestLoss: Double?
  /// How many weights go between two looks at the curvature; nil as the rule has it.
  public var step: Int?
  /// Whether biases may go too.
  public var includesBiases: Bool
  /// Training after each step; nil for none.
  public var retraining: Retraining?

  public init(
    _ amount: Amount, largestLoss: Double? = nil, step: Int? = nil, includesBiases: Bool = false,
    retraining: Retraining? = nil
  ) {
    self.amount = amount
    self.largestLoss = largestLoss
    self.step = step
    self.includesBiases = includesBiases
    self.retraining = retraining
  }

  /// How many of the weights that may go do go.
  ///
  /// - Throws: ``TrainingError`` where a setting makes no sense.
  func count(of candidates: Int) throws -> Int {
    func check(_ holds: Bool, _ name: String, _ found: String, _ expected: String) throws {
      guard holds else {
        throw TrainingError.setting(name: name, found: found, expected: expected)
      }
    }
    try check(
      largestLoss.map { $0.isFinite } ?? true, "the largest loss", "\(largestLoss ?? 0)",
      "a finite number")
    try check((step ?? 1) >= 1, "weights at a time", "\(step ?? 0)", "1 or more")
    switch amount {
    case .share(let share):
      try check(
        share > 0 && share < 1, "the share of weights to remove", shortText(share),
        "more than 0 and less than 1")
      return min(max(1, Int((share * Double(candidates)).rounded())), candidates)
    case .count(let count):
      try check(
        (1...max(1, candidates)).contains(count) && candidates > 0, "weights to remove", "\(count)",
        "1 to \(candidates), as many as are there")
      return count
    }
  }
}
