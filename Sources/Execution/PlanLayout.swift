import GraphIR
import Tensors

/// Orders a graph's units, decides what goes to memory, and where.
struct PlanLayout {
  private(set) var graph: Graph
  private(set) var root: [Node.ID]
  private(set) var views: [ElementView]
  private(set) var instructions: [Plan.Instruction] = []
  private(set) var stages: [Stage] = []
  private(set) var locations: [Plan.Location]
  private(set) var arenaSize = 0

  private var units: [Unit]
  private let unitOf: [Int?]
  private let isLoopBody: Bool
  /// The variable that a node's value is written into, for updates done in place.
  private var target: [Node.ID: Node.ID] = [:]

  /// Every value starts on a boundary of this many bytes: a cache line, and a widest vector.
  private static let alignment = 64

  init(_ graph: Graph, ofLoop: Bool) {
    isLoopBody = ofLoop
    let builder = UnitBuilder(graph)
    self.graph = graph
    units = builder.units
    unitOf = builder.unitOf
    root = builder.root
    views = builder.views
    locations = [Plan.Location](repeating: .transient, count: graph.nodes.count)
  }

  mutating func assign() {
    let readers = readers()
    var stored = storedNodes(readers)
    placeUpdates(readers, stored)
    for unit in units {
      if let main = unit.main, !keepsResult(unit, stored) { stored[main] = true }
    }
    let order = units.indices.sorted {
      (units[$0].depth, units[$0].nodes[0]) < (units[$1].depth, units[$1].nodes[0])
    }
    instructions = order.map { instruction(units[$0], stored: stored) }
    if isLoopBody {
      stages = instructions.indices.map { .one($0) }
    } else {
      let schedule = Schedule(
        instructions,
        Schedule.Reading(graph: graph, root: root, views: views, target: target))
      (instructions, stages) = (schedule.instructions, schedule.stages)
    }
    allocate()
    appendCopies()
  }

  /// For each node that has memory, the units that read it (directly or through a view).
  private func readers() -> [[Int]] {
    var readers = [[Int]](repeating: [], count: graph.nodes.count)
    for (index, unit) in units.enumerated() {
      let inputs = Set(unit.nodes.flatMap { graph.nodes[$0].inputs.map { root[$0] } })
      for input in inputs where unitOf[input] != index { readers[input].append(index) }
    }
    return readers
  }

  /// The nodes whose values something outside their own unit needs.
  private func storedNodes(_ readers: [[Int]]) -> [Bool] {
    var stored = [Bool](repeating: false, count: graph.nodes.count)
    for node in graph.nodes where root[node.id] == node.id {
      stored[node.id] = !readers[node.id].isEmpty
    }
    for output in graph.outputs { stored[root[output.node]] = true }
    for update in graph.updates { stored[root[update.value]] = true }
    // What is read through a view needs memory, by its own unit too.
    for node in graph.nodes where root[node.id] != node.id { stored[root[node.id]] = true }
    return stored
  }

  /// Whether the result of a unit's main operation, which only its chain reads, stays in the cache.
  /// Not where a value of the chain can be written over it: one memory then serves both.
  private func keepsResult(_ unit: Unit, _ stored: [Bool]) -> Bool {
    guard let main = unit.main, !stored[main], kernel(main)?.keptScratch != nil,
      let program = program(unit, stored)
    else { return false }
    return !unit.chain.contains {
      stored[$0] && target[$0] == nil && program.mayOverwrite(main, with: $0)
    }
  }

  // MARK: Updates in place

  /// Gives an update's value the memory of its variable, where every unit that reads the old
  /// value can run before.
  private mutating func placeUpdates(_ readers: [[Int]], _ stored: [Bool]) {
    let results = Set(graph.outputs.map { root[$0.node] } + graph.updates.map { root[$0.value] })
    // A unit that nothing reads from may run later than it could.
    let isLast = units.map { unit in
      unit.nodes.allSatisfy { readers[$0].isEmpty }
        && unit.nodes.contains { results.contains($0) }
    }
    let writers = Set(
      graph.updates.compactMap { update in unitOf[update.value].flatMap { isLast[$0] ? $0 : nil } })
    for update in graph.updates {
      guard let writer = unitOf[update.value] else { continue }
      let others = readers[update.variable].filter { $0 != writer }
      // Where others read the old value, the writer has to wait for them.
      guard isLast[writer] || others.isEmpty else { continue }
      guard others.allSatisfy({ !writers.contains($0) }),
        !graph.outputs.contains(where: { root[$0.node] == update.variable }),
        unitMayWrite(units[writer], value: update.value, over: update.variable, stored)
      else { continue }
      let latest = others.map { units[$0].depth }.max() ?? 0
      units[writer].depth = max(units[writer].depth, latest + 1)
      target[update.value] = update.variable
    }
  }

  /// Whether a unit can write `value` where `variable` lies: it reads the variable element by
  /// element and not after the write, or not at all.
  private func unitMayWrite(
    _ unit: Unit, value: Node.ID, over variable: Node.ID, _ stored: [Bool]
  ) -> Bool {
    if let main = unit.main {
      if graph.nodes[main].inputs.contains(where: { root[$0] == variable }) { return false }
      if main == value { return unit.chain.isEmpty }
    }
    return program(unit, stored)?.mayOverwrite(variable, with: value) ?? false
  }

  // MARK: Instructions

