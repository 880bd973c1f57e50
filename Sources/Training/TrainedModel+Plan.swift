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

  /// The compiled plan of a training step: forward, loss, backward and update.
  ///
  /// - Throws: `GraphError` where the network does not fit its input.
  public func trainingPlan(batch: Int, optimizer: any Optimizer) throws -> Plan {
    try Plan(program(optimizer).training(batch: batch).graph)
  }
}
