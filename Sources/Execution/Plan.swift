import GraphIR
import Tensors

/// A graph made ready to run: what is done, in which order, and where every value lies.
///
/// Compiling simplifies the graph, joins element-wise work into single passes (behind matrix
/// products, while their tiles are in the cache), orders the instructions, and lays all
/// intermediate values out in one arena, where values that are never alive together share memory.
/// Updates are written straight into their variables where nothing still reads the old values.
///
/// A plan is a value without numbers: ``Executor`` runs it, as often as wanted.
public struct Plan: Sendable {
  /// Where a value lies.
  public enum Location: Hashable, Sendable {
    /// The memory of an input or variable, by name.
    case input(String)
    case variable(String)
    /// A constant's memory.
    case constant(Node.ID)
    /// Bytes from this offset of the arena.
    case arena(Int)
    /// Nowhere: the value lives in the cache, within one instruction.
    case transient
  }

  /// One step of the plan.
  public struct Instruction: Sendable {
    /// An operation with a kernel of its own, if the instruction has one.
    public let main: Node.ID?
    /// The element-wise operations done in the same pass, in order.
    public let chain: [Node.ID]
    /// The chain as registers and steps.
    let program: ElementwiseProgram?
    /// The kernel of the main operation; nil where the plain evaluation runs.
    let kernel: KernelLaunch?
    /// The results that go to memory.
    public let stored: [Node.ID]
    /// Elements that each task of a chain without a main operation computes, where they are not as many
    /// as the program has it.
    private(set) var elementsATask: Int? = nil

    /// All its operations, in order.
    package var nodes: [Node.ID] { (main.map { [$0] } ?? []) + chain }

    /// Whether the main operation's result does not go to memory: only the chain reads it.
    var keepsResult: Bool { main.map { !stored.contains($0) } ?? false }

    /// Into how many tasks it is cut, which threads share.
    package var taskCount: Int {
      if main != nil { return kernel?.tasks ?? 1 }
      guard let program else { return 1 }
      let each = elementsATask ?? program.elementsPerTask
      return max(1, (program.type.shape.count + each - 1) / each)
    }

    /// The same by another kernel.
    func with(_ kernel: KernelLaunch?) -> Instruction {
      Instruction(main: main, chain: chain, program: program, kernel: kernel, stored: stored)
    }

    /// The same, a chain without a main operation, in tasks of so many elements.
    func with(elementsATask: Int) -> Instruction {
      var result = self
      result.elementsATask = elementsATask
      return result
    }
  }

  /// The simplified graph; nodes are numbered as in it.
  public let graph: Graph
  /// What runs, stage by stage. Those of one stage run side by side; the description says which.
  public private(set) var instructions: [Instruction]
  /// Where each node's value lies.
  public let locations: [Location]
  /// Bytes of intermediate values, without those within the steps of loops.
  public let arenaSize: Int

  /// The node in whose memory each node lies.
  let root: [Node.ID]
  /// Where in that memory.
  let views: [ElementView]
  /// Whether it is the plan of a loop's step.
  let isLoopBody: Bool
  /// The plans of the loops' steps, by the loops' nodes.
  package let loops: [Node.ID: Plan]
  /// What runs side by side.
  private(set) var stages: [Stage]
  /// How each step of the loop that this is the body of is cut, where a task goes through all steps
  /// with its own rows.
  private(set) var rowCut: RowCut?

  /// Compiles a graph.
  ///
  /// - Throws: ``ExecutionError/tooLarge(_:)`` where sizes overflow.
  public init(_ graph: Graph) throws {
    try self.init(graph, ofLoop: false)
  }

  /// - Parameter ofLoop: Whether the graph is a loop's body, whose outputs go to memory of their
  ///   own in every step.
  private init(_ graph: Graph, ofLoop: Bool) throws {
    for node in graph.nodes {
      guard let count = node.type.shape.checkedCount,
        !count.multipliedReportingOverflow(by: 16).overflow
      else { throw ExecutionError.tooLarge(node.description) }
    }
    let simplified = graph.simplified().withActivationsBehindPooling()
      .withPoolingInConvolutions()
    let prepared = (ofLoop ? simplified.withOutputsApart() : simplified).withDirectUpdates()
    var layout = PlanLayout(prepared, ofLoop: ofLoop)
    layout.assign()
    self.graph = layout.graph
    root = layout.root
    views = layout.views
    var loops: [Node.ID: Plan] = [:]
    for node in layout.graph.nodes {
      if let loop = node.operation as? Loop {
        loops[node.id] = try Plan(loop.body.graph, ofLoop: true).prepared(for: loop)
      }
    }
    self.loops = loops
    isLoopBody = ofLoop
    instructions = layout.instructions
    stages = layout.stages
    locations = layout.locations
    arenaSize = layout.arenaSize
  }

