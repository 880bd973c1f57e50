import GraphIR
import Tensors

/// Where a value's elements lie in the memory of another: from which one on, and how far apart.
struct ElementView: Sendable, Hashable {
  /// The element that the first one is.
  let start: Int
  /// The step along each axis; nil where the elements follow one another.
  let strides: [Int]?

  /// All of the memory, or the part of it from an element on.
  init(start: Int = 0, strides: [Int]? = nil) {
    self.start = start
    self.strides = strides
  }
}

extension UnitBuilder {
  /// For each node, the node in whose memory it lies, and where.
  ///
  /// Views lie in their input's memory. So do slices that element-wise work alone reads: it reads
  /// by strides as well.
  static func memory(of graph: Graph) -> (root: [Node.ID], views: [ElementView]) {
    var root = Array(graph.nodes.indices)
    var views = [ElementView](repeating: ElementView(), count: graph.nodes.count)
    let isReadByStrides = slicesReadByStrides(graph)
    for node in graph.nodes {
      guard let operation = node.operation, let source = node.inputs.first else { continue }
      if operation.structure == .view {
        root[node.id] = root[source]
        views[node.id] = ElementView(start: views[source].start + operation.viewStart)
      } else if isReadByStrides[node.id], let slice = operation as? Slice {
        let strides = graph.nodes[source].type.shape.strides
        let start = zip(slice.axes, slice.starts).reduce(views[source].start) { sum, cut in
          sum + cut.1 * strides[cut.0]
        }
        var steps = strides
        for (axis, step) in zip(slice.axes, slice.steps) { steps[axis] *= step }
        root[node.id] = root[source]
        views[node.id] = ElementView(start: start, strides: steps)
      }
    }
    return (root, views)
  }

  /// Whether each node is a slice that nothing but element-wise chains reads.
  private static func slicesReadByStrides(_ graph: Graph) -> [Bool] {
    var isRead = graph.nodes.map { $0.operation is Slice && $0.type.shape.count > 0 }
    for node in graph.nodes {
      // A slice of a slice would have to be there.
      let allows = node.operation.map { !($0 is Slice) && isChainable(node, graph) } ?? true
      if !allows { for input in node.inputs { isRead[input] = false } }
    }
    for output in graph.outputs { isRead[output.node] = false }
    for update in graph.updates { isRead[update.value] = false }
    return isRead
  }
}
