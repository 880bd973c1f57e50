import Tensors

extension Graph {
  /// The value of every node by the operations' plain evaluations, from those of its leaves.
  ///
  /// - Parameter leaf: The value of an input or variable.
  package func values(_ leaf: (Node) throws -> Tensor) rethrows -> [Tensor] {
    var values: [Tensor] = []
    values.reserveCapacity(nodes.count)
    for node in nodes {
      switch node.content {
      case .input, .variable: values.append(try leaf(node))
      case .constant(let tensor): values.append(tensor)
      case .operation(let operation, let inputs):
        values.append(operation.evaluate(inputs.map { values[$0] }))
      }
    }
    return values
  }
}
