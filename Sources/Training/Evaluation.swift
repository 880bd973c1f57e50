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

  /// The share of rows whose class is right; nil where the targets are numbers.
  public var accuracy: Double? { classification?.accuracy }

  /// The loss and the metrics, in words and tables.
  public var description: String {
    let metrics = classification?.description ?? regression?.description ?? ""
    return "loss \(loss.plainText) over \(count) rows\n\(metrics)"
  }
}