  private func instruction(_ unit: Unit, stored: [Bool]) -> Plan.Instruction {
    let kept = unit.main.flatMap { stored[$0] ? nil : $0 }
    return Plan.Instruction(
      main: unit.main, chain: unit.chain, program: program(unit, stored, kept: kept),
      kernel: unit.main.flatMap { kernel($0) }, stored: unit.nodes.filter { stored[$0] })
  }

  private func kernel(_ main: Node.ID) -> KernelLaunch? {
    let node = graph.nodes[main]
    return node.operation.flatMap {
      KernelTable.kernel($0, inputs: node.inputs.map { graph.nodes[$0].type }, output: node.type)
    }
  }

  private func program(_ unit: Unit, _ stored: [Bool], kept: Node.ID? = nil)
    -> ElementwiseProgram?
  {
    unit.chain.isEmpty
      ? nil
      : ElementwiseProgram(
        chain: unit.chain, type: unit.type, graph: graph, root: root, views: views, kept: kept,
        isStored: { stored[$0] })
  }

  /// Updates that could not be made in place are copied into their variables at the end.
  private mutating func appendCopies() {
    var nodes = graph.nodes
    for update in graph.updates where target[update.value] == nil {
      let copy = nodes.appendCopy(of: update.value)
      root.append(copy)
      views.append(ElementView())
      locations.append(locations[update.variable])
      let extended = Graph(nodes: nodes, outputs: graph.outputs, updates: graph.updates)
      let program = ElementwiseProgram(
        chain: [copy], type: nodes[copy].type, graph: extended, root: root, views: views,
        isStored: { _ in true })
      stages.append(.one(instructions.count))
      instructions.append(
        Plan.Instruction(
          main: nil, chain: [copy], program: program, kernel: nil, stored: [copy]))
    }
    graph = Graph(nodes: nodes, outputs: graph.outputs, updates: graph.updates)
  }

  // MARK: Memory

  /// Lays the stored values out: each lives from the instruction that computes it to the last that
  /// reads it; in a stage of several strands, all of its instructions run at the same time.
  private mutating func allocate() {
    for node in graph.nodes {
      switch node.content {
      case .input(let name): locations[node.id] = .input(name)
      case .variable(let name): locations[node.id] = .variable(name)
      case .constant: locations[node.id] = .constant(node.id)
      case .operation: break
      }
    }
    let times = times()
    var lastUse = [Int](repeating: -1, count: graph.nodes.count)
    var lastReader = lastUse
    for (place, instruction) in instructions.enumerated() {
      for node in instruction.nodes {
        lastUse[node] = max(lastUse[node], times[place].last)
        for input in graph.nodes[node].inputs {
          lastUse[root[input]] = times[place].last
          lastReader[root[input]] = place
        }
      }
    }
    for output in graph.outputs { lastUse[root[output.node]] = .max }
    for update in graph.updates { lastUse[root[update.value]] = .max }

    var arena = ArenaLayout(alignment: Self.alignment)
    for (place, instruction) in instructions.enumerated() {
      for node in instruction.stored {
        if let variable = target[node] {
          locations[node] = locations[variable]
          continue
        }
        // Whether a value is read here for the last time.
        func dies(_ source: Node.ID) -> Bool {
          lastReader[source] == place && lastUse[source] == times[place].last
            && !times[place].others.contains { reads(instructions[$0], source) }
        }
        if let source = overwritable(by: node, in: instruction, dies, arena),
          arena.handOver(source, to: node, until: lastUse[node])
        {
          continue
        }
        arena.add(
          node, size: graph.nodes[node].type.byteCount, from: times[place].first,
          until: lastUse[node])
      }
    }
    let placed = arena.placed()
    arenaSize = placed.size
    for (node, offset) in placed.offsets { locations[node] = .arena(offset) }
    for node in graph.nodes where root[node.id] != node.id {
      locations[node.id] = locations[root[node.id]]
    }
  }

  /// When an instruction runs, as places of instructions, and which ones may run at the same time.
  private typealias Times = (first: Int, last: Int, others: [Int])

  private func times() -> [Times] {
    var times: [Times] = instructions.indices.map { ($0, $0, []) }
    for case .strands(let strands) in stages {
      let all = strands.flatMap(\.instructions)
      guard let first = all.min(), let last = all.max() else { continue }
      for strand in strands {
        for place in strand.instructions {
          let others = all.filter {
            $0 != place && (strand.tasks > 1 || !strand.instructions.contains($0))
          }
          times[place] = (first, last, others)
        }
      }
    }
    return times
  }

  private func reads(_ instruction: Plan.Instruction, _ source: Node.ID) -> Bool {
    instruction.nodes.contains { graph.nodes[$0].inputs.contains { root[$0] == source } }
  }

  /// A value of the same size that is read for the last time by the instruction that computes
  /// `node`, early enough to be written over.
  private func overwritable(
    by node: Node.ID, in instruction: Plan.Instruction, _ dies: (Node.ID) -> Bool,
    _ arena: ArenaLayout
  ) -> Node.ID? {
    func fits(_ source: Node.ID) -> Bool {
      dies(source) && arena.holds(source)
        && graph.nodes[source].type.byteCount == graph.nodes[node].type.byteCount
    }
    let operands = instruction.main.map { graph.nodes[$0].inputs.map { root[$0] } } ?? []
    if node == instruction.main {
      guard instruction.kernel?.mayOverwrite == true, instruction.chain.isEmpty,
        let source = operands.first, fits(source)
      else { return nil }
      return source
    }
    guard let program = instruction.program else { return nil }
    return program.streamsRead.sorted().first { source in
      fits(source) && !operands.contains(source) && program.mayOverwrite(source, with: node)
    }
  }
}
