import Datasets
import Layers
import Tensors

extension TrainedModel {
  /// The model of a trainer before its first step: all but the parameters. Scalings are learned
  /// from the training rows.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where the data cannot be learned from, or the network's
  ///   outputs do not fit the targets; `GraphError` where it does not fit its input.
  init(untrained trainer: Trainer, _ training: Dataset, encoder: TableEncoder?) throws {
    guard training.count > 0 else { throw TrainingError.data("\(training.name) has no rows") }
    guard training.hasTargets else {
      throw TrainingError.data("\(training.name) has no targets to learn")
    }
    let outputs: Outputs =
      switch training.targets {
      case .classes(_, let names): .classes(names)
      case .values(_, let names): .values(names)
      }
    if case .classes(let names) = outputs {
      let present = training.classCounts.count { $0 > 0 }
      guard present > 1 else {
        throw TrainingError.data(
          "\(training.name) has rows of one class only"
            + (names.first.map { " (\($0))" } ?? "") + "; expected two or more")
      }
    }
    let scaling = try Scaling.learn(
      trainer.options.scaling ?? training.suggestedScaling, from: training)
    let targetScaling: Scaling =
      if case .values(let values, _) = training.targets {
        try .learn(trainer.options.targetScaling, from: values)
      } else {
        .none
      }
    self.init(
      model: trainer.model, loss: trainer.loss, parameters: ParameterSet(),
      inputShape: training.inputShape, precision: trainer.options.precision, outputs: outputs,
      featureNames: training.featureNames, scaling: scaling, targetScaling: targetScaling,
      encoder: encoder, form: training.form)
    try checkConsistency(steps: Shape(Array(training.targets.tensor.shape.dimensions.dropFirst())))
  }
}
