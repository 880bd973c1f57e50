import Execution
import Layers
import Tensors

extension TrainedModel {
  /// The compiled plan of a forward pass over a batch.
  ///
  /// - Throws: `GraphError` where the network does not fit its input.
  public func plan(batch: Int) throws -> Plan {
    try Plan(program(SGD()).forward(batch: batch))
  }

  /// The compiled plan of a training step: forward, loss, backward and update; of a rule that moves
  /// all weights at once, what it asks for most: forward, loss and backward.
  ///
  /// - Throws: `GraphError` where the network does not fit its input; ``TrainingError`` where it has no
  ///   objective for such a rule.
  public func trainingPlan(batch: Int, optimizer: any TrainingRule) throws -> Plan {
    let program = program(optimizer)
    return try optimizer is any FullBatchRule
      ? Plan(program.objective(rows: batch, .gradient).graph)
      : Plan(program.training(batch: batch).graph)
  }
}
