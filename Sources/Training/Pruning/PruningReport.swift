/// What pruning did to a network.
public struct PruningReport: Codable, Hashable, Sendable {
  /// A weight, and what its removal was expected to cost.
  public struct Saliency: Codable, Hashable, Sendable {
    /// `hidden.weight[0,3]`.
    public var name: String
    /// Its value at that time.
    public var weight: Double
    /// The expected rise of the loss; for pruning by magnitude |w|.
    public var saliency: Double
  }

  /// What was removed between two looks at the curvature, and what came of it.
  public struct Step: Codable, Hashable, Sendable {
    /// In the order in which they went.
    public var removed: [Saliency]
    /// How many weights that may go are left.
    public var left: Int
    /// The loss after the removal.
    public var loss: Double
    /// The loss after training on; nil without.
    public var retrainedLoss: Double?

    /// The loss that the step ended with.
    public var finalLoss: Double { retrainedLoss ?? loss }
  }

  /// The rule with its settings: `surgeon(damping 0.0001)`.
  public var rule: String
  /// The data's name and the number of their rows.
  public var data: String
  public var rows: Int
  /// How many weights might go, before the first one did.
  public var candidates: Int
  /// How many numbers the network has, biases and what had been removed before among them.
  public var parameters: Int
  /// What each removal was expected to cost at first, cheapest first.
  public var saliencies: [Saliency]
  public var steps: [Step]
  /// The loss on the rows before the first removal.
  public var lossBefore: Double
  /// The share of rows that are classified rightly, before and after; nil for values.
  public var accuracyBefore: Double?
  public var accuracyAfter: Double?
  /// Why no more was removed: nil where as much went as was asked for.
  public var end: String?

  /// The loss on the rows after all.
  public var lossAfter: Double { steps.last?.finalLoss ?? lossBefore }
  /// How many weights went.
  public var removedCount: Int { steps.reduce(0) { $0 + $1.removed.count } }
}
