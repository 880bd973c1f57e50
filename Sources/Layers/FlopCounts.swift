import GraphIR

/// The floating-point operations of a graph by the layer that wrote them, as the operations count
/// themselves; a multiply-add counts as two, and a loop's body counts in every step.
struct FlopCounts {
  /// Operations by path: those of a layer and of the layers that it is made of; all of them at "".
  private var counts: [String: Int] = [:]

  /// Counts what a node is computed from.
  init(_ nodes: [Node], of output: Node.ID) {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    isNeeded[output] = true
    var own: [String: Int] = [:]
    for node in nodes[...output].reversed() where isNeeded[node.id] {
      for input in node.inputs { isNeeded[input] = true }
      guard let operation = node.operation else { continue }
      let flops = operation.flops(
        inputs: node.inputs.map { nodes[$0].type }, output: node.type)
      own[node.path] = Self.sum(own[node.path], flops)
    }
    for (path, flops) in own {
      var rest = path[...]
      while !rest.isEmpty {
        counts[String(rest)] = Self.sum(counts[String(rest)], flops)
        rest = rest.lastIndex(of: ".").map { rest[..<$0] } ?? ""
      }
      counts[""] = Self.sum(counts[""], flops)
    }
  }

  /// The operations of the layer at a path.
  subscript(path: String) -> Int { counts[path] ?? 0 }

  /// The sum, or the largest number where it is too large.
  private static func sum(_ a: Int?, _ b: Int) -> Int {
    let (sum, overflow) = (a ?? 0).addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
