import Execution
import GraphIR
import Tensors

/// The work of a whole step, instruction by instruction, and the memory that it takes.
///
/// It is read from the step's plan: from the graph as it runs, after what is not needed was left out.
///
/// ```swift
/// let plan = try trainer.plan(batch: 32, input: [784], target: TensorType([], .int32))
/// let work = StepWork(of: plan)
/// print(work.flops(.forward), work.flops(.backward), work.flops(.update))
/// ```
public struct StepWork: Hashable, Sendable {
  /// The instructions, in order; those within a loop once each, with their number of runs.
  public let instructions: [InstructionWork]
  /// The memory that the step takes.
  public let memory: StepMemory

  /// Reads a plan of a training step or of a forward pass.
  public init(of plan: Plan) {
    let phases = StepPhases(plan.graph)
    instructions = plan.instructions.enumerated().flatMap { place, instruction in
      Self.work(of: instruction, at: place, in: plan) { phases[$0] }
    }
    memory = StepMemory(of: plan, phases)
  }

  /// Floating-point operations of one part of the step; a multiply-add counts as two.
  public func flops(_ phase: WorkPhase) -> Int {
    total { $0.phase == phase ? $0.flops : 0 }
  }

  /// The multiply-adds of products and convolutions in one part of the step.
  public func multiplyAdds(_ phase: WorkPhase) -> Int {
    total { $0.phase == phase ? $0.multiplyAdds : 0 }
  }

  private func total(_ count: (OperationWork) -> Int) -> Int {
    instructions.reduce(0) { sum, instruction in
      sum.sum(instruction.operations.reduce(0) { $0.sum(count($1)) }.times(instruction.repeats))
    }
  }

  /// An instruction's work; a loop's is that of its steps' instructions.
  private static func work(
    of instruction: Plan.Instruction, at place: Int, in plan: Plan, repeats: Int = 1,
    phase: (Node.ID) -> WorkPhase
  ) -> [InstructionWork] {
    let nodes = instruction.nodes.map { plan.graph.nodes[$0] }
    if let main = instruction.main, let loop = plan.graph.nodes[main].operation as? Loop,
      let body = plan.loops[main]
    {
      let whole = phase(main)
      return body.instructions.flatMap {
        work(of: $0, at: place, in: body, repeats: repeats.times(loop.steps)) { _ in whole }
      }
    }
    func product(_ node: Node) -> ProductSize? {
      node.operation?.product(
        inputs: node.inputs.map { plan.graph.nodes[$0].type }, output: node.type)
    }
    let operations = nodes.compactMap { node -> OperationWork? in
      guard let operation = node.operation, operation.structure != .view else { return nil }
      return OperationWork(
        name: type(of: operation).name, path: node.path, phase: phase(node.id),
        flops: plan.flops(of: node.id), multiplyAdds: product(node)?.multiplyAdds ?? 0,
        rows: operation.structure == .elementwise ? 0 : Self.rows(node, in: plan.graph))
    }
    guard !operations.isEmpty else { return [] }
    return [
      InstructionWork(
        place: place, title: plan.title(of: instruction), operations: operations,
        product: instruction.main.flatMap { product(plan.graph.nodes[$0]) },
        bytes: plan.bytes(of: instruction), tasks: instruction.taskCount,
        isShort: plan.isShort(instruction), repeats: repeats)
    ]
  }
}

extension StepWork {
  /// The rows of a result: runs along the last axis where it is also the input's, else its elements.
  private static func rows(_ node: Node, in graph: Graph) -> Int {
    let count = node.type.shape.count
    let last = node.type.shape.dimensions.last ?? 1
    let input = node.inputs.first.flatMap { graph.nodes[$0].type.shape.dimensions.last } ?? 1
    return count / (last == input ? max(1, last) : 1)
  }
}

/// Which part of a step each node of its graph belongs to.
struct StepPhases {
  private let phases: [WorkPhase]

  subscript(id: Node.ID) -> WorkPhase { phases[id] }

  /// What the loss or an output is computed from is forward; what needs the learning rate, the step's
  /// number or an optimizer's state is update; the rest of what updates need is backward.
  init(_ graph: Graph) {
    var isForward = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { isForward[output.node] = true }
    for node in graph.nodes.reversed() where isForward[node.id] {
      for input in node.inputs { isForward[input] = true }
    }
    var isUpdate = [Bool](repeating: false, count: graph.nodes.count)
    for node in graph.nodes {
      switch node.content {
      case .input(let name): isUpdate[node.id] = StepNames.rates.contains(name)
      case .variable(let name): isUpdate[node.id] = name.hasPrefix(StepNames.statePrefix)
      case .constant: break
      case .operation(_, let inputs): isUpdate[node.id] = inputs.contains { isUpdate[$0] }
      }
    }
    // A network's own states, such as running means, follow from the forward pass.
    phases = graph.nodes.indices.map {
      isForward[$0] ? .forward : isUpdate[$0] ? .update : .backward
    }
  }
}
