import Execution
import GraphIR
import Layers
import Tensors

/// What a full-batch rule makes small: E(w), the loss over all training rows with its penalties, as a
/// function of the vector w of all trained weights.
///
/// The weights stand one behind the other, parameter after parameter in the order of their declaration,
/// each in row-major order. Everything is computed by plans over all rows, compiled when first asked
/// for; they share the rows and the weights. In Float32 networks w is rounded on its way in.
///
/// An objective is used by one thread at a time.
public final class Objective {
  /// The numbers of w.
  public let weightCount: Int
  /// The rows that E is over.
  public let rows: Int
  /// The run's seed, for rules that use random numbers.
  public let seed: UInt64
  /// How often E has been computed, with or without its slope, in this process.
  public private(set) var evaluations = 0

  let program: StepProgram
  let declarations: [ParameterDeclaration]
  let variables: VariableStore
  /// What runs E; made at once, for what it refuses.
  private let value: Executor
  private let plans: PlanCache
  private var slope: Executor?
  /// The Jacobian of the errors, for sums of squares.
  var jacobian: ErrorJacobian?

  /// - Throws: ``TrainingError`` where E depends on more than the weights; `GraphError` where the
  ///   network does not fit its data.
  init(
    _ program: StepProgram, _ data: PreparedData, variables: VariableStore, threads: Int?,
    plans: PlanCache
  ) throws {
    self.program = program
    self.variables = variables
    self.plans = plans
    (rows, seed) = (data.count, program.options.seed)
    let (traced, plan) = try plans.step("objective \(data.count)") {
      try program.objective(rows: data.count, .value)
    }
    declarations = traced.parameters
    weightCount = declarations.trainedCount
    value = try Executor(plan, variables: variables, threads: threads)
    let all = program.batchedInput(rows)
    let pool = value.pool
    try variables.set(
      StepProgram.ObjectiveName.input,
      Tensor(shape: all.shape, type: all.scalarType) {
        data.features.gather(Array(0..<data.count)[...], into: $0, by: pool)
      })
    try variables.set(StepProgram.ObjectiveName.target, data.targets)
  }

  /// The threads that all plans share.
  var pool: ThreadPool { value.pool }

  /// w as the variables hold it.
  var weights: [Double] {
    trained.flatMap { variables[$0.name]?.doubles ?? [] }
  }

  private var trained: [ParameterDeclaration] { declarations.filter(\.isTrained) }

  /// Gives the parameters the values of w.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where w has another size.
  func set(_ w: [Double]) throws {
    guard w.count == weightCount else {
      throw TrainingError.data("a vector of \(w.count) weights, expected \(weightCount)")
    }
    var place = 0
    for parameter in trained {
      let count = parameter.type.shape.count
      try variables.set(
        parameter.name,
        Tensor(
          Array(w[place..<place + count]), shape: parameter.type.shape,
          type: program.options.precision))
      place += count
    }
  }

  /// E(w), penalties included.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where w has another size.
  public func loss(at w: [Double]) throws -> Double {
    try set(w)
    value.run()
    evaluations += 1
    return try value.output(StepProgram.Name.loss).scalar
  }

  /// E(w) and ∂E/∂w.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where w has another size.
  public func gradient(at w: [Double]) throws -> (loss: Double, gradient: [Double]) {
    let executor =
      try slope
      ?? executor("slope \(rows)") { try program.objective(rows: rows, .gradient).graph }
    slope = executor
    try set(w)
    executor.run()
    evaluations += 1
    return (
      try executor.output(StepProgram.Name.loss).scalar,
      try executor.output(StepProgram.ObjectiveName.gradient).doubles
    )
  }

  /// A plan that shares rows, weights and threads with the others.
  func executor(_ graph: Graph) throws -> Executor {
    try Executor(Plan(graph), variables: variables, pool: pool)
  }

  /// The same, where runs that share their plans share this one.
  ///
  /// - Parameter name: What the graph is.
  func executor(_ name: String, _ graph: () throws -> Graph) throws -> Executor {
    try Executor(plans.plan(name, graph), variables: variables, pool: pool)
  }
}
