import Differentiation
import Execution
import GraphIR
import Layers
import Tensors

/// The graphs of one network: the training step, and the evaluation.
///
/// The training step is one graph: forward, loss, backward, update.
struct StepProgram {
  let model: any Layer
  let loss: any Loss
  let optimizer: any Optimizer
  let options: TrainingOptions
  /// The shape of one row.
  let inputShape: Shape
  /// The type of one row's target.
  let target: TensorType

  enum Name {
    static let input = "input"
    static let target = "target"
    static let learningRate = "learning rate"
    static let step = "step"
    static let loss = "loss"
    static let output = "output"
  }

  /// A graph, and what it declared on the way.
  struct Traced {
    let graph: Graph
    let parameters: [ParameterDeclaration]
    let states: [(name: String, type: TensorType)]
  }

  /// The training step for a batch of this many rows.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input or target.
  func training(batch: Int) throws -> Traced {
    let builder = GraphBuilder()
    let traced = trace(model, input: input(builder, batch: batch), training: true)
    let target = builder.input(Name.target, batchedTarget(batch))
    let data = loss(traced.output, target: target)
    let total =
      penalty(l1: options.l1, l2: options.l2, weights: traced.weights)
      .map { data + $0 } ?? data

    let gradients = options.clipping.apply(
      gradient(of: total, withRespectTo: traced.parameters))
    let rate = builder.input(Name.learningRate, TensorType(.scalar, .float64))
    let step = builder.input(Name.step, TensorType(.scalar, .float64))
    let states = OptimizerStates()
    for (index, declaration) in traced.declarations.enumerated() {
      let parameter = traced.parameters[index]
      let scope = OptimizerScope(
        learningRate: rate, step: step, parameter: parameter, parameterName: declaration.name,
        states: states)
      builder.at(path: declaration.name) {
        builder.update(
          parameter, with: optimizer.update(parameter, gradient: gradients[index], in: scope))
      }
    }
    builder.output(Name.loss, total)
    return Traced(
      graph: try builder.finish(), parameters: traced.declarations, states: states.all)
  }

  /// The evaluation of a batch of this many rows: outputs as predictions show them, and the loss
  /// without penalties, where there are targets.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input or target.
  func evaluation(batch: Int, hasTargets: Bool) throws -> Traced {
    let builder = GraphBuilder()
    let traced = trace(model, input: input(builder, batch: batch), training: false)
    builder.output(Name.output, loss.probabilities(traced.output))
    if hasTargets {
      let target = builder.input(Name.target, batchedTarget(batch))
      builder.output(Name.loss, loss(traced.output, target: target))
    }
    return Traced(graph: try builder.finish(), parameters: traced.declarations, states: [])
  }

  private func input(_ builder: GraphBuilder, batch: Int) -> Expression {
    builder.input(
      Name.input, TensorType(Shape([batch] + inputShape.dimensions), options.precision))
  }

  private func batchedTarget(_ batch: Int) -> TensorType {
    TensorType(Shape([batch] + target.shape.dimensions), target.scalarType)
  }
}
