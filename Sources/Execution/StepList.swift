import CKernels
import GraphIR
import Tensors

/// A plan's instructions with all addresses known, ready to run.
final class StepList {
  /// A kernel, or something else to do (by its number): a plain evaluation, a loop.
  private struct Step {
    let function: bp_task_function?
    let arguments: UnsafeRawPointer?
    let tasks: Int
    let other: Int
  }

  private let steps: UnsafeMutableBufferPointer<Step>
  private var others: [() -> Void] = []
  /// What is done once before the steps run many times.
  private var preparations: [Step] = []
  /// Where it leaves its results, by the instructions' places.
  private var packed: [Int: UnsafeMutableRawPointer] = [:]
  private let packedStore = ArgumentStore()
  private let pool: ThreadPool
  let memory: PlanMemory
  /// What the kernels are given. Every address that they, or the others, work on is read from there.
  let arguments = ArgumentStore()

  /// - Parameters:
  ///   - isTrial: Whether the steps will not run: only their arguments are wanted.
  ///   - other: A list of the same plan whose ``prepare()`` serves this one too.
  /// - Throws: ``ExecutionError`` where a loop cannot be made ready.
  init(
    _ memory: PlanMemory, pool: ThreadPool, isTrial: Bool = false, sharing other: StepList? = nil
  ) throws {
    self.pool = pool
    self.memory = memory
    let instructions = memory.plan.instructions
    if let other {
      packed = other.packed
    } else {
      for (index, instruction) in instructions.enumerated() {
        guard let packing = instruction.kernel?.packing else { continue }
        packed[index] = packedStore.zeros(byteCount: packing.bytes)
      }
    }
    steps = .allocate(capacity: instructions.count)
    steps.initialize(repeating: Step(function: nil, arguments: nil, tasks: 0, other: 0))
    for (index, instruction) in instructions.enumerated() {
      steps[index] = try step(instruction, packed: packed[index], isTrial: isTrial)
    }
  }

  deinit { steps.deallocate() }

  /// Runs all instructions, one after another.
  @inline(__always)
  func run() {
    for step in steps { run(step) }
  }

  /// What kernels want done once before the steps run many times.
  func prepare() { for step in preparations { run(step) } }

  /// Runs one task of each instruction, one after another, where all are cut in the same way.
  @inline(__always)
  func run(task: Int, scratch: UnsafeMutableRawPointer?) {
    for step in steps { step.function?(step.arguments, Int64(task), scratch) }
  }

  /// Runs the instructions in some places, one after another.
  func run(_ places: some RangeExpression<Int>) {
    for step in steps[places.relative(to: steps)] { run(step) }
  }

  /// What an instruction's kernel is given, and in how many tasks; nil where there is none.
  func call(_ instruction: Int) -> (KernelLaunch.Call, tasks: Int)? {
    let step = steps[instruction]
    guard let function = step.function, let arguments = step.arguments else { return nil }
    return (KernelLaunch.Call(function: function, arguments: arguments), step.tasks)
  }

  /// Runs one instruction of the plan, by its place.
  func run(instruction: Int) { run(steps[instruction]) }

  @inline(__always)
  private func run(_ step: Step) {
    if let function = step.function, let arguments = step.arguments {
      pool.run(function, arguments, tasks: step.tasks)
    } else {
      others[step.other]()
    }
  }

  // MARK: Instructions

  private func step(
    _ instruction: Plan.Instruction, packed: UnsafeMutableRawPointer?, isTrial: Bool
  ) throws -> Step {
    if let call = ShortChain(instruction, memory, arguments)?.call() {
      return Step(function: call.function, arguments: call.arguments, tasks: 1, other: 0)
    }
    let program = instruction.program.map { fused($0) }
    guard let main = instruction.main else {
      guard let program else { preconditionFailure("an instruction does nothing") }
      return Step(
        function: bp_fused_task, arguments: UnsafeRawPointer(program), tasks: tasks(program),
        other: 0)
    }
    let node = memory.plan.graph.nodes[main]
    let inputs = node.inputs.map { memory.address($0) }
    let keepsResult = instruction.keepsResult
    let output = keepsResult ? memory.arena : memory.address(main)
    if let kernel = instruction.kernel {
      let call = kernel.bind(
        arguments,
        KernelLaunch.Memory(
          inputs: inputs, output: output, epilogue: program, keepsResult: keepsResult,
          packed: packed))
      if let packing = kernel.packing {
        preparations.append(
          Step(
            function: packing.function, arguments: call.arguments, tasks: packing.tasks, other: 0))
      }
      return Step(
        function: call.function, arguments: call.arguments, tasks: kernel.tasks, other: 0)
    }
    let addresses = arguments.store(contentsOf: inputs + [output])
    if isTrial { return Step(function: nil, arguments: nil, tasks: 1, other: 0) }
    if let loop = node.operation as? Loop, let plan = memory.plan.loops[main] {
      let runner = try LoopRunner(loop, plan, pool: pool, addresses: addresses)
      others.append { runner.run() }
    } else {
      others.append(plainEvaluation(node, addresses, then: program))
    }
    return Step(function: nil, arguments: nil, tasks: 1, other: others.count - 1)
  }

