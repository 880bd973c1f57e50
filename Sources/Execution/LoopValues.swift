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
    plan.instructions.allSatisfy { instruction in
      guard instruction.nodes.allSatisfy({ hasRows($0) }) else { return false }
      if let main = instruction.main {
        guard mainKeepsRowsApart(main),
          kernel(of: instruction, rowsATask: rowsATask) != nil
        else { return false }
      }
      return instruction.program.map { $0.registers.allSatisfy(keepsRowsApart) } ?? true
    }
  }

  private func mainKeepsRowsApart(_ main: Node.ID) -> Bool {
    let node = plan.graph.nodes[main]
    if let product = node.operation as? MatrixProduct {
      return !product.transposeA && node.type.shape.rank == 2
        && plan.graph.nodes[node.inputs[1]].type.shape.rank == 2
        && isReadByRows(node.inputs[0]) && !isComputed(node.inputs[1])
    }
    if let concatenation = node.operation as? Concatenate {
      return concatenation.axis > 0 && node.inputs.allSatisfy(isReadByRows)
    }
    return false
  }

  /// Whether an instruction of the body writes a node's memory.
  private func isComputed(_ id: Node.ID) -> Bool {
    switch plan.graph.nodes[plan.root[id]].content {
    case .operation, .variable: true
    case .input, .constant: false
    }
  }

  private func hasRows(_ id: Node.ID) -> Bool {
    let shape = plan.graph.nodes[id].type.shape
    return shape.rank > 0 && shape[0] == rows && shape.count > 0
  }

  /// Whether a node has rows, and they lie where its memory's do.
  private func isReadByRows(_ id: Node.ID) -> Bool {
    guard hasRows(id) else { return false }
    let (root, view) = (plan.root[id], plan.views[id])
    return !isComputed(id)
      || (hasRows(root) && view == ElementView()
        && plan.graph.nodes[root].type.shape.count == plan.graph.nodes[id].type.shape.count)
  }

  private func keepsRowsApart(_ register: ElementwiseProgram.Register) -> Bool {
    switch register {
    case .scratch, .tile: true
    case .stream(let place): !isComputed(place.memory) || (place.isWhole && hasRows(place.memory))
    case .scalar(let place, _): !isComputed(place.memory)
    case .strided(let place, _, let sizes, let strides):
      !isComputed(place.memory)
        || (hasRows(place.memory) && staysInRow(place, sizes: sizes, strides: strides))
    }
  }

  /// Whether what is read for a row by strides lies in the memory's same row.
  private func staysInRow(_ place: ElementwiseProgram.Place, sizes: [Int], strides: [Int]) -> Bool {
    let length = plan.graph.nodes[place.memory].type.shape.count / rows
    guard sizes.first == rows, strides.first == length, strides.allSatisfy({ $0 >= 0 }) else {
      return false
    }
    let last = zip(sizes, strides).dropFirst().reduce(place.start) { $0 + ($1.0 - 1) * $1.1 }
    return place.start >= 0 && last < length
  }
}
