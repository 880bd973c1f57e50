import Execution
import Formulas
import GraphIR
import Layers
import Tensors

extension DerivationBuilder {
  /// The new value of an element of a parameter; its old one, where the parameter is fixed.
  @discardableResult
  func update(_ parameter: String, _ element: Int) -> Formula {
    guard let node = step.parameters[parameter],
      let own = before.label(Cell(node: node, element: element))
    else { return 0 }
    forward(Cell(node: node, element: element), firstPass)
    guard let rule = step.updates.first(where: { $0.parameter == parameter }) else {
      return own.symbol
    }
    let new = own.updated
    guard !has(new.name) else { return new.symbol }
    gradient(parameter, element)
    let layer = step.problem.order == .sequential ? own.place?.layer : nil
    let cell = Cell(node: rule.value, element: element)
    rulePart(cell, layer)
    return add(
      Label(name: new.name, symbol: new.symbol, kind: .newParameter, place: new.place),
      value: before.value(cell), in: .update, layer: layer
    ) { [before.definition(cell)] }
  }

  /// Adds what an optimizer's rule makes a value of.
  private func rulePart(_ cell: Cell, _ layer: Int?) {
    for leaf in before.leaves(cell) {
      guard let label = before.label(leaf), !has(label.name) else { continue }
      switch label.kind {
      case .setting:
        // 1 − β₁ is written out; β₁ alone is a setting.
        if case .symbol = label.symbol { add(label, value: before.value(leaf), in: .given) }
      case .state:
        add(label, value: before.value(leaf), in: .update, layer: layer)
      case .newState, .updateStep:
        rulePart(leaf, layer)
        add(label, value: before.value(leaf), in: .update, layer: layer) {
          [before.definition(leaf)]
        }
      default: break
      }
    }
  }

  /// The forward pass with the new parameters.
  func after() throws {
    let parameters = step.updatedParameters(before.trace)
    let reader = try GraphReader(Trace(step.graph, step.values(parameters)))
    let step = step
    let updated = Set(step.updates.map(\.parameter))
    connect(reader) { cell, label in
      switch label.kind {
      case .netInput, .activation: return label.updated
      case .weight, .bias:
        // What is fixed, or is no parameter but a state, keeps its name.
        guard let name = step.parameterName(of: cell.node), updated.contains(name) else {
          return label
        }
        let new = label.updated
        return Label(name: new.name, symbol: new.symbol, kind: .newParameter, place: new.place)
      default: return label
      }
    }
    let pass = Pass(reader: reader, forward: .after, error: .after, isAfter: true)
    for layer in map.layers {
      for neuron in layer.neurons { forward(neuron, pass) }
    }
    totalError(pass)
  }
}

extension StepGraph {
  /// The name of the parameter whose variable a node is.
  func parameterName(of node: Node.ID) -> String? {
    if case .variable(let name) = graph.nodes[node].content, parameters[name] != nil {
      name
    } else {
      nil
    }
  }

  /// The parameters after a run.
  func updatedParameters(_ trace: Trace) -> ParameterSet {
    let updated = trace.updated
    return ParameterSet(problem.parameters.map { ($0.name, updated[$0.name] ?? $0.tensor) })
  }
}
