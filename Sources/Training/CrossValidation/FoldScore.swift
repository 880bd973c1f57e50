/// How a run did on the rows of the fold that it did not learn from.
public struct FoldScore: Codable, Hashable, Sendable {
  /// The fold's number, from 1.
  public var fold: Int
  /// Its rows.
  public var rows: Int
  /// Finished epochs.
  public var epochs = 0
  /// The loss on its rows, without penalties; nil where the run failed.
  public var loss: Double?
  /// The share of its rows whose class is right.
  public var accuracy: Double?
  /// The root mean squared error on its rows, in the units of the targets, where they are numbers.
  public var rootMeanSquaredError: Double?
  /// Why the run failed, in words.
  public var failure: String?
}

/// How one λ did over all folds.
public struct PenaltyScore: Codable, Hashable, Sendable {
  /// λ of the penalty ½ λ Σw².
  public var l2: Double
  /// The folds, in order.
  public var folds: [FoldScore]

  /// A mean over the folds, and its standard error.
  public struct Estimate: Codable, Hashable, Sendable {
    public var mean: Double
    public var standardError: Double

    /// The mean of some numbers; nil where there are none.
    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let count = Double(values.count)
      let center = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      mean = center
      standardError = count > 1 ? (squares / (count - 1) / count).squareRoot() : 0
    }
  }

  /// The loss; nil where a run failed.
  public var loss: Estimate? { estimate(\.loss) }
  /// The accuracy, for classes.
  public var accuracy: Estimate? { estimate(\.accuracy) }
  /// The root mean squared error, for numbers.
  public var rootMeanSquaredError: Estimate? { estimate(\.rootMeanSquaredError) }

  private func estimate(_ figure: KeyPath<FoldScore, Double?>) -> Estimate? {
    let values = folds.compactMap { $0[keyPath: figure] }
    return values.count == folds.count ? Estimate(values) : nil
  }
}
