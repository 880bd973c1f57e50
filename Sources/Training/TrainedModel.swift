import Datasets
import Execution
import GraphIR
import Layers
import Tensors

/// A network with its parameters, and all that it needs to be used: what it expects, how features
/// are scaled, and what its outputs mean.
public struct TrainedModel: Sendable {
  /// What the outputs mean.
  public enum Outputs: Hashable, Sendable {
    /// One output for each of these classes (or one for two); for each step of a sequence, where the
    /// outputs have steps.
    case classes([String])
    /// Numbers with these names.
    case values([String])

    /// The names of the classes or values.
    public var names: [String] {
      switch self {
      case .classes(let names), .values(let names): names
      }
    }
  }

  /// The architecture.
  public var model: any Layer
  /// The loss that it was trained with, which says how outputs become predictions.
  public var loss: any Loss
  /// The parameters, by path.
  public var parameters: ParameterSet
  /// The shape of one row of features.
  public var inputShape: Shape
  /// The type that it computes in.
  public var precision: ScalarType
  /// What the outputs mean.
  public var outputs: Outputs
  /// The names of the features; empty for images.
  public var featureNames: [String]
  /// How features are scaled.
  public var scaling: Scaling
  /// How the targets of a regression were scaled.
  public var targetScaling: Scaling
  /// How a table's cells become features; nil where the data were no table.
  public var encoder: TableEncoder?
  /// What a row is, where rows are stretches of a text or of a time series; else nil.
  public var form: RowForm?
  /// The weights that pruning has taken out.
  public var removed: RemovedWeights
  /// What a later run needs to go on from here; nil where the model did not come from a run.
  public var checkpoint: Checkpoint?

  public init(
    model: any Layer, loss: any Loss, parameters: ParameterSet, inputShape: Shape,
    precision: ScalarType = .float32, outputs: Outputs, featureNames: [String] = [],
    scaling: Scaling = .none, targetScaling: Scaling = .none, encoder: TableEncoder? = nil,
    form: RowForm? = nil, checkpoint: Checkpoint? = nil,
    removed: RemovedWeights = RemovedWeights()
  ) {
    self.model = model
    self.loss = loss
    self.parameters = parameters
    self.inputShape = inputShape
    self.precision = precision
    self.outputs = outputs
    self.featureNames = featureNames
    self.scaling = scaling
    self.targetScaling = targetScaling
    self.encoder = encoder
    self.form = form
    self.checkpoint = checkpoint
    self.removed = removed
  }

  /// What the model says of rows of features: probabilities, where its loss defines them, else its
  /// outputs, in the units of the targets. It is compiled anew each time; ``Predictor`` keeps that.
  ///
  /// - Parameter features: Unscaled features, [rows] + ``inputShape``.
  /// - Returns: [rows, outputs].
  /// - Throws: ``TrainingError/data(_:)`` where the rows have another shape.
  public func predict(_ features: Tensor, threads: Int? = nil) throws -> Tensor {
    try Predictor(self, threads: threads).predict(features)
  }

  /// The class that each row of predictions names, or each step of each row.
  ///
  /// - Parameter predictions: What ``predict(_:threads:)`` returned.
  public func classes(of predictions: Tensor) -> [Int] {
    let width = predictions.shape[-1]
    let values = predictions.doubles
    return (0..<(width == 0 ? 0 : values.count / width)).map { row in
      let scores = values[row * width..<(row + 1) * width]
      if width == 1 { return scores[row] >= loss.decisionThreshold ? 1 : 0 }
      return scores.indices.max { scores[$0] < scores[$1] }! - row * width
    }
  }

  /// How well the model does on a data set.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where the data do not fit the model.
  public func evaluate(_ data: Dataset, threads: Int? = nil) throws -> Evaluation {
    try evaluate(data, threads: threads, plans: PlanCache())
  }

  /// The same with plans that other evaluations of the network share.
  func evaluate(_ data: Dataset, threads: Int?, plans: PlanCache) throws -> Evaluation {
    try check(data.inputShape.prefixed(by: data.count))
    let evaluator = try Evaluator(self, threads: threads, plans: plans)
    let prepared = try PreparedData(data, for: self)
    return try evaluator.evaluate(prepared, for: self)
  }

  func check(_ shape: Shape) throws {
    let row = Shape(Array(shape.dimensions.dropFirst()))
    guard shape.rank >= 1, row == inputShape else {
      throw TrainingError.data(
        "the rows have \(row.count) features (shape \(row)), "
          + "the model expects \(inputShape.count) (shape \(inputShape))")
    }
  }
}

extension Shape {
  /// The shape of so many of these.
  func prefixed(by count: Int) -> Shape { Shape([count] + dimensions) }
}
