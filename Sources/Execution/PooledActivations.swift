import GraphIR

extension Graph {
  /// The graph with ReLU behind maximum pooling instead of before it: max(relu z) = relu(max z).
  ///
  /// The windows' maxima are fewer than the numbers that they are taken of, and so is what reaches
  /// them on the way back: select(relu z > 0, maxPoolGradient(relu z, g), 0) =
  /// maxPoolGradient(z, select(relu(max z) > 0, g, 0)). Both are equal to the bit: where a window's
  /// maximum is above 0, relu z and z have it first in the same place, and elsewhere no gradient
  /// passes. A product with a bias is then stored as it is, and nothing that is as large is computed
  /// from it but the gradient that reaches it.
  ///
  /// Only where nothing else reads relu z, which would have to be stored beside z.
  func withActivationsBehindPooling() -> Graph {
    let pooled = PooledActivations(self)
    return pooled.activations.isEmpty ? self : pooled.rewritten().simplified()
  }
}

/// The activations that can be moved behind their poolings.
private struct PooledActivations {
  let graph: Graph
  private var users: [[Node.ID]]
  private let results: Set<Node.ID>
  /// The nodes of ReLU that are moved.
  private(set) var activations: Set<Node.ID> = []

  init(_ graph: Graph) {
    self.graph = graph
    users = [[Node.ID]](repeating: [], count: graph.nodes.count)
    for node in graph.nodes { for input in Set(node.inputs) { users[input].append(node.id) } }
    results = Set(graph.outputs.map(\.node) + graph.updates.map(\.value))
    for node in graph.nodes where node.operation is ReLU && isMovable(node.id) {
      activations.insert(node.id)
    }
  }

  /// Whether poolings alone read an activation, and of their gradients only what it lets pass.
  private func isMovable(_ activation: Node.ID) -> Bool {
    guard !results.contains(activation) else { return false }
    var (pooled, handedBack): (Set<PoolingWindows>, Set<PoolingWindows>) = ([], [])
    for user in users[activation] {
      let node = graph.nodes[user]
      if let pooling = node.operation as? MaxPool {
        pooled.insert(pooling.windows)
      } else if let gradient = node.operation as? MaxPoolGradient, node.inputs[1] != activation {
        handedBack.insert(gradient.windows)
        guard isOnlyRead(user, by: { gate($0)?.activation == activation }) else { return false }
      } else {
        guard isComparison(node, of: activation),
          isOnlyRead(user, by: { gate($0)?.activation == activation })
        else { return false }
      }
    }
    return !pooled.isEmpty && handedBack.isSubset(of: pooled)
  }

  private func isOnlyRead(_ id: Node.ID, by condition: (Node) -> Bool) -> Bool {
    !results.contains(id) && users[id].allSatisfy { condition(graph.nodes[$0]) }
  }

  /// activation > 0.
  private func isComparison(_ node: Node, of activation: Node.ID) -> Bool {
    (node.operation as? Comparison)?.relation == .greater && node.inputs[0] == activation
      && isZero(node.inputs[1])
  }

  private func isZero(_ id: Node.ID) -> Bool {
    let node = graph.nodes[id]
    return node.type.shape.count == 1 && node.isConstant(0)
  }

  /// What select(relu z > 0, maxPoolGradient(relu z, g), 0) is made of.
  private func gate(_ node: Node) -> (activation: Node.ID, comparison: Node, gradient: Node)? {
    guard node.operation is Select, isZero(node.inputs[2]) else { return nil }
    let (comparison, gradient) = (graph.nodes[node.inputs[0]], graph.nodes[node.inputs[1]])
    guard gradient.operation is MaxPoolGradient, gradient.type == node.type,
      isComparison(comparison, of: gradient.inputs[0])
    else { return nil }
    return (gradient.inputs[0], comparison, gradient)
  }

  /// The graph with the activations moved; what is no longer needed is still there.
  func rewritten() -> Graph {
    var nodes: [Node] = []
    var place = [Node.ID](repeating: 0, count: graph.nodes.count)
    /// For each activation, its poolings by their windows.
    var maxima: [Node.ID: [PoolingWindows: Node.ID]] = [:]
    func append(
      _ operation: any Operation, _ inputs: [Node.ID], _ type: TensorType, _ path: String
    ) -> Node.ID {
      let content = Node.Content.operation(operation, inputs: inputs)
      nodes.append(Node(id: nodes.count, content: content, type: type, path: path))
      return nodes.count - 1
    }
    /// The node before an activation.
    func net(_ activation: Node.ID) -> Node.ID { place[graph.nodes[activation].inputs[0]] }
    for node in graph.nodes {
      let source = node.inputs.first ?? node.id
      if let pooling = node.operation as? MaxPool, activations.contains(source) {
        let largest = append(pooling, [net(source)], node.type, node.path)
        place[node.id] = append(ReLU(), [largest], node.type, graph.nodes[source].path)
        maxima[source, default: [:]][pooling.windows] = place[node.id]
      } else if let gate = gate(node), activations.contains(gate.activation),
        let pooling = gate.gradient.operation as? MaxPoolGradient,
        let largest = maxima[gate.activation]?[pooling.windows]
      {
        let (g, zeros) = (gate.gradient.inputs[1], node.inputs[2])
        let type = graph.nodes[g].type
        let passes = append(
          Comparison(.greater), [largest, place[gate.comparison.inputs[1]]], type, node.path)
        let passed = append(Select(), [passes, place[g], place[zeros]], type, node.path)
        place[node.id] = append(
          pooling, [net(gate.activation), passed], node.type, gate.gradient.path)
      } else if case .operation(let operation, let inputs) = node.content {
        place[node.id] = append(operation, inputs.map { place[$0] }, node.type, node.path)
      } else {
        nodes.append(
          Node(id: nodes.count, content: node.content, type: node.type, path: node.path))
        place[node.id] = nodes.count - 1
      }
    }
    return Graph(
      nodes: nodes, outputs: graph.outputs.map { ($0.name, place[$0.node]) },
      updates: graph.updates.map { (place[$0.variable], place[$0.value]) })
  }
}
