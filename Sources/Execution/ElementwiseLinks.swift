import CKernels
import GraphIR
import Tensors

/// A chain's operations as loops, before they have registers.
struct ElementwiseLinks {
  /// One loop over all elements.
  struct Link {
    let loop: ElementwiseProgram.Loop
    /// The nodes that it reads, in the loop's order.
    let operands: [Node.ID]
    /// The nodes that it computes.
    let results: [Node.ID]
  }

  private(set) var links: [Link] = []
  private let graph: Graph

  /// - Parameter isStored: Whether a node of the chain is needed outside it.
  init(chain: [Node.ID], type: ScalarType, graph: Graph, isStored: (Node.ID) -> Bool) {
    self.graph = graph
    // A copy of a value that stays inside the chain is that value.
    var original: [Node.ID: Node.ID] = [:]
    for id in chain {
      let node = graph.nodes[id]
      guard let operation = node.operation,
        let map = KernelTable.map(
          operation, type, constants: node.inputs.map { graph.nodes[$0].scalarConstant })
      else { preconditionFailure("\(node) has no element-wise kernel") }
      let operands = map.operands.map { original[node.inputs[$0]] ?? node.inputs[$0] }
      if map.code == BP_MAP_COPY, !isStored(id) {
        original[id] = operands[0]
      } else {
        links.append(Link(loop: .map(map), operands: operands, results: [id]))
      }
    }
    for composite in KernelTable.composites
    where bp_composite_lookup(composite.code, type.kernelType) != nil {
      combine(composite, isStored)
    }
  }

  /// Puts a composite wherever it computes what some links do, at the place of the last of them.
  private mutating func combine(_ composite: Composite, _ isStored: (Node.ID) -> Bool) {
    var index = links.count - 1
    while index >= 0 {
      if let match = CompositeMatch(composite, endingWith: index, of: links, graph),
        isFree(match, at: index, isStored)
      {
        links[index] = match.link
        for place in match.places.sorted(by: >) where place != index { links.remove(at: place) }
        index -= match.places.count - 1
      }
      index -= 1
    }
  }

  /// Whether nothing else needs a value that the composite keeps to itself, or needs one of its
  /// results before all of them are there.
  private func isFree(
    _ match: CompositeMatch, at index: Int, _ isStored: (Node.ID) -> Bool
  ) -> Bool {
    match.places.flatMap { links[$0].results }.allSatisfy { node in
      // What the composite reads must be computed before it.
      if match.link.operands.contains(node) { return false }
      let users = links.indices.filter { links[$0].operands.contains(node) }
        .filter { !match.places.contains($0) }
      if match.link.results.contains(node) { return users.allSatisfy { $0 > index } }
      return users.isEmpty && !isStored(node)
    }
  }
}

/// A composite found in a chain: what its operands and results stand for.
private struct CompositeMatch {
  /// The composite as one link.
  private(set) var link: ElementwiseLinks.Link
  /// The places of the links that it replaces.
  private(set) var places: Set<Int> = []

  private let composite: Composite
  private let links: [ElementwiseLinks.Link]
  private let graph: Graph
  private var operands: [Node.ID?]
  private var results: [Node.ID?]
  /// What the composite is given, for each of its results.
  private var given: [[Double]]

  /// Nil where the last result of the composite is not what link number `last` computes.
  init?(
    _ composite: Composite, endingWith last: Int, of links: [ElementwiseLinks.Link], _ graph: Graph
  ) {
    self.composite = composite
    self.links = links
    self.graph = graph
    link = links[last]
    operands = [Node.ID?](repeating: nil, count: composite.operandCount)
    results = [Node.ID?](repeating: nil, count: composite.results.count)
    given = [[Double]](repeating: [], count: composite.results.count)
    guard case .map = links[last].loop, unify(composite.results.count - 1, links[last].results[0])
    else { return nil }
    let (operands, results) = (operands.compactMap { $0 }, results.compactMap { $0 })
    guard operands.count == self.operands.count, results.count == self.results.count else {
      return nil
    }
    link = ElementwiseLinks.Link(
      loop: .composite(composite, given: given.flatMap { $0 }), operands: operands,
      results: results)
  }

  /// Makes a result of the composite stand for a node; false where it cannot.
  private mutating func unify(_ result: Int, _ node: Node.ID) -> Bool {
    if let known = results[result] { return known == node }
    guard unify(composite.results[result], node, within: result) else { return false }
    results[result] = node
    return true
  }

  private mutating func unify(
    _ pattern: Composite.Pattern, _ node: Node.ID, within result: Int
  ) -> Bool {
    switch pattern {
    case .operand(let number), .number(let number):
      if case .number = pattern, graph.nodes[node].type.shape.count != 1 { return false }
      if let known = operands[number] { return known == node }
      operands[number] = node
      return true
    case .result(let earlier):
      return unify(earlier, node)
    case .map(let code, let patterns):
      guard let (choice, operands) = map(node), choice.code == code,
        operands.count == patterns.count
      else { return false }
      return zip(patterns, operands).allSatisfy { unify($0, $1, within: result) }
    case .given(let code, let pattern):
      guard let (choice, operands) = map(node), choice.code == code, operands.count == 1 else {
        return false
      }
      guard unify(pattern, operands[0], within: result) else { return false }
      given[result].append(choice.parameter)
      return true
    }
  }

  /// The map that computes a node in this chain, noting its place.
  private mutating func map(_ node: Node.ID) -> (choice: MapChoice, operands: [Node.ID])? {
    guard let place = links.firstIndex(where: { $0.results.contains(node) }),
      case .map(let choice) = links[place].loop
    else { return nil }
    places.insert(place)
    return (choice, links[place].operands)
  }
}
