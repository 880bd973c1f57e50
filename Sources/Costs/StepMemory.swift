import Execution
import GraphIR
import Training

/// The bytes that a training step takes, by what they hold.
public struct StepMemory: Codable, Hashable, Sendable {
  /// Parameters and the network's own states.
  public let parameters: Int
  /// Gradients: a number for each trained one.
  public let gradients: Int
  /// What the optimizer remembers.
  public let optimizerState: Int
  /// Values of the forward pass that the backward pass reads.
  public let activations: Int
  /// The batch.
  public let input: Int
  /// The intermediate values of this program's plan, which share memory where they can; gradients
  /// and kept activations are among them.
  public let planned: Int

  /// What a framework needs that keeps parameters, gradients, states and activations apart.
  public var total: Int {
    [gradients, optimizerState, activations, input].reduce(parameters) { $0.sum($1) }
  }

  /// What this program needs.
  public var plannedTotal: Int {
    [optimizerState, planned, input].reduce(parameters) { $0.sum($1) }
  }

  init(of plan: Plan, _ phases: StepPhases) {
    let graph = plan.graph
    let updated = Set(graph.updates.map(\.variable))
    var (parameters, gradients, states, input) = (0, 0, 0, 0)
    for node in graph.nodes {
      switch node.content {
      case .variable(let name) where name.hasPrefix(StepNames.statePrefix):
        states = states.sum(node.type.byteCount)
      case .variable:
        parameters = parameters.sum(node.type.byteCount)
        if updated.contains(node.id) { gradients = gradients.sum(node.type.byteCount) }
      case .input: input = input.sum(node.type.byteCount)
      case .constant, .operation: break
      }
    }
    var kept: Set<Node.ID> = []
    for node in graph.nodes where phases[node.id] != .forward {
      for id in node.inputs { kept.formUnion([graph.source(of: id)]) }
    }
    activations = kept.reduce(0) { sum, id in
      let node = graph.nodes[id]
      guard phases[id] == .forward, node.operation != nil else { return sum }
      return sum.sum(node.type.byteCount)
    }
    (self.parameters, self.gradients, optimizerState) = (parameters, gradients, states)
    (self.input, planned) = (input, plan.workingSize)
  }
}

extension Graph {
  /// The node whose memory a node's value lies in.
  fileprivate func source(of id: Node.ID) -> Node.ID {
    var node = nodes[id]
    while let operation = node.operation, operation.structure == .view {
      node = nodes[node.inputs[0]]
    }
    return node.id
  }
}

/// The names by which a step's graph knows what is the optimizer's.
enum StepNames {
  static let rows = TrainingStep.rowsInput
  static let rates = TrainingStep.updateInputs
  static let statePrefix = OptimizerStates.prefix
}
