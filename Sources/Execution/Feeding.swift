import CKernels
import GraphIR

/// A step of a plan each of whose tasks reads some columns of an input alone: it can pick them itself
/// from a data set's rows, without another thread having to be asked, or its cache read.
package struct ColumnStep {
  /// Where it stands among the steps.
  let place: Int
  let call: KernelLaunch.Call
  let tasks: Int
  /// How many columns a task reads; the last one may read fewer.
  let columns: Int
}

extension Executor {
  /// The first step that reads an input, where its tasks can pick the input's rows.
  package func columnStep(reading input: String) -> ColumnStep? {
    steps.columnStep(reading: input)
  }

  /// Runs the plan, and `body` where a step's turn comes, which has to run that step.
  package func run(_ step: ColumnStep, by body: () -> Void) {
    run {
      steps.run(..<step.place)
      body()
      steps.run((step.place + 1)...)
    }
  }
}

extension StepList {
  /// The first step that reads an input, where it is a product whose sums are cut, with the input on
  /// its left.
  fileprivate func columnStep(reading input: String) -> ColumnStep? {
    let (plan, nodes) = (memory.plan, memory.plan.graph.nodes)
    func isInput(_ id: Node.ID) -> Bool {
      if case .input(input) = nodes[plan.root[id]].content { true } else { false }
    }
    let first = plan.instructions.firstIndex { instruction in
      instruction.nodes.contains { nodes[$0].inputs.contains(where: isInput) }
    }
    guard let first, let main = plan.instructions[first].main,
      nodes[main].operation is MatrixProduct || nodes[main].operation is ArrangedMatrixProduct,
      isInput(nodes[main].inputs[0]), !isInput(nodes[main].inputs[1]),
      nodes[nodes[main].inputs[0]].type.shape.rank == 2,
      !ShortChain.runs(plan.instructions[first], of: plan),
      let (place, call, tasks) = self.first(of: first)
    else { return nil }
    let columns = bp_gemm_columns_read(call.arguments.assumingMemoryBound(to: bp_gemm.self))
    guard columns > 0 else { return nil }
    return ColumnStep(place: place, call: call, tasks: tasks, columns: Int(columns))
  }
}
