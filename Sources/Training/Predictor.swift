import Tensors

/// A model made ready to predict, as often as wanted: compiled once for each number of rows.
///
/// ```swift
/// let predictor = try Predictor(TrainedModel(contentsOf: "digits.safetensors"))
/// let probabilities = try predictor.predict(images)
/// ```
///
/// A predictor is used by one thread at a time.
public final class Predictor {
  /// What predicts.
  public let model: TrainedModel
  private let evaluator: Evaluator

  /// - Parameter threads: Threads to use at most; all processors by default.
  /// - Throws: `LayerError` or `GraphError` where the parameters do not fit the architecture.
  public init(_ model: TrainedModel, threads: Int? = nil) throws {
    self.model = model
    evaluator = try Evaluator(model, threads: threads)
  }

  /// What the model says of rows of features: probabilities, where its loss defines them, else its
  /// outputs, in the units of the targets.
  ///
  /// - Parameter features: Unscaled features, [rows] + `model.inputShape`.
  /// - Returns: [rows, outputs].
  /// - Throws: ``TrainingError/data(_:)`` where the rows have another shape.
  public func predict(_ features: Tensor) throws -> Tensor {
    try model.check(features.shape)
    let scaled = try model.scaling.apply(to: features).cast(to: model.precision)
    return try model.targetScaling.inverse(of: evaluator.predict(scaled))
  }
}
