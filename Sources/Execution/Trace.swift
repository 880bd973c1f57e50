import GraphIR
import Tensors

/// Every value of one run of a graph, computed by the operations' plain evaluations.
///
/// A trace is what explanations are read from, and the reference that plans answer to. It fuses
/// nothing and reuses no memory.
///
/// ```swift
/// let trace = try Trace(graph, ["x": Tensor([1.0, 2.0])])
/// print(trace["loss"]!.scalar)
/// ```
public struct Trace: Sendable {
  /// The graph that ran.
  public let graph: Graph
  /// The value of every node, by the node's number.
  public let values: [Tensor]

  /// Runs a graph.
  ///
  /// - Parameters:
  ///   - graph: What to compute.
  ///   - values: A tensor for every input and variable, by name.
  /// - Throws: ``ExecutionError`` when one is missing or has another type.
  public init(_ graph: Graph, _ values: [String: Tensor]) throws {
    let computed = try graph.values { node in
      let name = node.leafName
      guard let value = values[name] else { throw ExecutionError.missing(name, node.type) }
      guard value.type == node.type else {
        throw ExecutionError.wrongType(name, found: value.type, expected: node.type)
      }
      return value
    }
    self.graph = graph
    self.values = computed
  }

  /// The value of a node.
  public subscript(node: Node.ID) -> Tensor { values[node] }

  /// The value of an output, by name.
  public subscript(output: String) -> Tensor? { graph.output(output).map { values[$0] } }

  /// The next value of every variable that the graph updates, by name.
  public var updated: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for update in graph.updates {
      if case .variable(let name) = graph.nodes[update.variable].content {
        result[name] = values[update.value]
      }
    }
    return result
  }
}

extension Trace: CustomStringConvertible {
  /// One line a node: what it is, and its value.
  public var description: String {
    zip(graph.nodes, values).map { "\($0) = \($1)" }.joined(separator: "\n")
  }
}
