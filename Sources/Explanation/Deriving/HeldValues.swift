import Execution
import GraphIR
import Tensors

extension Graph {
  /// Whether gradients take values of this graph as given that variables do change, as that of a
  /// network with context units takes the copies in them.
  var holdsValues: Bool {
    var isChanged = [Bool](repeating: false, count: nodes.count)
    for node in nodes {
      if case .variable = node.content { isChanged[node.id] = true }
      for input in node.inputs where isChanged[input] { isChanged[node.id] = true }
    }
    return nodes.contains { $0.operation is StopGradient && isChanged[$0.id] }
  }

  /// The same graph where those values stay what they are in one run, so that differences of its
  /// outputs are what the gradient says.
  ///
  /// - Parameters:
  ///   - inputs: The inputs of that run.
  ///   - variables: Its variables.
  /// - Throws: `ExecutionError` where they do not fit the graph.
  func holdingValues(inputs: [String: Tensor], variables: [String: Tensor]) throws -> Graph {
    let held = nodes.filter { $0.operation is StopGradient }
    guard !held.isEmpty else { return self }
    let names = held.map { "held \($0.id)" }
    let executor = try Executor(
      Plan(Graph(nodes: nodes, outputs: zip(names, held).map { ($0, $1.id) }, updates: [])),
      threads: 1)
    for (name, tensor) in inputs { try executor.setInput(name, tensor) }
    for (name, tensor) in variables { try executor.variables.set(name, tensor) }
    executor.run()
    var result = nodes
    for (name, node) in zip(names, held) {
      result[node.id] = Node(
        id: node.id, content: .constant(try executor.output(name)), type: node.type,
        path: node.path)
    }
    return Graph(nodes: result, outputs: outputs, updates: updates)
  }
}
