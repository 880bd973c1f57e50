import GraphIR

/// Finds the neurons that are directly made of a cell: the way of the readers, from a cell to those
/// that it is computed from, in the other direction.
///
/// A convolution's output has hundreds of sources for each of thousands of elements, so the ways are
/// not all walked beforehand: an operation says what uses an element (`Operation/users(of:in:)`), and
/// of those that do not, the rules are turned around once an element is asked for.
final class CellUsers {
  private let reader: GraphReader
  /// Whether a cell is a neuron's, where the search ends.
  private let isNeuron: (Cell) -> Bool
  /// The operations that a node is an input of, as far as they lead to a neuron.
  private var next: [[ElementPlace]]
  private var turned: [ElementPlace: [[Int32]]] = [:]

  /// A node and one of its inputs.
  private struct ElementPlace: Hashable {
    let node: Node.ID
    let input: Int
  }

  /// - Parameters:
  ///   - neurons: The nodes of the neurons' cells.
  ///   - isNeuron: Whether a cell is a neuron's.
  init(_ reader: GraphReader, neurons: Set<Node.ID>, isNeuron: @escaping (Cell) -> Bool) {
    self.reader = reader
    self.isNeuron = isNeuron
    let nodes = reader.trace.graph.nodes
    var leads = neurons
    next = nodes.map { _ in [] }
    for node in nodes.reversed() where leads.contains(node.id) {
      for (input, source) in node.inputs.enumerated() {
        leads.insert(source)
        next[source].append(ElementPlace(node: node.id, input: input))
      }
    }
  }

  /// The neurons' cells that a cell is directly a part of, in no particular order.
  func neurons(after cell: Cell) -> [Cell] {
    var (found, waiting, seen) = ([Cell](), [cell], Set<Cell>())
    while let open = waiting.popLast() {
      for place in next[open.node] {
        for element in users(of: open.element, at: place) {
          let user = Cell(node: place.node, element: element)
          guard seen.insert(user).inserted else { continue }
          if isNeuron(user) { found.append(user) } else { waiting.append(user) }
        }
      }
    }
    return found
  }

  /// The elements of an operation's output that have an element of one of its inputs as a source.
  private func users(of element: Int, at place: ElementPlace) -> [Int] {
    let graph = reader.trace.graph
    guard case .operation(let operation, let inputs) = graph.nodes[place.node].content else {
      return []
    }
    let values = inputs.map { reader.trace[$0] }
    if let users = operation.users(of: .init(input: place.input, element: element), in: values) {
      return users
    }
    if turned[place] == nil {
      // All inputs at once: asking for the rules is the work.
      var lists = values.map { [[Int32]](repeating: [], count: $0.count) }
      for index in 0..<graph.nodes[place.node].type.shape.count {
        for source in operation.element(index, of: values).sources {
          lists[source.input][source.element].append(Int32(index))
        }
      }
      for (input, list) in lists.enumerated() {
        turned[ElementPlace(node: place.node, input: input)] = list
      }
    }
    return turned[place]?[element].map { Int($0) } ?? []
  }
}
