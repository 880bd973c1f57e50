import Tensors

/// How far predicted numbers are from the actual ones, for each output and in all.
///
/// With targets t, predictions o and their number n, for each output:
/// MAE = Σ|t − o| / n, MSE = Σ(t − o)² / n, RMSE = √MSE, R² = 1 − Σ(t − o)² / Σ(t − t̄)².
/// Where all targets of an output are equal, R² is 1 for perfect predictions and else 0. In all,
/// MAE, MSE and R² are the plain means over the outputs, and RMSE is the root of that MSE. Without
/// examples everything is 0.
///
/// ```swift
/// let metrics = try RegressionMetrics(targets: [3, -0.5, 2, 7], predictions: [2.5, 0, 2, 8])
/// print(metrics.meanAbsoluteError)      // 0.5
/// ```
public struct RegressionMetrics: Hashable, Sendable {
  /// The scores of one output.
  public internal(set) var outputs: [Output]

  /// Metrics of no examples yet.
  ///
  /// - Parameter outputNames: A name for each output; `["output"]` unless told otherwise.
  /// - Throws: ``TrainingError`` without outputs.
  public init(outputNames: [String] = ["output"]) throws {
    guard !outputNames.isEmpty else {
      throw metricError(found: "no outputs", expected: "at least one")
    }
    outputs = outputNames.map { Output(name: $0) }
  }

  /// Metrics of one output's examples.
  ///
  /// - Throws: ``TrainingError`` where the two lists differ in length.
  public init(targets: [Double], predictions: [Double]) throws {
    try self.init()
    try add(targets: targets, predictions: predictions)
  }

  /// Metrics of examples.
  ///
  /// - Parameters:
  ///   - targets: An example a row (the first axis); the elements of a row are its outputs.
  ///   - predictions: A tensor of the same shape.
  ///   - outputNames: A name for each output; unless told otherwise numbers from 0, or `output`
  ///     where there is but one.
  /// - Throws: ``TrainingError`` where the shapes differ, or the names are not as many as outputs.
  public init(targets: Tensor, predictions: Tensor, outputNames: [String]? = nil) throws {
    let width = Shape(Array(targets.shape.dimensions.dropFirst())).count
    let names = width == 1 ? ["output"] : (0..<width).map { "output \($0)" }
    try self.init(outputNames: outputNames ?? names)
    try add(targets: targets, predictions: predictions)
  }

  /// Adds examples of the only output; none of them where it throws.
  ///
  /// - Throws: ``TrainingError`` where the two lists differ in length, or there are more outputs.
  public mutating func add(targets: [Double], predictions: [Double]) throws {
    try add(targets: Tensor(targets), predictions: Tensor(predictions))
  }

  /// Adds examples; none of them where it throws.
  ///
  /// - Parameters:
  ///   - targets: An example a row (the first axis); the elements of a row are its outputs.
  ///   - predictions: A tensor of the same shape.
  /// - Throws: ``TrainingError`` where the shapes differ or do not fit the number of outputs.
  public mutating func add(targets: Tensor, predictions: Tensor) throws {
    guard targets.shape == predictions.shape else {
      throw metricError(
        found: "targets of shape \(targets.shape), predictions of shape \(predictions.shape)",
        expected: "predictions of the targets' shape")
    }
    let width = Shape(Array(targets.shape.dimensions.dropFirst())).count
    guard width == outputs.count else {
      throw metricError(
        found: "\(width) output\(width == 1 ? "" : "s") in shape \(targets.shape)",
        expected: "\(outputs.count)")
    }
    for (offset, (target, prediction)) in zip(targets.doubles, predictions.doubles).enumerated() {
      outputs[offset % width].add(target: target, prediction: prediction)
    }
  }
}

// MARK: - Scores

extension RegressionMetrics {
  /// The running sums of one output, and the scores that follow from them.
  public struct Output: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// n, the number of examples.
    public internal(set) var count = 0
    /// Σ|t − o|.
    var absoluteError = 0.0
    /// Σ(t − o)².
    var squaredError = 0.0
    /// t̄, the mean target so far.
    var targetMean = 0.0
    /// Σ(t − t̄)², kept up example by example (Welford 1962, doi:10.1080/00401706.1962.10490022).
    var targetDeviation = 0.0

    init(name: String) { self.name = name }

    mutating func add(target: Double, prediction: Double) {
      count += 1
      let error = target - prediction
      absoluteError += error.magnitude
      squaredError += error * error
      let distance = target - targetMean
      targetMean += distance / Double(count)
      targetDeviation += distance * (target - targetMean)
    }

    /// MAE, in the target's unit.
    public var meanAbsoluteError: Double { count == 0 ? 0 : absoluteError / Double(count) }
    /// MSE, in the square of the target's unit.
    public var meanSquaredError: Double { count == 0 ? 0 : squaredError / Double(count) }
    /// RMSE, in the target's unit.
    public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
    /// R²: 1 for perfect predictions, 0 for none better than the mean target, below 0 for worse.
    /// Where all targets are equal it is 1 for perfect predictions and else 0.
    public var rSquared: Double {
      if count == 0 { return 0 }
      if targetDeviation == 0 { return squaredError == 0 ? 1 : 0 }
      return 1 - squaredError / targetDeviation
    }
  }

  /// The number of examples.
  public var count: Int { outputs.first?.count ?? 0 }
  /// The outputs' mean MAE.
  public var meanAbsoluteError: Double { mean(\.meanAbsoluteError) }
  /// The outputs' mean MSE.
  public var meanSquaredError: Double { mean(\.meanSquaredError) }
  /// The root of the outputs' mean MSE.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
  /// The outputs' mean R².
  public var rSquared: Double { mean(\.rSquared) }

  private func mean(_ score: (Output) -> Double) -> Double {
    outputs.reduce(0) { $0 + score($1) } / Double(outputs.count)
  }
}
