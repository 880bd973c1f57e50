import GraphIR
import Tensors

/// Whether instructions that are cut into tasks by rows (the first axis of all that they compute) read
/// no other task's rows.
struct RowReads {
  let graph: Graph
  let root: [Node.ID]
  let views: [ElementView]
  /// The rows of every value that is computed.
  let rows: Int
  /// Whether one of the instructions writes the memory of this node. What is there before they begin
  /// may be read in any way.
  let isComputed: (Node.ID) -> Bool

  func hasRows(_ id: Node.ID) -> Bool {
    let shape = graph.nodes[id].type.shape
    return shape.rank > 0 && shape[0] == rows && shape.count > 0
  }

  /// Whether a node has rows, and they lie where its memory's do.
  func isReadByRows(_ id: Node.ID) -> Bool {
    guard hasRows(id) else { return false }
    let (root, view) = (root[id], views[id])
    return !isComputed(root)
      || (hasRows(root) && view == ElementView()
        && graph.nodes[root].type.shape.count == graph.nodes[id].type.shape.count)
  }

  func keepsRowsApart(_ register: ElementwiseProgram.Register) -> Bool {
    switch register {
    case .scratch, .tile: true
    case .stream(let place): !isComputed(place.memory) || (place.isWhole && hasRows(place.memory))
    case .scalar(let place, _): !isComputed(place.memory)
    case .strided(let place, _, let sizes, let strides):
      !isComputed(place.memory)
        || (hasRows(place.memory) && staysInRow(place, sizes: sizes, strides: strides))
    }
  }

  /// Whether what is read for a row by strides lies in the memory's same row.
  private func staysInRow(_ place: ElementwiseProgram.Place, sizes: [Int], strides: [Int]) -> Bool {
    let length = graph.nodes[place.memory].type.shape.count / rows
    guard sizes.first == rows, strides.first == length, strides.allSatisfy({ $0 >= 0 }) else {
      return false
    }
    let last = zip(sizes, strides).dropFirst().reduce(place.start) { $0 + ($1.0 - 1) * $1.1 }
    return place.start >= 0 && last < length
  }
}
