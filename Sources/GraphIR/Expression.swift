import Tensors

/// A value that is not known yet: a node of a graph being written.
///
/// Arithmetic on expressions writes more graph.
///
/// ```swift
/// let builder = GraphBuilder()
/// let x = builder.input("x", TensorType([3], .float64))
/// let y = tanh(x * 2 + 1)
/// print(y.type)      // float64 [3]
/// ```
public struct Expression {
  /// The builder of the graph that it belongs to.
  public let builder: GraphBuilder
  /// The number of its node.
  public let id: Node.ID

  /// Its shape and element type.
  public var type: TensorType { builder.nodes[id].type }

  /// The expression for a node that the builder has already written.
  public init(builder: GraphBuilder, id: Node.ID) {
    self.builder = builder
    self.id = id
  }
}

extension Expression: TensorAlgebra {
  public static func apply(_ operation: any Operation, to inputs: [Expression]) -> Expression {
    inputs[0].builder.apply(operation, to: inputs)
  }

  public func constant(_ tensor: Tensor) -> Expression { builder.constant(tensor) }
}

extension Expression: CustomStringConvertible {
  /// Its node's line.
  public var description: String { builder.nodes[id].description }
}