  private func tasks(_ program: UnsafePointer<bp_fused>) -> Int {
    let (count, perTask) = (program.pointee.count, program.pointee.per_task)
    return max(1, Int((count + perTask - 1) / perTask))
  }

  /// Runs an operation's plain evaluation: on its inputs' addresses, into the one behind them.
  private func plainEvaluation(
    _ node: Node, _ addresses: UnsafePointer<UnsafeMutableRawPointer>,
    then program: UnsafePointer<bp_fused>?
  ) -> () -> Void {
    guard let operation = node.operation else {
      preconditionFailure("\(node) is not an operation")
    }
    let types = node.inputs.map { memory.plan.graph.nodes[$0].type }
    let parts = program.map { tasks($0) } ?? 0
    return { [pool] in
      let inputs = types.enumerated().map { index, type in
        Tensor(shape: type.shape, type: type.scalarType) {
          $0.copyMemory(
            from: UnsafeRawBufferPointer(start: addresses[index], count: type.byteCount))
        }
      }
      operation.evaluate(inputs).withUnsafeBytes { result in
        if let base = result.baseAddress {
          addresses[types.count].copyMemory(from: base, byteCount: result.count)
        }
      }
      if let program { pool.run(bp_fused_task, UnsafeRawPointer(program), tasks: parts) }
    }
  }

  // MARK: Element-wise programs

  private func elementsPerTask(_ program: ElementwiseProgram) -> Int {
    guard let cut = memory.plan.rowCut else { return program.elementsPerTask }
    return program.type.shape.count / cut.rows * cut.rowsATask
  }

  /// An element-wise program with its addresses.
  private func fused(_ program: ElementwiseProgram) -> UnsafePointer<bp_fused> {
    let type = program.type.scalarType.kernelType
    let registers = program.registers.map { $0.kernelRegister(memory) }
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
        per_task: Int64(elementsPerTask(program)), register_count: Int32(registers.count),
        step_count: Int32(steps.count), slot_count: Int32(program.slotCount),
        registers: arguments.store(contentsOf: registers),
        steps: arguments.store(contentsOf: steps)))
  }
}

extension Plan {
  /// Bytes of scratch memory that each thread needs.
  var scratchSize: Int {
    let own = instructions.map { instruction in
      let chain = instruction.program.map { $0.slotCount * $0.blockBytes } ?? 0
      let kept = instruction.keepsResult ? instruction.kernel?.keptScratch ?? 0 : 0
      return (instruction.kernel?.scratch ?? 0) + kept + chain + 64
    }
    return (own + loops.values.map(\.scratchSize)).max() ?? 0
  }
}

extension ElementwiseProgram.Register {
  /// The register with its address.
  func kernelRegister(_ memory: PlanMemory) -> bp_register {
    var result = bp_register()
    func lies(
      at place: ElementwiseProgram.Place, _ kind: bp_register_kind, slot: Int = 0
    ) {
      result.kind = kind
      result.base = memory.address(memory: place.memory, start: place.start)
      result.slot = Int32(slot)
    }
    switch self {
    case .stream(let place): lies(at: place, BP_REGISTER_STREAM)
    case .scalar(let place, let slot): lies(at: place, BP_REGISTER_SCALAR, slot: slot)
    case .scratch(let slot):
      result.kind = BP_REGISTER_SCRATCH
      result.slot = Int32(slot)
    case .tile: result.kind = BP_REGISTER_TILE
    case .strided(let place, let slot, let sizes, let strides):
      lies(at: place, BP_REGISTER_STRIDED, slot: slot)
      result.rank = Int32(sizes.count)
      fill(&result.sizes, sizes)
      fill(&result.strides, strides)
    }
    return result
  }
}
