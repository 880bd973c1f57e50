import Execution
import GraphIR
import Tensors

extension Trainer {
  /// The plan of a training step – forward, loss, backward, update – without any memory for it.
  ///
  /// - Parameters:
  ///   - batch: Rows of a batch.
  ///   - input: The shape of one row.
  ///   - target: The type of one row's target: `TensorType([], .int32)` for a class number.
  /// - Throws: ``TrainingError`` where a setting makes no sense, or the rule moves all weights at once;
  ///   `GraphError` where the network does not fit its input or target; `ExecutionError` where sizes
  ///   are too large to count.
  public func plan(batch: Int, input: Shape, target: TensorType) throws -> Plan {
    try options.validate()
    try optimizer.check()
    return try Plan(program(input, target).training(batch: batch).graph)
  }

  /// The plan of a forward pass as predictions take it, without any memory for it.
  ///
  /// - Throws: As ``plan(batch:input:target:)``.
  public func forwardPlan(batch: Int, input: Shape, target: TensorType) throws -> Plan {
    try Plan(program(input, target).forward(batch: batch))
  }

  /// The graphs of the network for rows and targets of these types.
  func program(_ input: Shape, _ target: TensorType) -> StepProgram {
    StepProgram(
      model: model, loss: loss, optimizer: optimizer, options: options, inputShape: input,
      target: target)
  }
}
