import GraphIR
import Tensors

/// Puts instructions that do not depend on one another into one stage, so that threads share what
/// would not be worth handing out by itself and wait for one another less often.
///
/// Two kinds of instructions gain. Small ones that nothing else is waiting for – a bias's gradient and
/// update, the loss – are done beside a large one. And where small ones compute each row from the same
/// row – the last layers, the loss's gradient, back again – a task goes through all of them with some
/// rows. Both depend on sizes alone, so that results do not depend on threads.
///
/// Large instructions keep their order, so that no more of their values are alive at a time.
struct Schedule {
  /// In the order of the stages.
  private(set) var instructions: [Plan.Instruction] = []
  private(set) var stages: [Stage] = []

  private let given: [Plan.Instruction]
  private let reading: Reading
  /// The instructions that have to be done before each one.
  private let sources: [Set<Int>]
  /// Whether an instruction of several tasks waits for this one, or is it.
  private let isUrgent: [Bool]
  /// Floating-point operations of each; no more than ``mostWork``, so that sums do not overflow.
  private let work: [Int]
  private let isLarge: [Bool]
  private var isDone: [Bool]

  /// How a graph's values lie.
  struct Reading {
    let graph: Graph
    let root: [Node.ID]
    let views: [ElementView]
    /// The variable that a value is written into.
    let target: [Node.ID: Node.ID]
  }

  /// An instruction of so many floating-point operations, or values of so many bytes, is large.
  private static let large = (work: 2_000_000, bytes: 1 << 18)
  private static let mostWork = 1 << 40
  /// How far ahead instructions are looked at.
  private static let window = 64
  /// Tasks of rows have so many rows and operations at least, and there are no more than these.
  private static let leastRows = 16
  private static let leastRowWork = 12_000
  private static let mostRowTasks = 8

  init(_ instructions: [Plan.Instruction], _ reading: Reading) {
    given = instructions
    self.reading = reading
    sources = Self.sources(instructions, reading)
    isDone = [Bool](repeating: false, count: instructions.count)
    var urgent = instructions.map { $0.taskCount > 1 }
    for index in instructions.indices.reversed() where urgent[index] {
      for source in sources[index] { urgent[source] = true }
    }
    isUrgent = urgent
    work = instructions.map { instruction in
      instruction.nodes.reduce(0) { sum, node in
        min(Self.mostWork, sum + min(Self.mostWork, reading.graph.flops(of: node)))
      }
    }
    isLarge = zip(instructions, work).map { instruction, work in
      work >= Self.large.work
        || instruction.nodes.contains {
          reading.graph.nodes[$0].type.byteCount >= Self.large.bytes
        }
    }
    var pending = Array(instructions.indices)
    while !pending.isEmpty {
      let stage = nextStage(pending)
      close(stage)
      pending.removeAll { isDone[$0] }
    }
  }

  /// The instructions that each one reads from, and, where it writes over a variable, those that read the
  /// old value.
  private static func sources(_ instructions: [Plan.Instruction], _ reading: Reading)
    -> [Set<Int>]
  {
    var writer: [Node.ID: Int] = [:]
    var readers: [Node.ID: Set<Int>] = [:]
    for (index, instruction) in instructions.enumerated() {
      for node in instruction.nodes {
        writer[node] = index
        for input in reading.graph.nodes[node].inputs {
          readers[reading.root[input], default: []].insert(index)
        }
      }
    }
    return instructions.enumerated().map { index, instruction in
      let read = instruction.nodes.flatMap { node in
        reading.graph.nodes[node].inputs.compactMap { writer[reading.root[$0]] }
      }
      let overwritten = instruction.nodes.flatMap { node in
        reading.target[node].map { readers[$0] ?? [] } ?? []
      }
      return Set(read + overwritten).subtracting([index])
    }
  }

  // MARK: A stage

  /// A stage while it is being filled.
  private struct Open {
    struct Strand {
      var instructions: [Int]
      /// The rows that its tasks could be cut by.
      let rows: Int?
    }

    var strands: [Strand] = []
    var strandOf: [Int: Int] = [:]
    var hasLarge = false
  }

  private func nextStage(_ pending: [Int]) -> Open {
    var stage = Open()
    let near = pending.prefix(Self.window)
    for index in near where isUrgent[index] {
      // Nothing passes an instruction that is large or has several tasks.
      guard take(index, into: &stage) || !isLarge[index] && given[index].taskCount == 1 else {
        break
      }
    }
    if stage.strands.isEmpty, let first = pending.first {
      stage.strands = [Open.Strand(instructions: [first], rows: nil)]
    } else if stage.strands.contains(where: { tasks($0) > 1 }) {
      for index in near where !isUrgent[index] && !isLarge[index] {
        _ = take(index, into: &stage)
      }
    }
    return stage
  }

  /// Whether an instruction can be in a stage; puts it there.
  private func take(_ index: Int, into stage: inout Open) -> Bool {
    let instruction = given[index]
    guard stage.strandOf[index] == nil, instruction.main == nil || instruction.kernel != nil,
      sources[index].allSatisfy({ isDone[$0] || stage.strandOf[$0] != nil })
    else { return false }
    if instruction.kernel?.finish != nil, !stage.strands.isEmpty { return false }
    if isLarge[index], stage.hasLarge { return false }
    let own = Set(sources[index].compactMap { stage.strandOf[$0] })
    if own.isEmpty {
      stage.strandOf[index] = stage.strands.count
      stage.strands.append(Open.Strand(instructions: [index], rows: rows(of: index, behind: [])))
    } else if own.count == 1, let strand = own.first,
      extends(index, stage.strands[strand])
    {
      stage.strandOf[index] = strand
      stage.strands[strand].instructions.append(index)
    } else {
      return false
    }
    stage.hasLarge = stage.hasLarge || isLarge[index]
    return true
  }

