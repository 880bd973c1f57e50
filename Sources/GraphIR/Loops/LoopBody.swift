import Tensors

/// What a ``Loop`` does in each of its steps: a graph of its own.
///
/// The graph's inputs are given to a step – a slice of a sequence, or the same value in all steps –
/// its variables are what is carried from step to step, and its outputs are kept for every step.
public final class LoopBody: Sendable {
  /// What one step computes.
  public let graph: Graph
  /// For each of the graph's inputs, whether it is a slice of a sequence, one for each step.
  public let isSliced: [Bool]
  /// Whether the gradient computes a step's values again rather than keeping them.
  public let recomputes: Bool
  /// The body that this one does all of, with the same inputs; itself where it is the first.
  private let first: LoopBody?

  package init(
    _ graph: Graph, isSliced: [Bool], recomputes: Bool, first: LoopBody? = nil
  ) {
    self.graph = graph
    self.isSliced = isSliced
    self.recomputes = recomputes
    self.first = first
  }

  /// What all bodies share that differ only in the outputs they keep.
  public var origin: ObjectIdentifier { ObjectIdentifier(first ?? self) }

  /// Whether it keeps no more outputs than it was written with.
  package var isFirst: Bool { first == nil }

  /// The body with more outputs, behind those that it has.
  package func keeping(_ nodes: [Node.ID]) -> LoopBody {
    let more = nodes.map { (name: "kept %\($0)", node: $0) }
    return LoopBody(
      Graph(nodes: graph.nodes, outputs: graph.outputs + more, updates: graph.updates),
      isSliced: isSliced, recomputes: recomputes, first: first ?? self)
  }
}

extension LoopBody: Hashable {
  public static func == (a: LoopBody, b: LoopBody) -> Bool { a === b }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
