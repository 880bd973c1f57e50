/// A training rule that moves the vector of all weights at once, over all rows.
///
/// It sees training as a function of one vector w, the ``Objective``: it may ask for E(w), the
/// gradient, or the errors' Jacobian at any place, as often as it likes, before it moves. An iteration
/// is an epoch. It has no batches, no learning rate, no schedule and no clipping; it may end a run by
/// itself.
///
/// ```swift
/// let trainer = Trainer(model, loss: MeanSquaredError(), optimizer: LBFGS())
/// let result = try trainer.fit(training)
/// print(result.report.endReason ?? "")      // the gradient was at most 1e-06
/// ```
public protocol FullBatchRule: TrainingRule {
  /// A run of the rule, before its first iteration.
  ///
  /// - Parameter objective: What the iterations will make small. Nothing is known of its weights yet.
  /// - Throws: ``TrainingError`` where the rule cannot work on it, as one for sums of squares on
  ///   another loss.
  func session(for objective: Objective) throws -> any FullBatchSession
}

extension FullBatchRule {
  public var needsFullBatch: Bool { true }
}

/// A full-batch rule at work: what it remembers from iteration to iteration.
public protocol FullBatchSession {
  /// Moves the weights.
  ///
  /// - Parameters:
  ///   - weights: w; on return those that the iteration came to. They may be the same.
  ///   - objective: What is to become small.
  /// - Returns: E at the weights, and what is to be told.
  /// - Throws: What the objective throws.
  mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
    -> FullBatchIteration

  /// Everything that it remembers: with it and the weights, another session goes on to the same bits.
  var state: FullBatchState { get }

  /// Goes on from a state.
  ///
  /// - Throws: ``TrainingError`` where something is missing or has another size.
  mutating func restore(_ state: FullBatchState) throws
}

/// What one iteration came to.
public struct FullBatchIteration: Sendable {
  /// E, penalties included, at the weights that it came to.
  public var loss: Double
  /// What history, JSON and report tell of it.
  public var figures: [TrainingFigure]
  /// Why nothing is left to do, in words; nil where the rule would go on.
  public var end: String?

  public init(loss: Double, figures: [TrainingFigure] = [], end: String? = nil) {
    self.loss = loss
    self.figures = figures
    self.end = end
  }
}
