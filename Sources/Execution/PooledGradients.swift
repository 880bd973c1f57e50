import GraphIR
import Tensors

extension Graph {
  /// The graph with convolutions' gradients that compute a pooling's gradient as they read it,
  /// where nothing else reads that: a value as large as what was pooled then never goes to memory.
  ///
  /// Where both gradients of a convolution read it, it is computed twice; that still takes less than
  /// writing it once and reading it twice.
  func withPoolingInConvolutions() -> Graph {
    var users = [[Node]](repeating: [], count: nodes.count)
    for node in nodes { for input in Set(node.inputs) { users[input].append(node) } }
    let results = Set(outputs.map(\.node) + updates.map(\.value))
    var replaced: [Node.ID: Node] = [:]
    for node in nodes {
      guard let pooling = node.operation as? MaxPoolGradient, !results.contains(node.id) else {
        continue
      }
      let fused = users[node.id].map { withPooling($0, pooling, of: node) }
      guard fused.allSatisfy({ $0 != nil }) else { continue }
      for case .some(let user) in fused { replaced[user.id] = user }
    }
    if replaced.isEmpty { return self }
    return Graph(
      nodes: nodes.map { replaced[$0.id] ?? $0 }, outputs: outputs, updates: updates
    ).simplified()
  }

  /// A convolution's gradient that does the pooling's as well; nil where it cannot.
  private func withPooling(_ user: Node, _ pooling: MaxPoolGradient, of gradient: Node) -> Node? {
    let operation: PooledConvolutionGradient
    let other: Node.ID
    if let weight = user.operation as? ConvolveWeightGradient, user.inputs[1] == gradient.id {
      operation = PooledConvolutionGradient(.weight(weight), pooling.windows)
      other = user.inputs[0]
    } else if let input = user.operation as? ConvolveInputGradient, user.inputs[0] == gradient.id {
      operation = PooledConvolutionGradient(.input(input), pooling.windows)
      other = user.inputs[1]
    } else {
      return nil
    }
    let inputs = gradient.inputs + [other]
    let types = inputs.map { nodes[$0].type }
    guard other != gradient.id,
      KernelTable.kernel(operation, inputs: types, output: user.type) != nil
    else { return nil }
    return Node(
      id: user.id, content: .operation(operation, inputs: inputs), type: user.type,
      path: user.path)
  }
}
