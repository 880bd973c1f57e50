import Execution
import GraphIR
import Synchronization

/// The compiled plans of one network and its settings, which runs share that differ in numbers alone: in
/// their seeds, or in which rows they learn from.
///
/// A plan holds no numbers; each run has its own executors and variables.
final class PlanCache: Sendable {
  private struct State {
    var traced: [String: (traced: StepProgram.Traced, plan: Plan)] = [:]
    var plans: [String: Plan] = [:]
  }

  private let state = Mutex(State())

  /// What a name stands for, with its plan; written and compiled when first asked for.
  ///
  /// - Throws: What writing and compiling throw.
  func step(
    _ name: String, _ traced: () throws -> StepProgram.Traced
  ) throws -> (traced: StepProgram.Traced, plan: Plan) {
    // Others that need the same wait for it rather than compile it too.
    try state.withLock { state in
      if let known = state.traced[name] { return known }
      let traced = try traced()
      let step = (traced: traced, plan: try Plan(traced.graph))
      state.traced[name] = step
      return step
    }
  }

  /// The plan of a graph that this name stands for.
  ///
  /// - Throws: What writing and compiling throw.
  func plan(_ name: String, _ graph: () throws -> Graph) throws -> Plan {
    try state.withLock { state in
      if let known = state.plans[name] { return known }
      let plan = try Plan(graph())
      state.plans[name] = plan
      return plan
    }
  }
}
