import Differentiation
import Execution
import GraphIR
import Layers
import Tensors
import Training

/// A training step of a problem as one graph, with the places of all that a derivation speaks of.
struct StepGraph {
  enum Name {
    static let input = "input"
    static let target = "target"
    static let learningRate = "learning rate"
    static let step = "step"
    static let total = "E"
  }

  let graph: Graph
  let problem: Problem
  let calls: [LayerCall]
  let declarations: [ParameterDeclaration]
  /// The variables' nodes, by the parameters' names.
  let parameters: [String: Node.ID]
  let input: Node.ID
  let target: Node.ID
  let output: Node.ID
  /// E, with the penalty.
  let total: Node.ID
  /// What the loss makes of the output, where that is something else.
  let probabilities: Node.ID?
  /// ∂E/∂value, by the node of the value.
  let gradients: [Node.ID: Node.ID]
  /// What each parameter's update takes as ∂E/∂w.
  let parameterGradients: [String: Node.ID]
  let learningRate: Node.ID
  let step: Node.ID
  let states: OptimizerStates
  /// The update of each parameter that is updated, the last layer's first.
  let updates: [Update]

  /// The part of the graph that updates one parameter.
  struct Update {
    let parameter: String
    /// The nodes of the optimizer's rule.
    let nodes: Range<Node.ID>
    /// The parameter's next value.
    let value: Node.ID
    /// The states' nodes, by those of their next values.
    let newStates: [Node.ID: Node.ID]
  }

  /// - Parameters:
  ///   - problem: What is learned.
  ///   - isWrittenOut: Whether the update is in the form of the texts rather than the cheapest.
  ///   - values: Nodes whose gradients are wanted beside those of the parameters, from the forward
  ///     part: that part alone is given.
  /// - Throws: `GraphError` where the network does not fit its input or target.
  init(
    _ problem: Problem, isWrittenOut: Bool = true,
    gradientsOf values: (Graph, ModelTrace) throws -> [Node.ID] = { _, _ in [] }
  ) throws {
    self.problem = problem
    let builder = GraphBuilder(writesLoopsOut: true)
    let input = builder.input(Name.input, problem.input.type)
    let traced = trace(problem.model, input: input, training: false)
    let target = builder.input(Name.target, problem.target.type)
    let data = problem.loss(traced.output, target: target)
    let total =
      penalty(l1: problem.l1, l2: problem.l2, weights: traced.weights).map { data + $0 } ?? data
    let shown = problem.loss.probabilities(traced.output)
    builder.output(Name.total, total)

    let forward = try builder.finish()
    let nodes = try values(forward, traced).filter { $0 < total.id }
    let wanted = traced.parameters + nodes.map { Expression(builder: builder, id: $0) }
    let slopes = gradient(of: total, withRespectTo: wanted)

    let rate = builder.input(Name.learningRate, TensorType(.scalar, .float64))
    let step = builder.input(Name.step, TensorType(.scalar, .float64))
    let states = OptimizerStates()
    var parameterGradients: [String: Node.ID] = [:]
    var replaced: [Node.ID: Expression] = [:]
    var waiting: [Node.ID: Expression] = [:]
    var layer: String?
    var updates: [(parameter: String, nodes: Range<Node.ID>, value: Node.ID)] = []
    // Parameters are listed from the first layer on; the last one's are updated first.
    for index in traced.declarations.indices.reversed() {
      let (declaration, parameter) = (traced.declarations[index], traced.parameters[index])
      if declaration.layer != layer {
        replaced.merge(waiting) { $1 }
        (layer, waiting) = (declaration.layer, [:])
      }
      let slope =
        problem.order == .sequential
        ? slopes[index].rewritten(after: total.id, replacing: replaced, computed: &waiting)
        : slopes[index]
      parameterGradients[declaration.name] = slope.id
      guard declaration.isTrained, !problem.fixed.contains(declaration.name) else { continue }
      let scope = OptimizerScope(
        learningRate: rate, step: step, parameter: parameter, parameterName: declaration.name,
        states: states, isWrittenOut: isWrittenOut, loss: total)
      let first = builder.nodes.count
      let next = problem.optimizer.update(parameter, gradient: slope, in: scope)
      builder.update(parameter, with: next)
      updates.append((declaration.name, first..<builder.nodes.count, next.id))
      waiting[parameter.id] = next
    }

    let graph = try builder.finish()
    self.graph = graph
    self.updates = updates.map { update in
      let states = graph.updates.filter { update.nodes.contains($0.variable) }
      return Update(
        parameter: update.parameter, nodes: update.nodes, value: update.value,
        newStates: Dictionary(
          states.map { ($0.value, $0.variable) }, uniquingKeysWith: { first, _ in first }))
    }
    calls = traced.calls
    declarations = traced.declarations
    parameters = Dictionary(
      uniqueKeysWithValues: zip(traced.declarations.map(\.name), traced.parameters.map(\.id)))
    self.input = input.id
    self.target = target.id
    output = traced.output.id
    self.total = total.id
    probabilities = shown.id == traced.output.id ? nil : shown.id
    gradients = Dictionary(
      zip(wanted.map(\.id), slopes.map(\.id)), uniquingKeysWith: { first, _ in first })
    self.parameterGradients = parameterGradients
    learningRate = rate.id
    self.step = step.id
    self.states = states
  }

  /// The values of a run, by name: parameters, data, settings, and states as they begin.
  ///
  /// - Parameter parameters: The parameters, where they are not the problem's.
  func values(_ parameters: ParameterSet? = nil, step: Int = 1) -> [String: Tensor] {
    var result = (parameters ?? problem.parameters).tensors
    result.merge(states.initialValues) { $1 }
    result[Name.input] = problem.input
    result[Name.target] = problem.target
    result[Name.learningRate] = Tensor(problem.optimizer.learningRate)
    result[Name.step] = Tensor(Double(step))
    return result
  }
}

extension ParameterDeclaration {
  /// The path of the layer that declared it.
  var layer: String { name.split(separator: ".").dropLast().joined(separator: ".") }
}

extension Expression {
  /// The same computation with other values for some nodes, in all of it that comes after a node.
  ///
  /// - Parameter computed: Receives what each node on the way has become, so that what was computed
  ///   once, such as a layer's δ, stays as it was when more values are replaced.
  fileprivate func rewritten(
    after first: Node.ID, replacing values: [Node.ID: Expression],
    computed: inout [Node.ID: Expression]
  ) -> Expression {
    var known = values
    // Inputs come before what uses them, so one pass over the nodes is enough.
    var needed: Set<Node.ID> = [id]
    for node in builder.nodes[...id].reversed()
    where node.id > first && needed.contains(node.id) && known[node.id] == nil {
      needed.formUnion(node.inputs)
    }
    for node in builder.nodes[...id]
    where node.id > first && needed.contains(node.id) && known[node.id] == nil {
      var result = Expression(builder: builder, id: node.id)
      if let operation = node.operation,
        node.inputs.contains(where: { (known[$0]?.id ?? $0) != $0 })
      {
        result = builder.apply(
          operation,
          to: node.inputs.map { known[$0] ?? Expression(builder: builder, id: $0) })
      }
      (known[node.id], computed[node.id]) = (result, result)
    }
    return known[id] ?? self
  }
}
