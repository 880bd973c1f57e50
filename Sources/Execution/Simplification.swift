import GraphIR
import Tensors

extension Graph {
  /// The same computation with less to do: what nothing needs is gone, equal nodes are shared,
  /// constants are computed, and operations have applied their identities.
  ///
  /// Inputs and variables stay, needed or not. One pass, O(nodes).
  public func simplified() -> Graph {
    let needed = needed()
    var simplifier = Simplifier(loops: widestLoops(needed))
    for node in nodes where needed[node.id] { simplifier.add(node) }
    let graph = Graph(
      nodes: simplifier.nodes,
      outputs: outputs.map { ($0.name, simplifier.place[$0.node] ?? 0) },
      updates: updates.map {
        (simplifier.place[$0.variable] ?? 0, simplifier.place[$0.value] ?? 0)
      })
    return graph.pruned()
  }

  /// Of the loops that differ only in what they keep, the one that keeps the most: its results
  /// begin with those of the others, so it stands for all.
  private func widestLoops(_ needed: [Bool]) -> [LoopKey: Loop] {
    var loops: [LoopKey: Loop] = [:]
    for node in nodes where needed[node.id] {
      guard let loop = node.operation as? Loop else { continue }
      let key = LoopKey(loop, node.inputs)
      if (loops[key]?.outputs.count ?? -1) < loop.outputs.count { loops[key] = loop }
    }
    return loops
  }

  /// For each node, whether a result, an update or a leaf's place in the interface needs it.
  private func needed() -> [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for output in outputs { needed[output.node] = true }
    for update in updates {
      needed[update.variable] = true
      needed[update.value] = true
    }
    for node in nodes.reversed() {
      switch node.content {
      case .input, .variable: needed[node.id] = true
      case .constant: break
      case .operation(_, let inputs):
        if needed[node.id] { for input in inputs { needed[input] = true } }
      }
    }
    return needed
  }

  /// The graph without the nodes that simplification left unused.
  private func pruned() -> Graph {
    let needed = needed()
    var place: [Node.ID: Node.ID] = [:]
    var kept: [Node] = []
    for node in nodes where needed[node.id] {
      var content = node.content
      if case .operation(let operation, let inputs) = content {
        content = .operation(operation, inputs: inputs.map { place[$0] ?? 0 })
      }
      place[node.id] = kept.count
      kept.append(Node(id: kept.count, content: content, type: node.type, path: node.path))
    }
    return Graph(
      nodes: kept, outputs: outputs.map { ($0.name, place[$0.node] ?? 0) },
      updates: updates.map { (place[$0.variable] ?? 0, place[$0.value] ?? 0) })
  }
}

/// What loops have in common that differ only in what they keep.
private struct LoopKey: Hashable {
  let origin: ObjectIdentifier
  let steps: Int
  let isReversed: Bool
  let inputs: [Node.ID]

  init(_ loop: Loop, _ inputs: [Node.ID]) {
    (origin, steps, isReversed) = (loop.body.origin, loop.steps, loop.isReversed)
    self.inputs = inputs
  }
}

private struct Simplifier {
  /// The loop to write for those of a key, whose inputs are numbered as in the old graph.
  let loops: [LoopKey: Loop]

  /// An operation on given inputs; equal keys have equal results.
  private struct Key: Hashable {
    let operation: AnyHashable
    let inputs: [Node.ID]
  }

  /// A constant to the bit: 0 and −0 differ.
  private struct ConstantKey: Hashable {
    let type: TensorType
    let bytes: [UInt8]

    init(_ tensor: Tensor) {
      type = tensor.type
      bytes = tensor.withUnsafeBytes { Array($0) }
    }
  }

  /// Constants up to this size are computed beforehand and compared.
  private static let smallCount = 4096

  var nodes: [Node] = []
  /// Where each node of the old graph is found in the new one.
  var place: [Node.ID: Node.ID] = [:]
  private var known: [Key: Node.ID] = [:]
  private var knownConstants: [ConstantKey: Node.ID] = [:]

  init(loops: [LoopKey: Loop]) { self.loops = loops }

  mutating func add(_ node: Node) {
    switch node.content {
    case .input, .variable: place[node.id] = append(node.content, node)
    case .constant(let tensor): place[node.id] = constant(tensor, node)
    case .operation(let operation, let inputs):
      let here = inputs.map { place[$0] ?? 0 }
      if let loop = operation as? Loop, loop.body.isFirst,
        let widest = loops[LoopKey(loop, inputs)],
        let type = try? widest.outputType(here.map { nodes[$0].type })
      {
        let origin = Node(id: node.id, content: node.content, type: type, path: node.path)
        place[node.id] = result(of: widest, here, origin)
      } else {
        place[node.id] = result(of: operation, here, node)
      }
    }
  }

  private mutating func append(_ content: Node.Content, _ origin: Node) -> Node.ID {
    nodes.append(Node(id: nodes.count, content: content, type: origin.type, path: origin.path))
    return nodes.count - 1
  }

  private mutating func constant(_ tensor: Tensor, _ origin: Node) -> Node.ID {
    guard tensor.count <= 16 else { return append(.constant(tensor), origin) }
    let key = ConstantKey(tensor)
    if let id = knownConstants[key] { return id }
    let id = append(.constant(tensor), origin)
    knownConstants[key] = id
    return id
  }

  private mutating func result(
    of operation: any Operation, _ inputs: [Node.ID], _ origin: Node
  ) -> Node.ID {
    var operation = operation
    var inputs = inputs
    // An identity can open the way for another; each shortens the work, so few rounds are enough.
    for _ in 0..<8 {
      guard let rewrite = operation.simplified(inputs.map { nodes[$0] }) else { break }
      switch rewrite {
      case .node(let id):
        if nodes[id].type == origin.type { return id }
      case .operation(let simpler, let operands):
        if (try? simpler.outputType(operands.map { nodes[$0].type })) == origin.type {
          operation = simpler
          inputs = operands
          continue
        }
      }
      break
    }
    let key = Key(operation: AnyHashable(operation), inputs: inputs)
    if let id = known[key] { return id }
    let constants = inputs.compactMap { nodes[$0].constant }
    let id: Node.ID
    if constants.count == inputs.count, origin.type.shape.count <= Self.smallCount,
      constants.allSatisfy({ $0.count <= Self.smallCount })
    {
      id = constant(operation.evaluate(constants), origin)
    } else {
      id = append(.operation(operation, inputs: inputs), origin)
    }
    known[key] = id
    return id
  }
}
