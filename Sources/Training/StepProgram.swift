import Differentiation
import Execution
import GraphIR
import Layers
import Tensors

/// The graphs of one network: the training step, the forward pass, and what follows from outputs.
///
/// The training step is one graph: forward, loss, backward, update.
struct StepProgram {
  let model: any Layer
  let loss: any Loss
  let optimizer: any TrainingRule
  let options: TrainingOptions
  /// The shape of one row.
  let inputShape: Shape
  /// The type of one row's target.
  let target: TensorType
  /// Weights that stay at 0.
  var removed = RemovedWeights()

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
    /// Those states that do not begin as zeros.
    var startingStates: [String: Tensor] = [:]
    /// What a step leaves to the next one.
    var carried: [(name: String, type: TensorType)] = []

    /// Sets the states that do not begin as zeros. A run has several steps, for batches of several
    /// sizes: what is there already stays.
    func setStartingStates(in variables: VariableStore) throws {
      guard !startingStates.isEmpty else { return }
      let known = Set(variables.names)
      for (name, value) in startingStates where !known.contains(name) {
        try variables.set(name, value)
      }
    }
  }

  /// The training step for a batch of this many rows.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input or target; ``TrainingError``
  ///   where the rule has no update for each parameter.
  func training(batch: Int) throws -> Traced {
    let optimizer = try Optimizers.batchwise(optimizer)
    let builder = GraphBuilder()
    let traced = trace(
      model, input: builder.input(Name.input, batchedInput(batch)), training: true)
    let target = builder.input(Name.target, batchedTarget(batch))
    let total = total(traced, target: target)

    for carried in traced.carried where carried.value.id != carried.variable.id {
      builder.update(carried.variable, with: carried.value)
    }
    return try Self.finish(
      builder, traced, minimizing: total, reporting: total, optimizer, options.clipping,
      removed: removed, carried: traced.carried.map { ($0.name, $0.variable.type) })
  }

  /// What training makes small: the loss with all penalties.
  func total(_ traced: ModelTrace, target: Expression) -> Expression {
    let penalties = [
      penalty(l1: options.l1, l2: options.l2, weights: traced.weights), traced.penalty,
    ]
    return penalties.compactMap { $0 }.reduce(loss(traced.output, target: target), +)
  }

  /// Writes the updates of a network's parameters and states, and finishes the graph of the step.
  ///
  /// - Parameters:
  ///   - total: What the parameters are to make small.
  ///   - loss: What the step gives as its loss.
  ///   - removed: Weights that stay at 0: their gradients count as 0 too.
  /// - Throws: `GraphError`, the first thing that did not fit.
  static func finish(
    _ builder: GraphBuilder, _ traced: ModelTrace, minimizing total: Expression,
    reporting loss: Expression, _ optimizer: any Optimizer,
    _ clipping: GradientClipping = .none, removed: RemovedWeights = RemovedWeights(),
    carried: [(name: String, type: TensorType)] = []
  ) throws -> Traced {
    let trained = traced.declarations.indices.filter { traced.declarations[$0].isTrained }
    let masks = trained.map { index in
      let declaration = traced.declarations[index]
      return removed.mask(
        declaration.name, declaration.type.shape, declaration.type.scalarType
      ).map { builder.constant($0) }
    }
    let slopes = gradient(of: total, withRespectTo: trained.map { traced.parameters[$0] })
    let gradients = clipping.apply(
      zip(slopes, masks).map { slope, mask in mask.map { slope * $0 } ?? slope })
    let rate = builder.input(Name.learningRate, TensorType(.scalar, .float64))
    let step = builder.input(Name.step, TensorType(.scalar, .float64))
    let states = OptimizerStates()
    for (index, (gradient, mask)) in zip(trained, zip(gradients, masks)) {
      let (declaration, parameter) = (traced.declarations[index], traced.parameters[index])
      let scope = OptimizerScope(
        learningRate: rate, step: step, parameter: parameter, parameterName: declaration.name,
        states: states, loss: total)
      builder.at(path: declaration.name) {
        let next = optimizer.update(parameter, gradient: gradient, in: scope)
        builder.update(parameter, with: mask.map { next * $0 } ?? next)
      }
    }
    for (state, value) in traced.stateUpdates { builder.update(state, with: value) }
    builder.output(Name.loss, loss)
    return Traced(
      graph: try builder.finish(), parameters: traced.declarations, states: states.all,
      startingStates: states.startingValues, carried: carried)
  }

  /// The forward pass over a batch of this many rows, without what is for training only.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input.
  func forward(batch: Int) throws -> Graph {
    let builder = GraphBuilder()
    let traced = trace(
      model, input: builder.input(Name.input, batchedInput(batch)), training: false)
    builder.output(Name.output, traced.output)
    return try builder.finish()
  }

  /// The forward pass, and what a prediction shows of its outputs.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input.
  func prediction(batch: Int) throws -> Graph {
    let builder = GraphBuilder()
    let traced = trace(
      model, input: builder.input(Name.input, batchedInput(batch)), training: false)
    builder.output(Name.output, loss.probabilities(traced.output))
    return try builder.finish()
  }

  /// The shape of what a prediction shows of one row.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input.
  func predictionShape() throws -> Shape {
    loss.predictionShape(of: try model.outputShape(input: inputShape))
  }

  /// What follows from the outputs of rows and their targets: predictions as they are shown, and
  /// the loss without penalties.
  ///
  /// - Throws: `GraphError`, where the outputs do not fit the loss or the targets.
  func judgment(_ shape: Shape) throws -> Graph {
    let builder = GraphBuilder()
    let outputs = builder.input(Name.output, TensorType(shape, options.precision))
    builder.output(Name.output, loss.probabilities(outputs))
    let target = builder.input(Name.target, batchedTarget(shape[0]))
    builder.output(Name.loss, loss(outputs, target: target))
    return try builder.finish()
  }

  func batchedInput(_ batch: Int) -> TensorType {
    TensorType(Shape([batch] + inputShape.dimensions), options.precision)
  }

  func batchedTarget(_ batch: Int) -> TensorType {
    TensorType(Shape([batch] + target.shape.dimensions), target.scalarType)
  }
}
