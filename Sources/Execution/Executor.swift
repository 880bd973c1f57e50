import CKernels
import GraphIR
import Tensors

/// Runs a plan, as often as wanted.
///
/// The executor owns the plan's memory and, unless given some, its variables and threads. Inputs
/// and variables may be replaced between runs. A run allocates nothing (but for operations without
/// a fast kernel) and gives the same bits at any thread count.
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

  /// An instruction with all addresses known: a kernel, or a plain evaluation (by its number).
  private struct Step {
    let function: bp_task_function?
    let arguments: UnsafeRawPointer?
    let tasks: Int
    let plain: Int
  }

  private let arena: UnsafeMutableRawPointer
  private let arguments = ArgumentStore()
  /// Where inputs lie during a run on somebody else's memory.
  private var bound: [String: UnsafeMutableRawPointer] = [:]
  private var knownReaders: [String: [Int]?] = [:]
  private var inputs: [String: (type: TensorType, bytes: UnsafeMutableRawBufferPointer)] = [:]
  private var constants: [Node.ID: UnsafeMutableRawPointer] = [:]
  private let steps: UnsafeMutableBufferPointer<Step>
  private var plainEvaluations: [() -> Void] = []

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
    let scratch = plan.instructions.map(Self.scratchSize).max() ?? 0
    if let pool, pool.offers(scratch: scratch) {
      self.pool = pool
    } else {
      self.pool = ThreadPool(threads: threads ?? pool?.threads, scratchSize: scratch)
    }
    arena = allocateNumbers(byteCount: plan.arenaSize)
    steps = .allocate(capacity: plan.instructions.count)
    steps.initialize(repeating: Step(function: nil, arguments: nil, tasks: 0, plain: 0))
    for node in plan.graph.nodes { try makeLeaf(node) }
    for (index, instruction) in plan.instructions.enumerated() {
      steps[index] = lowered(instruction, arguments)
    }
  }

  deinit {
    arena.deallocate()
    steps.deallocate()
    for (_, bytes) in inputs.values { bytes.deallocate() }
    for pointer in constants.values { pointer.deallocate() }
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

  /// Runs the plan once on an input that lies in memory of the caller's, which is only read. Copies it
  /// where an operation without a fast kernel, or an output, reads it.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such input.
  /// - Precondition: `value` has the input's size.
  package func run(_ name: String, at value: UnsafeRawBufferPointer) throws {
    let (type, bytes) = try input(name)
    precondition(value.count == type.byteCount, "\(value.count) bytes for \(name) \(type)")
    let readers = knownReaders[name] ?? readers(of: name)
    knownReaders[name] = readers
    guard let readers, let start = value.baseAddress else {
      bytes.copyMemory(from: value)
      run()
      return
    }
    bound[name] = UnsafeMutableRawPointer(mutating: start)
    let usual = readers.map { steps[$0] }
    let store = ArgumentStore()
    for index in readers { steps[index] = lowered(plan.instructions[index], store) }
    run()
    bound[name] = nil
    for (index, step) in zip(readers, usual) { steps[index] = step }
    withExtendedLifetime(store) {}
  }

  /// The instructions that read an input; nil where it must lie in this executor's memory.
  private func readers(of name: String) -> [Int]? {
    let isInput = { (id: Node.ID) in self.plan.locations[id] == .input(name) }
    let readers = plan.instructions.indices.filter {
      plan.instructions[$0].nodes.contains { plan.graph.nodes[$0].inputs.contains(where: isInput) }
    }
    let isReadElsewhere =
      readers.contains { steps[$0].function == nil }
      || plan.graph.outputs.contains { isInput($0.node) }
    return isReadElsewhere ? nil : readers
  }

  private func input(_ name: String) throws -> (
    type: TensorType, bytes: UnsafeMutableRawBufferPointer
  ) {
    guard let input = inputs[name] else {
      throw ExecutionError.unknown(name, known: inputs.keys.sorted())
    }
    return input
  }

  /// An output of the last run.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such output.
  public func output(_ name: String) throws -> Tensor {
    let node = try outputNode(name)
    let type = plan.graph.nodes[node].type
    let source = address(node)
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
      start: address(node), count: plan.graph.nodes[node].type.byteCount)
  }

  private func outputNode(_ name: String) throws -> Node.ID {
    guard let node = plan.graph.output(name) else {
      throw ExecutionError.unknown(name, known: plan.graph.outputs.map(\.name))
    }
    return node
  }

  // MARK: Running

  /// Runs the plan once.
  public func run() {
    for step in steps {
      if let function = step.function, let arguments = step.arguments {
        pool.run(function, arguments, tasks: step.tasks)
      } else {
        plainEvaluations[step.plain]()
      }
    }
  }

  /// Runs one instruction of the plan, by its place.
  func run(instruction: Int) {
    let step = steps[instruction]
    if let function = step.function, let arguments = step.arguments {
      pool.run(function, arguments, tasks: step.tasks)
    } else {
      plainEvaluations[step.plain]()
    }
  }

  // MARK: Addresses

  private func makeLeaf(_ node: Node) throws {
    switch node.content {
    case .input(let name):
      if let known = inputs[name] {
        guard known.type == node.type else {
          throw ExecutionError.wrongType(name, found: node.type, expected: known.type)
        }
        return
      }
      let bytes = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(64, node.type.byteCount), alignment: 64)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      inputs[name] = (node.type, bytes)
    case .variable(let name):
      _ = try variables.bytes(name, node.type)
    case .constant(let tensor):
      let bytes = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(64, node.type.byteCount), alignment: 64)
      tensor.withUnsafeBytes { bytes.copyMemory(from: $0) }
      constants[node.id] = bytes.baseAddress
    case .operation: break
    }
  }

  /// Where a node's value lies.
  private func address(_ id: Node.ID) -> UnsafeMutableRawPointer {
    let node = plan.graph.nodes[plan.root[id]]
    let known: UnsafeMutableRawPointer? =
      switch plan.locations[id] {
      case .input(let name): bound[name] ?? inputs[name]?.bytes.baseAddress
      case .variable(let name): variables.address(name)
      case .constant(let node): constants[node]
      case .arena(let offset): arena + offset
      case .transient: nil
      }
    guard let known else { preconditionFailure("\(node) has no memory in its plan") }
    return known
  }

  // MARK: Lowering

  private static func scratchSize(_ instruction: Plan.Instruction) -> Int {
    let chain = instruction.program.map { $0.slotCount * $0.blockBytes } ?? 0
    let kept = instruction.keepsResult ? instruction.kernel?.keptScratch ?? 0 : 0
    return (instruction.kernel?.scratch ?? 0) + kept + chain + 64
  }

  private func lowered(_ instruction: Plan.Instruction, _ arguments: ArgumentStore) -> Step {
    let program = instruction.program.map { fused($0, arguments) }
    if let main = instruction.main {
      let node = plan.graph.nodes[main]
      let keepsResult = instruction.keepsResult
      let memory = KernelLaunch.Memory(
        inputs: node.inputs.map { address($0) }, output: keepsResult ? arena : address(main),
        epilogue: program, keepsResult: keepsResult)
      if let kernel = instruction.kernel {
        let call = kernel.bind(arguments, memory)
        return Step(
          function: call.function, arguments: call.arguments, tasks: kernel.tasks, plain: 0)
      }
      plainEvaluations.append(plainEvaluation(node, memory, then: program))
      return Step(function: nil, arguments: nil, tasks: 1, plain: plainEvaluations.count - 1)
    }
    guard let program else { preconditionFailure("an instruction does nothing") }
    return Step(
      function: bp_fused_task, arguments: UnsafeRawPointer(program), tasks: tasks(program), plain: 0
    )
  }

  private func tasks(_ program: UnsafePointer<bp_fused>) -> Int {
    let (count, perTask) = (program.pointee.count, program.pointee.per_task)
    return max(1, Int((count + perTask - 1) / perTask))
  }

  /// Runs an operation's plain evaluation on the plan's memory.
  private func plainEvaluation(
    _ node: Node, _ memory: KernelLaunch.Memory, then program: UnsafePointer<bp_fused>?
  ) -> () -> Void {
    guard let operation = node.operation else {
      preconditionFailure("\(node) is not an operation")
    }
    let types = node.inputs.map { plan.graph.nodes[$0].type }
    let parts = program.map { tasks($0) } ?? 0
    return { [pool] in
      let inputs = zip(types, memory.inputs).map { type, address in
        Tensor(shape: type.shape, type: type.scalarType) {
          $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: type.byteCount))
        }
      }
      operation.evaluate(inputs).withUnsafeBytes { result in
        if let base = result.baseAddress {
          memory.output.copyMemory(from: base, byteCount: result.count)
        }
      }
      if let program { pool.run(bp_fused_task, UnsafeRawPointer(program), tasks: parts) }
    }
  }

  /// An element-wise program with its addresses.
  private func fused(_ program: ElementwiseProgram, _ arguments: ArgumentStore)
    -> UnsafePointer<bp_fused>
  {
    let type = program.type.scalarType.kernelType
    let registers = program.registers.map { register -> bp_register in
      var result = bp_register()
      switch register {
      case .stream(let node):
        result.kind = BP_REGISTER_STREAM
        result.base = address(node)
      case .scalar(let node, let slot):
        result.kind = BP_REGISTER_SCALAR
        result.base = address(node)
        result.slot = Int32(slot)
      case .scratch(let slot):
        result.kind = BP_REGISTER_SCRATCH
        result.slot = Int32(slot)
      case .tile: result.kind = BP_REGISTER_TILE
      case .strided(let node, let slot, let sizes, let strides):
        result.kind = BP_REGISTER_STRIDED
        result.base = address(node)
        result.slot = Int32(slot)
        result.rank = Int32(sizes.count)
        fill(&result.sizes, sizes)
        fill(&result.strides, strides)
      }
      return result
    }
    let steps = program.steps.map { step -> bp_step in
      var result = bp_step()
      var registers = step.operands
      switch step.loop {
      case .map(let choice):
        result.map = bp_map_lookup(choice.code, type)
        result.given.0 = choice.parameter
        registers += [Int](repeating: -1, count: 3 - step.operands.count)
      case .composite(let composite, let given):
        result.composite = bp_composite_lookup(composite.code, type)
        fill(&result.given, given)
      }
      registers += step.results
      result.register_count = Int32(registers.count)
      fill(&result.registers, registers.map(Int32.init))
      return result
    }
    return arguments.store(
      bp_fused(
        type: type, count: Int64(program.type.shape.count), block: Int64(program.blockElements),
        per_task: Int64(program.elementsPerTask), register_count: Int32(registers.count),
        step_count: Int32(steps.count), slot_count: Int32(program.slotCount),
        registers: arguments.store(contentsOf: registers),
        steps: arguments.store(contentsOf: steps)))
  }
}
