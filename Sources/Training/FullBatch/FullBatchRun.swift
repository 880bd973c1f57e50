import Execution
import Layers

/// A full-batch rule within a training run: its session, its objective, and where it stands.
final class FullBatchRun {
  let objective: Objective
  private var session: any FullBatchSession
  private var weights: [Double] = []
  /// What the last iteration told.
  private(set) var figures: [TrainingFigure] = []

  /// - Throws: ``TrainingError`` where a setting has no meaning for the rule, or the rule cannot work
  ///   on the loss or network.
  init(
    _ rule: any FullBatchRule, _ program: StepProgram, _ data: PreparedData,
    variables: VariableStore, threads: Int?, plans: PlanCache
  ) throws {
    try Self.check(program.options, type(of: rule).kind, rows: data.count)
    objective = try Objective(
      program, data, variables: variables, threads: threads, plans: plans)
    guard objective.weightCount > 0 else {
      throw TrainingError.setting(
        name: "the network", found: "no weights that are trained", expected: "some to train")
    }
    session = try rule.session(for: objective)
  }

  /// Settings that are for rules with batches are refused rather than ignored.
  private static func check(_ options: TrainingOptions, _ kind: String, rows: Int) throws {
    func check(_ condition: Bool, _ name: String, _ found: String, _ expected: String) throws {
      guard condition else {
        throw TrainingError.setting(
          name: name, found: found, expected: "\(expected): \(kind) moves all weights at once")
      }
    }
    try check(
      (options.batchSize ?? rows) >= rows, "batch size", "\(options.batchSize ?? 0)",
      "all \(rows) rows")
    try check(
      options.schedule.schedule is ConstantSchedule, "schedule", options.schedule.schedule.text,
      "none")
    try check(options.clipping == .none, "gradient clipping", "\(options.clipping)", "none")
    try check(
      options.order != .streams, "the order of the rows", options.order.rawValue,
      "\(RowOrder.sequential.rawValue)")
  }

  /// Starts from the parameters as they are, and where a run goes on from its state.
  ///
  /// - Throws: ``TrainingError`` where the state is not one of this rule.
  func begin(from states: ParameterSet?) throws {
    weights = objective.weights
    if let states { try session.restore(FullBatchState(states)) }
  }

  /// One iteration; the parameters are then where it came to.
  func iterate() throws -> FullBatchIteration {
    let iteration = try session.iterate(&weights, on: objective)
    try objective.set(weights)
    figures = iteration.figures
    return iteration
  }

  /// What a checkpoint holds.
  var states: ParameterSet { session.state.tensors }
}
