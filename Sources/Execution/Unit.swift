import CKernels
import GraphIR
import Tensors

/// What one instruction computes: an operation of its own kind, a chain of element-wise
/// operations, or the one followed by the other.
struct Unit: Sendable {
  /// An operation that is computed first, by a kernel of its own.
  var main: Node.ID?
  /// Element-wise operations, in the graph's order, done block by block in one pass.
  var chain: [Node.ID]
  /// The type of every value in the chain.
  var type: TensorType
  /// One more than the greatest depth among the units that it reads from.
  var depth = 0
  /// What the chain reads from outside itself; with the chain, its registers.
  var operands: Set<Node.ID> = []

  /// All nodes it computes.
  var nodes: [Node.ID] { (main.map { [$0] } ?? []) + chain }
}

/// Cuts a graph into units.
///
/// 1. From last to first, an element-wise node joins the chain of its users where all of them are
///    in one chain over the same shape: its value then never reaches memory.
/// 2. From first to last, a chain joins the chain or the matrix product that it reads from, where
///    nothing else that it reads depends on that one. (A smaller depth proves that.)
struct UnitBuilder {
  let graph: Graph
  private(set) var units: [Unit] = []
  /// The unit that computes each node; nil for leaves and views.
  private(set) var unitOf: [Int?]
  /// The node in whose memory a node lies: itself, but for views.
  let root: [Node.ID]
  /// Where in that memory a node's elements lie.
  let views: [ElementView]

  /// A chain with more registers than this is cut.
  private static let mostRegisters = Int(BP_MAX_REGISTERS)

  init(_ graph: Graph) {
    self.graph = graph
    (root, views) = Self.memory(of: graph)
    unitOf = [Int?](repeating: nil, count: graph.nodes.count)
    formChains()
    mergeChains()
  }

  private mutating func formChains() {
    var users = [[Node.ID]](repeating: [], count: graph.nodes.count)
    for node in graph.nodes { for input in node.inputs { users[input].append(node.id) } }
    for node in graph.nodes.reversed() {
      guard node.operation != nil, root[node.id] == node.id else { continue }
      guard Self.isChainable(node, graph) else {
        unitOf[node.id] = units.count
        units.append(Unit(main: node.id, chain: [], type: node.type))
        continue
      }
      let chains = Set(users[node.id].map { unitOf[$0] })
      if chains.count == 1, let only = chains.first, let chain = only,
        units[chain].main == nil, units[chain].type == node.type,
        units[chain].chain.count + units[chain].operands.union(node.inputs).count
          < Self.mostRegisters
      {
        unitOf[node.id] = chain
        units[chain].chain.append(node.id)
        units[chain].operands.remove(node.id)
        units[chain].operands.formUnion(node.inputs)
      } else {
        unitOf[node.id] = units.count
        units.append(
          Unit(main: nil, chain: [node.id], type: node.type, operands: Set(node.inputs)))
      }
    }
    for index in units.indices { units[index].chain.reverse() }
    units.reverse()
    for index in unitOf.indices { unitOf[index] = unitOf[index].map { units.count - 1 - $0 } }
  }

  /// Whether a node can be a link of a chain: an element-wise operation with a fast loop, on
  /// values of one type.
  static func isChainable(_ node: Node, _ graph: Graph) -> Bool {
    guard let operation = node.operation, operation.structure == .elementwise,
      node.type.shape.rank <= ElementwiseProgram.highestRank,
      node.inputs.allSatisfy({ graph.nodes[$0].type.scalarType == node.type.scalarType })
    else { return false }
    return KernelTable.map(operation, node.type.scalarType, constants: []) != nil
  }

  /// The units that a unit reads from.
  func sources(of index: Int) -> Set<Int> {
    var sources: Set<Int> = []
    for node in units[index].nodes {
      for input in graph.nodes[node].inputs {
        if let source = unitOf[root[input]], source != index { sources.insert(source) }
      }
    }
    return sources
  }

  private mutating func mergeChains() {
    // Ascending by last node, every unit comes after those that it reads from.
    let order = units.indices.sorted { units[$0].nodes.max()! < units[$1].nodes.max()! }
    var absorbed = [Bool](repeating: false, count: units.count)
    for index in order {
      let sources = sources(of: index)
      units[index].depth = 1 + (sources.map { units[$0].depth }.max() ?? 0)
      guard units[index].main == nil else { continue }
      let candidates = sources.filter { accepts($0, chain: index, among: sources) }
      guard let target = candidates.max(by: { units[$0].depth < units[$1].depth }) else { continue }
      for node in units[index].chain { unitOf[node] = target }
      units[target].chain = (units[target].chain + units[index].chain).sorted()
      units[target].operands.formUnion(units[index].operands)
      units[index].chain = []
      absorbed[index] = true
    }
    compact(keeping: units.indices.filter { !absorbed[$0] })
  }

  /// Whether unit `target` can do the chain of unit `index` in the same pass.
  private func accepts(_ target: Int, chain index: Int, among sources: Set<Int>) -> Bool {
    let unit = units[target]
    guard unit.type == units[index].type,
      unit.chain.count + units[index].chain.count
        + unit.operands.union(units[index].operands).count < Self.mostRegisters
    else { return false }
    if let main = unit.main, graph.nodes[main].operation.map(KernelTable.takesEpilogue) != true {
      return false
    }
    // What is read elsewhere than it is written must be there before the pass begins.
    for node in units[index].chain {
      for input in graph.nodes[node].inputs where unitOf[root[input]] == target {
        if graph.nodes[input].type.shape.count != graph.nodes[root[input]].type.shape.count {
          return false
        }
      }
    }
    return sources.allSatisfy { $0 == target || units[$0].depth < unit.depth }
  }

  private mutating func compact(keeping kept: [Int]) {
    var place = [Int](repeating: 0, count: units.count)
    for (new, old) in kept.enumerated() { place[old] = new }
    units = kept.map { units[$0] }
    for index in unitOf.indices { unitOf[index] = unitOf[index].map { place[$0] } }
  }
}
