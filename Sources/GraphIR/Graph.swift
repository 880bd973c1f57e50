import Tensors

/// A finished computation: nodes in an order in which each comes after its inputs.
///
/// A graph is a value. `Execution` compiles it to a plan; derivations, costs and interchange
/// read it.
public struct Graph: Sendable {
  /// All nodes; a node's number is its index.
  public let nodes: [Node]
  /// The results, by name.
  public let outputs: [(name: String, node: Node.ID)]
  /// What each run writes back: a variable's node and the node of its next value. All updates read
  /// the values from before the run.
  public let updates: [(variable: Node.ID, value: Node.ID)]

  public init(
    nodes: [Node], outputs: [(name: String, node: Node.ID)],
    updates: [(variable: Node.ID, value: Node.ID)]
  ) {
    self.nodes = nodes
    self.outputs = outputs
    self.updates = updates
  }

  /// The number of the output with this name.
  public func output(_ name: String) -> Node.ID? {
    outputs.first { $0.name == name }?.node
  }

  /// The inputs, in the order in which they were declared.
  public var inputs: [(name: String, type: TensorType)] {
    nodes.compactMap { node in
      if case .input(let name) = node.content { (name, node.type) } else { nil }
    }
  }

  /// The variables, in the order in which they were declared.
  public var variables: [(name: String, type: TensorType)] {
    nodes.compactMap { node in
      if case .variable(let name) = node.content { (name, node.type) } else { nil }
    }
  }
}

extension Graph: CustomStringConvertible {
  /// One line a node: `%5 = sigmoid %4 : float32 [32, 16]  hidden`.
  public var description: String {
    var lines = nodes.map(\.description)
    lines += outputs.map { "output \($0.name) = %\($0.node)" }
    lines += updates.map { "update %\($0.variable) = %\($0.value)" }
    return lines.joined(separator: "\n")
  }
}

extension Node: CustomStringConvertible {
  /// `%5 = sigmoid %4 : float32 [32, 16]  hidden`.
  public var description: String {
    let source =
      switch content {
      case .input(let name): "input \(name)"
      case .variable(let name): "variable \(name)"
      case .constant(let tensor): tensor.count == 1 ? "constant \(tensor.scalar)" : "constant"
      case .operation(let operation, let inputs):
        ([operation.description] + inputs.map { "%\($0)" }).joined(separator: " ")
      }
    return "%\(id) = \(source) : \(type)" + (path.isEmpty ? "" : "  \(path)")
  }
}
