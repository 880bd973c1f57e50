import CKernels
import GraphIR
import Tensors

/// A plan's instructions with all addresses known, ready to run.
final class StepList {
  /// A kernel, a stage of several strands, or something else to do (by its number): a plain evaluation, a
  /// loop.
  private struct Step {
    let function: bp_task_function?
    let arguments: UnsafeRawPointer?
    /// ``stage`` where it is one.
    var tasks = 1
    var other = 0

    static let stage = -1

    init(_ call: KernelLaunch.Call, tasks: Int = 1) {
      (function, arguments, self.tasks) = (call.function, call.arguments, tasks)
    }

    init(other: Int) {
      (function, arguments, self.other) = (nil, nil, other)
    }

    init(stage: UnsafePointer<bp_stage>) {
      (function, arguments, tasks) = (bp_stage_task, UnsafeRawPointer(stage), Self.stage)
    }

    var call: KernelLaunch.Call? {
      guard let function, let arguments else { return nil }
      return KernelLaunch.Call(function: function, arguments: arguments)
    }
  }

  private var steps = UnsafeMutableBufferPointer<Step>(start: nil, count: 0)
  /// The steps of each instruction by itself: its kernel, and what is left when that is done.
  private var own: [[Step]] = []
  /// Where each instruction begins that is a step, or two, by itself.
  private var places: [Int: Int] = [:]
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
    for (index, instruction) in instructions.enumerated() {
      own.append(try step(instruction, packed: packed[index], isTrial: isTrial))
    }
    lay(memory.plan.stages)
  }

  /// Writes the steps of all stages down, one behind another.
  private func lay(_ stages: [Stage]) {
    var all: [Step] = []
    for stage in stages {
      switch stage {
      case .one(let place):
        places[place] = all.count
        all += own[place]
      case .begun(let place):
        places[place] = all.count
        all.append(own[place][0])
      case .strands(let strands):
        let calls = strands.map { strand in
          StrandCalls(
            calls: strand.instructions.compactMap { own[$0].last?.call }, tasks: strand.tasks,
            work: strand.work)
        }
        all.append(Step(stage: arguments.stage(calls, teams: pool.teams)))
      }
    }
    steps = .allocate(capacity: all.count)
    _ = steps.initialize(from: all)
  }

  deinit { steps.deallocate() }

  /// Whether threads share the work of some step, or may: of a loop or a plain evaluation.
  var isShared: Bool { steps.contains { $0.tasks != 1 || $0.function == nil } }

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

  /// Runs some steps, one after another.
  func run(_ places: some RangeExpression<Int>) {
    for step in steps[places.relative(to: steps)] { run(step) }
  }

  /// The step that an instruction begins with, and its kernel's call; nil where it is not one by itself.
  func first(of instruction: Int) -> (step: Int, call: KernelLaunch.Call, tasks: Int)? {
    guard let place = places[instruction], let call = steps[place].call else { return nil }
    return (place, call, steps[place].tasks)
  }

  /// Runs one instruction of the plan, by its place.
  func run(instruction: Int) {
    for step in own[instruction] { run(step) }
  }

  @inline(__always)
  private func run(_ step: Step) {
    if step.tasks == 1, let function = step.function, let arguments = step.arguments {
      pool.runAlone(function, arguments)
    } else {
      runOther(step)
    }
  }

  @inline(never)
  private func runOther(_ step: Step) {
    guard let function = step.function, let arguments = step.arguments else {
      others[step.other]()
      return
    }
    if step.tasks == Step.stage {
      pool.run(stage: arguments.assumingMemoryBound(to: bp_stage.self))
    } else {
      pool.run(function, arguments, tasks: step.tasks)
    }
  }

  // MARK: Instructions

  private func step(
    _ instruction: Plan.Instruction, packed: UnsafeMutableRawPointer?, isTrial: Bool
  ) throws -> [Step] {
    if let call = ShortChain(instruction, memory, arguments)?.call() { return [Step(call)] }
    let program = instruction.program.map { fused($0, elementsATask: instruction.elementsATask) }
    guard let main = instruction.main else {
      guard let program else { preconditionFailure("an instruction does nothing") }
      return [
        Step(
          KernelLaunch.Call(function: bp_fused_task, arguments: UnsafeRawPointer(program)),
          tasks: tasks(program))
      ]
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
            KernelLaunch.Call(function: packing.function, arguments: call.arguments),
            tasks: packing.tasks))
      }
      let finish = kernel.finish.map { finish in
        Step(
          KernelLaunch.Call(function: finish.function, arguments: call.arguments),
          tasks: finish.tasks)
      }
      return [Step(call, tasks: kernel.tasks)] + (finish.map { [$0] } ?? [])
    }
    let addresses = arguments.store(contentsOf: inputs + [output])
    if isTrial { return [Step(other: -1)] }
    if let loop = node.operation as? Loop, let plan = memory.plan.loops[main] {
      let runner = try LoopRunner(loop, plan, pool: pool, addresses: addresses)
      others.append { runner.run() }
    } else {
      others.append(plainEvaluation(node, addresses, then: program))
    }
    return [Step(other: others.count - 1)]
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

  /// An element-wise program with its addresses.
  private func fused(_ program: ElementwiseProgram, elementsATask: Int?)
    -> UnsafePointer<bp_fused>
  {
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
        per_task: Int64(elementsATask ?? program.elementsPerTask),
        register_count: Int32(registers.count),
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