  /// Whether each task of an instruction depends on the same task alone of a strand.
  private func extends(_ index: Int, _ strand: Open.Strand) -> Bool {
    if let rows = strand.rows {
      return given[index].kernel?.finish == nil
        && self.rows(of: index, behind: strand.instructions) == rows
    }
    return given[index].taskCount == 1
      && strand.instructions.allSatisfy { given[$0].taskCount == 1 }
  }

  // MARK: Rows

  /// The rows that an instruction can be cut by, where each depends on the same row alone of what
  /// instructions before it compute; nil where it cannot be, or is large.
  private func rows(of index: Int, behind before: [Int]) -> Int? {
    let (instruction, graph) = (given[index], reading.graph)
    guard let node = instruction.nodes.first, graph.nodes[node].type.shape.rank > 0,
      // What begins a strand may be large where only its finish is cut.
      !isLarge[index] || instruction.kernel?.finish != nil,
      instruction.nodes.allSatisfy({ reading.target[$0] == nil })
    else { return nil }
    let computed = Set(before.flatMap { given[$0].nodes } + instruction.nodes)
    let reads = RowReads(
      graph: graph, root: reading.root, views: reading.views,
      rows: graph.nodes[node].type.shape[0], isComputed: computed.contains)
    guard reads.rows >= 2 * Self.leastRows, instruction.nodes.allSatisfy(reads.hasRows),
      instruction.program.map({ $0.registers.allSatisfy(reads.keepsRowsApart) }) ?? true
    else { return nil }
    if let main = instruction.main {
      let inputs = graph.nodes[main].inputs
      guard instruction.kernel?.byRows != nil, let first = inputs.first,
        instruction.kernel?.finish != nil || reads.isReadByRows(first),
        inputs.dropFirst().allSatisfy({ !computed.contains(reading.root[$0]) })
      else { return nil }
    }
    return reads.rows
  }

  /// Into how many tasks a strand's rows are cut.
  private func rowTasks(_ strand: Open.Strand) -> Int {
    guard let rows = strand.rows, let first = strand.instructions.first,
      strand.instructions.count > 1 || given[first].kernel?.finish != nil
    else { return 1 }
    let work = work(ofRows: strand)
    return (1...Self.mostRowTasks).last {
      rows % $0 == 0 && rows / $0 >= Self.leastRows && work / $0 >= Self.leastRowWork || $0 == 1
    } ?? 1
  }

  /// Floating-point operations of a strand, without those of sums that were computed before.
  private func work(ofRows strand: Open.Strand) -> Int {
    strand.instructions.reduce(0) { sum, index in
      guard given[index].kernel?.finish != nil, let main = given[index].main else {
        return sum + work[index]
      }
      let size = reading.graph.nodes[main].type.shape.count * (given[index].taskCount - 1)
      return sum + max(0, work[index] - reading.graph.flops(of: main)) + size
    }
  }

  /// Into how many tasks a strand is cut.
  private func tasks(_ strand: Open.Strand) -> Int {
    let cut = rowTasks(strand)
    guard cut == 1, let only = strand.instructions.first, strand.instructions.count == 1 else {
      return cut
    }
    return given[only].kernel?.finish == nil ? given[only].taskCount : 1
  }

  // MARK: Closing a stage

  private mutating func close(_ stage: Open) {
    let members = stage.strands.flatMap(\.instructions)
    for index in members { isDone[index] = true }
    let tasks = stage.strands.map(tasks)
    let isOne = stage.strands.count == 1 && stage.strands[0].instructions.count == 1
    // Instructions of several tasks, one behind the other, that are not cut by rows.
    let isMixed = zip(stage.strands, tasks).contains { strand, tasks in
      tasks == 1 && strand.instructions.contains { given[$0].taskCount > 1 }
    }
    guard tasks.contains(where: { $0 > 1 }), !isMixed,
      !isOne || given[members[0]].kernel?.finish != nil
    else {
      for index in members.sorted() { append(given[index]) }
      return
    }
    var strands: [Stage.Strand] = []
    for (strand, tasks) in zip(stage.strands, tasks) {
      let first = instructions.count
      if given[strand.instructions[0]].kernel?.finish != nil { stages.append(.begun(first)) }
      let isCutByRows = rowTasks(strand) > 1
      for index in strand.instructions {
        instructions.append(
          isCutByRows ? byRows(given[index], rows: strand.rows ?? 1, tasks) : given[index])
      }
      strands.append(
        Stage.Strand(
          instructions: Array(first..<instructions.count), tasks: tasks,
          work: isCutByRows
            ? work(ofRows: strand) : strand.instructions.reduce(0) { $0 + work[$1] }))
    }
    stages.append(.strands(strands))
  }

  private mutating func append(_ instruction: Plan.Instruction) {
    stages.append(.one(instructions.count))
    instructions.append(instruction)
  }

  private func byRows(_ instruction: Plan.Instruction, rows: Int, _ tasks: Int)
    -> Plan.Instruction
  {
    instruction.cut(rows: rows, rowsATask: rows / tasks)
      ?? instruction.with(instruction.kernel?.byRows?(tasks))
  }
}
