import Execution
import Layers
import Tensors

extension TrainedModel {
  /// The compiled plan that evaluates a batch: outputs and loss.
  ///
  /// - Throws: `GraphError` where the network does not fit its input.
  public func plan(batch: Int) throws -> Plan {
    try Plan(program(SGD()).evaluation(batch: batch, hasTargets: true).graph)
  }

  /// The compiled plan of a training step: forward, loss, backward and update.
  ///
  /// - Throws: `GraphError` where the network does not fit its input.
  public func trainingPlan(batch: Int, optimizer: any Optimizer) throws -> Plan {
    try Plan(program(optimizer).training(batch: batch).graph)
  }

  private func program(_ optimizer: any Optimizer) -> StepProgram {
    StepProgram(
      model: model, loss: loss, optimizer: optimizer,
      options: TrainingOptions(precision: precision), inputShape: inputShape, target: target)
  }
}
