import Layers

extension TrainingRun {
  /// The settings that a resumed run must share, as text.
  static func settings(
    _ trainer: Trainer, _ model: TrainedModel, _ training: PreparedData,
    _ validation: PreparedData?
  ) throws -> [String: String] {
    var options = trainer.options
    // More epochs may be asked for, unless the learning rates depend on their number.
    if !options.schedule.schedule.dependsOnLength { options.epochs = 0 }
    options.patience = nil
    return [
      "the network": try jsonText(LayerBox(trainer.model)),
      "the loss": try jsonText(LossBox(trainer.loss)),
      "the optimizer": try jsonText(OptimizerBox(trainer.optimizer)),
      "the settings": try jsonText(options),
      "the scaling": try jsonText(model.scaling),
      "the training data": String(training.fingerprint, radix: 16),
      "the validation data": validation.map { String($0.fingerprint, radix: 16) } ?? "none",
    ]
  }
}
