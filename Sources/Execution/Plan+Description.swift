import CKernels
import GraphIR

extension Plan: CustomStringConvertible {
  /// What runs, in order: a line an instruction with its operations, result types, memory and
  /// floating-point operations, then the totals.
  ///
  /// ```
  ///  #  stage  instruction              result                memory   tasks    FLOPs
  ///  1      1  matmul + add, sigmoid    %7 float32 [32, 16]   arena+0      2  803,328
  /// ```
  ///
  /// Instructions of one stage run side by side.
  public var description: String {
    let stages = instructionStages
    var rows = [["#", "stage", "instruction", "result", "memory", "tasks", "FLOPs"]]
    for (index, instruction) in instructions.enumerated() {
      let nodes = instruction.nodes
      let results = instruction.stored.isEmpty ? nodes : instruction.stored
      rows.append([
        "\(index + 1)",
        "\(stages[index])",
        title(of: instruction),
        results.map { "%\($0) \(graph.nodes[$0].type)" }.joined(separator: "; "),
        results.map { locations[$0].description }.joined(separator: "; "),
        "\(instruction.taskCount)",
        nodes.reduce(0) { $0 + flops(of: $1) }.grouped,
      ])
    }
    return alignedTable(rows, numbers: [0, 1, 5, 6])
      + "\n\(instructions.count) instructions, \(flops.grouped) FLOPs, "
      + "\(workingSize.grouped) bytes of intermediate values\n"
  }

  /// The number of each instruction's stage, from 1; of one that is begun in a stage and finished in the
  /// next, the first.
  private var instructionStages: [Int] {
    var numbers = [Int](repeating: 0, count: instructions.count)
    for (index, stage) in stages.enumerated() {
      let places =
        switch stage {
        case .one(let place), .begun(let place): [place]
        case .strands(let strands): strands.flatMap(\.instructions)
        }
      for place in places where numbers[place] == 0 { numbers[place] = index + 1 }
    }
    return numbers
  }

  /// Its operations, or the composites that do several: `matmul + add, sigmoid`.
  package func title(of instruction: Instruction) -> String {
    let name = { (node: Node.ID) in graph.nodes[node].operation?.description ?? "" }
    let chain = (instruction.program?.steps ?? []).flatMap { step -> [String] in
      switch step.loop {
      case .map: step.nodes.map(name)
      case .composite(let composite, _): [composite.name]
      }
    }
    let parts = [instruction.main.map(name), chain.isEmpty ? nil : chain.joined(separator: ", ")]
    return parts.compactMap { $0 }.joined(separator: " + ")
      + (instruction.main != nil && instruction.kernel == nil ? "  (plain)" : "")
  }

  /// Products of so many multiply-adds at most are worked one by one, without packing.
  package static let mostUnpackedMultiplyAdds = Int(BP_GEMM_TINY)

  /// Whether all that an instruction reads and leaves is no longer than a vector each, so that its time
  /// does not depend on how many elements there are.
  package func isShort(_ instruction: Instruction) -> Bool {
    guard !isLoopBody, instruction.taskCount == 1 else { return false }
    guard instruction.main == nil || instruction.kernel != nil else { return false }
    let values = instruction.nodes.flatMap { [$0] + graph.nodes[$0].inputs.map { root[$0] } }
    return values.allSatisfy { graph.nodes[$0].type.byteCount <= Int(BP_SHORT_ROOM) }
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
