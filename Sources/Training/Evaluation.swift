/// How well a model does on a data set.
public struct Evaluation: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The number of rows.
  public var count: Int
  /// The loss, averaged over the rows, without penalties.
  public var loss: Double
  /// Accuracy and all that belongs to it, where the targets are classes.
  public var classification: ClassificationMetrics?
  /// MAE, RMSE and R², in the units of the targets, where they are numbers.
  public var regression: RegressionMetrics?
  /// The targets of a row, where each step of a sequence has one; else nil. The loss and the
  /// accuracy are then means over all steps of all rows.
  public var steps: Int?
  /// The loss of a step in bits, E / ln 2, where the loss is the plain cross-entropy of sequences:
  /// the bits per character of a text.
  public var bitsPerStep: Double?

  /// The share of rows (or steps) whose class is right; nil where the targets are numbers.
  public var accuracy: Double? { classification?.accuracy }

  /// The loss and the metrics, in words and tables.
  public var description: String {
    let metrics = classification?.description ?? regression?.description ?? ""
    if let steps {
      return "loss \(loss.plainText) over \(count) rows of \(steps) steps"
        + (bitsPerStep.map { " (\($0.plainText) bits a step)" } ?? "") + "\n\(metrics)"
    }
    return "loss \(loss.plainText) over \(count) rows\n\(metrics)"
  }
}
