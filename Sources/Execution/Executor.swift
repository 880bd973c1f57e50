import CKernels
import GraphIR
import Tensors

/// Runs a plan, as often as wanted.
///
/// The executor owns the plan's memory and, unless given some, its variables and threads. Inputs
/// and variables may be replaced between runs. A run allocates nothing (but for operations without
/// a fast kernel) and gives the same bits at any thread count. How many of its pool's threads take part it finds out
/// while it runs.
///
/// ```swift
/// let executor = try Executor(Plan(graph))
/// try executor.setInput("x", Tensor([1.0, 2.0]))
/// executor.run()
/// print(try executor.output("y"))
/// ```
///
/// An executor is used by one thread at a time.
public final class Executor {
  /// What runs.
  public let plan: Plan
  /// The variables, which other executors may share.
  public let variables: VariableStore
  /// The threads, which other executors may share.
  public let pool: ThreadPool

  let memory: PlanMemory
  let steps: StepList
  /// Nil where there is nothing that threads could share.
  private let search: TeamSearch?
  /// For inputs that a run was given the addresses of: where the kernels' arguments name them.
  var inputAddresses: [String: InputAddresses?] = [:]

  /// Makes a plan ready to run.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - variables: Variables to share; a new store by default.
  ///   - pool: Threads to share; a new pool by default, or where the given one has too little
  ///     scratch memory.
  ///   - threads: How many threads a new pool has; all processors by default.
  /// - Throws: ``ExecutionError/wrongType(_:found:expected:)`` where a shared variable has another
  ///   type.
  public init(
    _ plan: Plan, variables: VariableStore = VariableStore(), pool: ThreadPool? = nil,
    threads: Int? = nil
  ) throws {
    self.plan = plan
    self.variables = variables
    let scratch = plan.scratchSize
    if let pool, pool.offers(scratch: scratch) {
      self.pool = pool
    } else {
      self.pool = ThreadPool(threads: threads ?? pool?.threads, scratchSize: scratch)
    }
    memory = try PlanMemory(plan, variables: variables)
    steps = try StepList(memory, pool: self.pool)
    search =
      steps.isShared && self.pool.teams.count > 1
      ? TeamSearch(teamCount: self.pool.teams.count) : nil
  }

  // MARK: Values

  /// Gives an input the value that the next runs use.
  ///
  /// - Throws: ``ExecutionError`` where there is no such input, or it has another type.
  public func setInput(_ name: String, _ value: Tensor) throws {
    let (type, bytes) = try input(name)
    guard value.type == type else {
      throw ExecutionError.wrongType(name, found: value.type, expected: type)
    }
    value.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }

  /// Lets `body` write an input's elements in place.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such input.
  public func withInput<R>(
    _ name: String, _ body: (UnsafeMutableRawBufferPointer) throws -> R
  ) throws -> R {
    let (type, bytes) = try input(name)
    return try body(UnsafeMutableRawBufferPointer(rebasing: bytes[..<type.byteCount]))
  }

  private func input(_ name: String) throws -> (
    type: TensorType, bytes: UnsafeMutableRawBufferPointer
  ) {
    guard let input = memory.inputs[name] else {
      throw ExecutionError.unknown(name, known: memory.inputs.keys.sorted())
    }
    return input
  }

  /// An output of the last run.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such output.
  public func output(_ name: String) throws -> Tensor {
    let node = try outputNode(name)
    let type = plan.graph.nodes[node].type
    let source = memory.address(node)
    return Tensor(shape: type.shape, type: type.scalarType) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: type.byteCount))
    }
  }

  /// The type of an output.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such output.
  public func outputType(_ name: String) throws -> TensorType {
    plan.graph.nodes[try outputNode(name)].type
  }

  /// Where an output of every run lies, for reading it without a copy.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such output.
  public func outputBytes(_ name: String) throws -> UnsafeRawBufferPointer {
    let node = try outputNode(name)
    return UnsafeRawBufferPointer(
      start: memory.address(node), count: plan.graph.nodes[node].type.byteCount)
  }

  private func outputNode(_ name: String) throws -> Node.ID {
    guard let node = plan.graph.output(name) else {
      throw ExecutionError.unknown(name, known: plan.graph.outputs.map(\.name))
    }
    return node
  }

  // MARK: Running

  /// Runs the plan once, on as many of the pool's threads as run it the fastest.
  public func run() { run { steps.run() } }

  /// Runs the plan, by `body`, on as many threads as have turned out to be the fastest.
  @inline(__always)
  func run(by body: () -> Void) {
    if let search { run(by: search, body) } else { body() }
  }

  @inline(never)
  private func run(by search: TeamSearch, _ body: () -> Void) {
    if pool.team != search.team { pool.team = search.team }
    if search.takeRest() { return body() }
    let start = SuspendingClock.now
    body()
    search.ran(for: (SuspendingClock.now - start) / .seconds(1))
  }

  /// Runs the plan once on some of the pool's threads: a place in its ``ThreadPool/teams``.
  package func run(team: Int) {
    if pool.team != team { pool.team = team }
    steps.run()
  }

  /// Runs the plan once on all of the pool's threads.
  package func runOnAll() { run(team: pool.all) }

  /// The number of threads that was the fastest so far: a place in the pool's ``ThreadPool/teams``.
  var fastestTeam: Int { search?.chosen ?? pool.all }

  /// Runs one instruction of the plan, by its place.
  func run(instruction: Int) { steps.run(instruction: instruction) }
}