  /// The plan of a loop's body with what pays because it runs for many steps: right matrices that
  /// are the same in all of them packed once, and, where each row of a step depends on the same row
  /// of the step before alone, tasks that go through all steps with some rows.
  private func prepared(for loop: Loop) -> Plan {
    var plan = self
    let values = LoopValues(self, loop)
    if let cut = RowCut(values) {
      plan.rowCut = cut
      plan.instructions = instructions.map { instruction in
        instruction.cut(rows: cut.rows, rowsATask: cut.rowsATask)
          ?? instruction.with(values.kernel(of: instruction, rowsATask: cut.rowsATask))
      }
    } else {
      plan.instructions = instructions.map { instruction in
        values.kernel(of: instruction, rowsATask: nil).map { instruction.with($0) } ?? instruction
      }
    }
    return plan
  }

  /// Bytes of intermediate values, those within the steps of loops among them.
  public var workingSize: Int {
    // Each task of a loop that is cut by rows has an arena of its own.
    let own = arenaSize * (rowCut?.tasks ?? 1)
    return loops.values.reduce(own) { $0 + $1.workingSize }
  }

  /// How many of its loops are cut into tasks that go through all steps with rows of their own.
  package var loopsCutByRows: Int {
    loops.values.reduce(0) { $0 + ($1.rowCut == nil ? 0 : 1) + $1.loopsCutByRows }
  }

  /// Floating-point operations of one run; a multiply-add counts as two.
  public var flops: Int {
    instructions.reduce(0) { total, instruction in
      ((instruction.main.map { [$0] } ?? []) + instruction.chain)
        .reduce(total) { sum, node in
          let (value, overflow) = sum.addingReportingOverflow(flops(of: node))
          return overflow ? .max : value
        }
    }
  }

  /// Floating-point operations of one node.
  package func flops(of id: Node.ID) -> Int { graph.flops(of: id) }
}

extension Plan.Instruction {
  /// A chain without a main operation in tasks of so many rows; nil for other instructions.
  func cut(rows: Int, rowsATask: Int) -> Plan.Instruction? {
    guard main == nil, let program else { return nil }
    return with(elementsATask: program.type.shape.count / rows * rowsATask)
  }
}

extension [Node] {
  /// Adds a node that copies another, and gives its number.
  mutating func appendCopy(of id: Node.ID) -> Node.ID {
    let value = self[id]
    append(
      Node(
        id: count, content: .operation(BroadcastTo(value.type.shape), inputs: [id]),
        type: value.type, path: value.path))
    return count - 1
  }
}

extension Graph {
  /// Floating-point operations of one node.
  func flops(of id: Node.ID) -> Int {
    let node = nodes[id]
    return node.operation?.flops(
      inputs: node.inputs.map { nodes[$0].type }, output: node.type) ?? 0
  }

  /// The graph with an operation for every output whose result is nothing else: a copy is put in
  /// where an output is a leaf, a view, another output or an update.
  func withOutputsApart() -> Graph {
    var nodes = nodes
    var taken: Set<Node.ID> = []
    let outputs = outputs.map { output in
      let operation = nodes[output.node].operation
      let isApart =
        operation.map { $0.structure != .view } == true && taken.insert(output.node).inserted
      return (name: output.name, node: isApart ? output.node : nodes.appendCopy(of: output.node))
    }
    let updates = updates.map { update in
      (
        variable: update.variable,
        value: taken.contains(update.value)
          ? nodes.appendCopy(of: update.value) : update.value
      )
    }
    return Graph(nodes: nodes, outputs: outputs, updates: updates)
  }

  /// The graph with every update's value computed by an operation of its own, which can then
  /// write into the variable, and with every output in memory that no update changes: a copy is
  /// put in where a value is a leaf, a view or shared.
  func withDirectUpdates() -> Graph {
    var nodes = nodes
    var taken: Set<Node.ID> = []
    let updates = updates.map { update -> (variable: Node.ID, value: Node.ID) in
      if let operation = nodes[update.value].operation, operation.structure != .view,
        taken.insert(update.value).inserted
      {
        return update
      }
      return (update.variable, nodes.appendCopy(of: update.value))
    }
    let updated = Set(updates.map(\.variable))
    let outputs = outputs.map { output in
      var source = nodes[output.node]
      while let operation = source.operation, operation.structure == .view {
        source = nodes[source.inputs[0]]
      }
      return (
        output.name, updated.contains(source.id) ? nodes.appendCopy(of: output.node) : output.node
      )
    }
    return Graph(nodes: nodes, outputs: outputs, updates: updates)
  }
}
