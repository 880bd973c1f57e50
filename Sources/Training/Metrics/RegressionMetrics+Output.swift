extension RegressionMetrics: CustomStringConvertible {
  /// The scores as an aligned table.
  ///
  /// ```
  ///         MAE    MSE     RMSE      R²  examples
  /// output  0.5  0.375  0.61237  0.9486         4
  /// ```
  public var description: String {
    var rows = [["", "MAE", "MSE", "RMSE", "R²", "examples"]]
    rows += outputs.map { output in
      [output.name]
        + [output.meanAbsoluteError, output.meanSquaredError, output.rootMeanSquaredError]
        .map(errorText) + [scoreText(output.rSquared), "\(output.count)"]
    }
    if outputs.count > 1 {
      rows.append(
        ["in all"] + [meanAbsoluteError, meanSquaredError, rootMeanSquaredError].map(errorText)
          + [scoreText(rSquared), "\(count)"])
    }
    return scoreTable(rows)
  }
}

private enum ScoreKey: String, CodingKey {
  case name, count, meanAbsoluteError, meanSquaredError, rootMeanSquaredError, rSquared
  case outputs, sums
}

private enum SumKey: String, CodingKey {
  case absoluteError, squaredError, targetMean, targetDeviation
}

extension RegressionMetrics: Codable {
  /// Writes the scores in all and for each output, and the sums that they follow from. A number
  /// that is infinite or NaN, as after a run that diverged, is written as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ScoreKey.self)
    try container.encode(count, forKey: .count)
    try container.encodeFinite(meanAbsoluteError, forKey: .meanAbsoluteError)
    try container.encodeFinite(meanSquaredError, forKey: .meanSquaredError)
    try container.encodeFinite(rootMeanSquaredError, forKey: .rootMeanSquaredError)
    try container.encodeFinite(rSquared, forKey: .rSquared)
    try container.encode(outputs, forKey: .outputs)
  }

  /// Reads the outputs' sums; the scores follow from them.
  ///
  /// - Throws: `DecodingError` where they are missing, or there are no outputs.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: ScoreKey.self)
    outputs = try container.decode([Output].self, forKey: .outputs)
    guard let first = outputs.first, first.count >= 0,
      outputs.allSatisfy({ $0.count == first.count })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .outputs, in: container,
        debugDescription: "found \(outputs.count) outputs; expected at least one, all with the "
          + "same number of examples")
    }
  }
}

extension RegressionMetrics.Output: Codable {
  /// Writes the scores, and the sums that they follow from.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ScoreKey.self)
    try container.encode(name, forKey: .name)
    try container.encode(count, forKey: .count)
    try container.encodeFinite(meanAbsoluteError, forKey: .meanAbsoluteError)
    try container.encodeFinite(meanSquaredError, forKey: .meanSquaredError)
    try container.encodeFinite(rootMeanSquaredError, forKey: .rootMeanSquaredError)
    try container.encodeFinite(rSquared, forKey: .rSquared)
    var sums = container.nestedContainer(keyedBy: SumKey.self, forKey: .sums)
    try sums.encodeFinite(absoluteError, forKey: .absoluteError)
    try sums.encodeFinite(squaredError, forKey: .squaredError)
    try sums.encodeFinite(targetMean, forKey: .targetMean)
    try sums.encodeFinite(targetDeviation, forKey: .targetDeviation)
  }

  /// Reads the sums; the scores follow from them.
  ///
  /// - Throws: `DecodingError` where one is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: ScoreKey.self)
    self.init(name: try container.decode(String.self, forKey: .name))
    count = try container.decode(Int.self, forKey: .count)
    let sums = try container.nestedContainer(keyedBy: SumKey.self, forKey: .sums)
    absoluteError = try sums.decodeFinite(forKey: .absoluteError)
    squaredError = try sums.decodeFinite(forKey: .squaredError)
    targetMean = try sums.decodeFinite(forKey: .targetMean)
    targetDeviation = try sums.decodeFinite(forKey: .targetDeviation)
  }
}
