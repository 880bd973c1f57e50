import GraphIR
import Tensors

/// What a loop's body computes, as far as its rows and what is fixed are concerned.
struct LoopValues {
  private let plan: Plan
  private let loop: Loop
  /// The inputs that are the same in all steps.
  private let fixed: Set<Node.ID>

  init(_ plan: Plan, _ loop: Loop) {
    self.plan = plan
    self.loop = loop
    let isSliced = Dictionary(
      zip(loop.body.graph.inputs.map(\.name), loop.body.isSliced), uniquingKeysWith: { $0 || $1 })
    fixed = Set(
      plan.graph.nodes.compactMap { node in
        guard case .input(let name) = node.content else { return nil }
        return isSliced[name] == false ? node.id : nil
      })
  }

  /// The first size of what is carried.
  var rows: Int { plan.graph.variables.first?.type.shape.dimensions.first ?? 0 }

  /// Bytes of the values that are the same in all steps.
  var fixedBytes: Int { fixed.reduce(0) { $0 + plan.graph.nodes[$1].type.byteCount } }

  /// Floating-point operations of all steps.
  var work: Int {
    let (work, overflow) = plan.flops.multipliedReportingOverflow(by: loop.steps)
    return overflow ? .max : work
  }

  // MARK: Kernels

  /// Packing takes as long as reading the matrix in a step or two.
  private static let fewSteps = 4

  /// A kernel for an instruction's main operation that makes use of there being many steps; nil where
  /// there is none.
  ///
  /// - Parameter rowsATask: Where given, a task has to do so many whole rows.
  func kernel(of instruction: Plan.Instruction, rowsATask: Int?) -> KernelLaunch? {
    guard let main = instruction.main, let operation = plan.graph.nodes[main].operation else {
      return nil
    }
    let node = plan.graph.nodes[main]
    let inputs = node.inputs.map { plan.graph.nodes[$0].type }
    let launch: KernelLaunch?
    if let product = operation as? MatrixProduct {
      let packs = isFixed(node.inputs[1]) && loop.steps >= Self.fewSteps
      launch = KernelTable.productOfLoop(
        product, inputs, node.type, rowsATask: rowsATask, packsRight: packs)
    } else if let concatenation = operation as? Concatenate, let rowsATask {
      launch = KernelTable.concatenation(concatenation, inputs, node.type, rowsATask: rowsATask)
    } else {
      launch = nil
    }
    return instruction.keepsResult && launch?.keptScratch == nil ? nil : launch
  }

  private func isFixed(_ id: Node.ID) -> Bool {
    let root = plan.root[id]
    return fixed.contains(root) || plan.graph.nodes[root].constant != nil
  }

  // MARK: Rows

  /// Whether each row that a step computes is computed from the same row alone of what it and the
  /// steps before compute, by instructions that can be cut by rows.
  func keepRowsApart(rowsATask: Int) -> Bool {
    let reads = RowReads(
      graph: plan.graph, root: plan.root, views: plan.views, rows: rows, isComputed: isComputed)
    return plan.instructions.allSatisfy { instruction in
      guard instruction.nodes.allSatisfy({ reads.hasRows($0) }) else { return false }
      if let main = instruction.main {
        guard mainKeepsRowsApart(main, reads),
          kernel(of: instruction, rowsATask: rowsATask) != nil
        else { return false }
      }
      return instruction.program.map { $0.registers.allSatisfy(reads.keepsRowsApart) } ?? true
    }
  }

  private func mainKeepsRowsApart(_ main: Node.ID, _ reads: RowReads) -> Bool {
    let node = plan.graph.nodes[main]
    if let product = node.operation as? MatrixProduct {
      return !product.transposeA && node.type.shape.rank == 2
        && plan.graph.nodes[node.inputs[1]].type.shape.rank == 2
        && reads.isReadByRows(node.inputs[0]) && !isComputed(plan.root[node.inputs[1]])
    }
    if let concatenation = node.operation as? Concatenate {
      return concatenation.axis > 0 && node.inputs.allSatisfy(reads.isReadByRows)
    }
    return false
  }

  /// Whether an instruction of the body writes a memory, named by the node that it belongs to.
  private func isComputed(_ memory: Node.ID) -> Bool {
    switch plan.graph.nodes[memory].content {
    case .operation, .variable: true
    case .input, .constant: false
    }
  }
}
