import GraphIR

extension Plan: CustomStringConvertible {
  /// What runs, in order: a line an instruction with its operations, result types, memory and
  /// floating-point operations, then the totals.
  ///
  /// ```
  ///  #  instruction                          result                    memory     FLOPs
  ///  1  matmul + add, sigmoid                %7 float32 [32, 16]       arena+0    803,328
  /// ```
  public var description: String {
    var rows = [["#", "instruction", "result", "memory", "tasks", "FLOPs"]]
    for (index, instruction) in instructions.enumerated() {
      let operations = { (nodes: [Node.ID]) in
        nodes.compactMap { graph.nodes[$0].operation?.description }.joined(separator: ", ")
      }
      let parts = [instruction.main.map { [$0] } ?? [], instruction.chain]
        .filter { !$0.isEmpty }.map(operations)
      let nodes = (instruction.main.map { [$0] } ?? []) + instruction.chain
      let results = instruction.stored.isEmpty ? nodes : instruction.stored
      rows.append([
        "\(index + 1)",
        parts.joined(separator: " + ")
          + (instruction.main != nil && instruction.kernel == nil ? "  (plain)" : ""),
        results.map { "%\($0) \(graph.nodes[$0].type)" }.joined(separator: "; "),
        results.map { locations[$0].description }.joined(separator: "; "),
        "\(taskCount(instruction))",
        grouped(nodes.reduce(0) { $0 + flops(of: $1) }),
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        let isNumber = column == 0 || column >= 4
        return isNumber ? padding + cell.0 : cell.0 + padding
      }.joined(separator: "  ")
    }
    return lines.joined(separator: "\n")
      + "\n\(instructions.count) instructions, \(grouped(flops)) FLOPs, "
      + "\(grouped(arenaSize)) bytes of intermediate values\n"
  }

  private func taskCount(_ instruction: Instruction) -> Int {
    if instruction.main != nil { return instruction.kernel?.tasks ?? 1 }
    guard let program = instruction.program else { return 1 }
    return max(
      1, (program.type.shape.count + program.elementsPerTask - 1) / program.elementsPerTask)
  }

  /// A number with its thousands apart: `12,730`.
  private func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }
}

extension Plan.Location: CustomStringConvertible {
  /// `arena+4096`, `variable hidden.weight`.
  public var description: String {
    switch self {
    case .input(let name): "input \(name)"
    case .variable(let name): "variable \(name)"
    case .constant(let node): "constant %\(node)"
    case .arena(let offset): "arena+\(offset)"
    case .transient: "cache"
    }
  }
}
