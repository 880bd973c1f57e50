import CKernels
import GraphIR
import Tensors

/// Runs a loop: its body's plan, once for every step.
///
/// The body's inputs and outputs are read and written where the slices of the loop's own lie, without
/// copies: before each step, the addresses in the kernels' arguments that depend on the step are set.
/// They are found by making the arguments twice, for two sets of made-up addresses, and comparing.
///
/// Where the plan is cut by rows (``RowCut``), each task has arguments and intermediate values of its
/// own, and goes through all steps with its rows of what is carried.
final class LoopRunner {
  /// An address in the kernels' arguments: so many bytes into one of the values outside.
  private struct Address {
    let word: UnsafeMutablePointer<Int>
    let value: Int
    let offset: Int
  }

  /// A value outside the body: where in the loop's own inputs or result it lies.
  private struct Value {
    let node: Node.ID
    /// The loop's input that it lies in; the number of inputs for the loop's result.
    let operand: Int
    /// Bytes from there to the first step's.
    let start: Int
    /// Bytes from one step's to the next one's: 0 where all steps have the same.
    let stride: Int
  }

  /// A carried value: where it is in the body, and where in the result it goes in the end.
  private struct Carried {
    let memory: UnsafeMutableRawPointer
    let operand: Int
    let final: Int
    let bytes: Int
  }

  /// What runs in a step, or a task of it.
  private struct Part {
    let list: StepList
    /// The addresses that are the same in all steps, and the others.
    let fixed: [Address]
    let sliced: [Address]
  }

  private let values: [Value]
  private let carried: [Carried]
  private let order: [Int]
  /// One for each task of a loop that is cut by rows, else one.
  private let parts: [Part]
  private let pool: ThreadPool
  private let resultOperand: Int
  /// Where the loop's inputs and, behind them, its result lie.
  private let addresses: UnsafePointer<UnsafeMutableRawPointer>

  /// - Throws: ``ExecutionError`` where the body cannot be made ready.
  init(
    _ loop: Loop, _ plan: Plan, pool: ThreadPool, addresses: UnsafePointer<UnsafeMutableRawPointer>
  ) throws {
    self.addresses = addresses
    self.pool = pool
    let given = loop.body.graph.inputs
    resultOperand = given.count + loop.body.graph.variables.count
    order = loop.isReversed ? (0..<loop.steps).reversed() : Array(0..<loop.steps)
    values = Self.values(loop, plan, result: resultOperand)

    let variables = VariableStore()
    let values = values
    func list(set: Int, isTrial: Bool = false, sharing other: StepList? = nil) throws -> StepList {
      let memory = try PlanMemory(
        plan, variables: variables, external: Self.madeUp(values, set: set))
      return try StepList(memory, pool: pool, isTrial: isTrial, sharing: other)
    }
    let first = try list(set: 0)
    let trial = try list(set: 1, isTrial: true, sharing: first)
    let more = try (1..<(plan.rowCut?.tasks ?? 1)).map { _ in try list(set: 0, sharing: first) }
    parts = ([first] + more).map { list in
      let all = Self.addresses(list.arguments, trial.arguments, count: values.count)
      return Part(
        list: list, fixed: all.filter { values[$0.value].stride == 0 },
        sliced: all.filter { values[$0.value].stride != 0 })
    }
    carried = zip(loop.body.graph.variables, loop.finals).enumerated().compactMap {
      index, pair -> Carried? in
      let size = pair.0.type.scalarType.size
      return variables.address(pair.0.name).map { memory in
        Carried(
          memory: memory, operand: given.count + index, final: pair.1.start * size,
          bytes: pair.0.type.byteCount)
      }
    }
  }

  /// The values outside the body that its plan works on.
  private static func values(_ loop: Loop, _ plan: Plan, result: Int) -> [Value] {
    let names = loop.body.graph.inputs.map(\.name)
    let inputs = plan.graph.nodes.compactMap { node -> Value? in
      guard case .input(let name) = node.content, let operand = names.firstIndex(of: name) else {
        return nil
      }
      return Value(
        node: node.id, operand: operand, start: 0,
        stride: loop.body.isSliced[operand] ? node.type.byteCount : 0)
    }
    let outputs = zip(plan.graph.outputs, loop.outputs).map { output, part in
      let type = plan.graph.nodes[output.node].type
      return Value(
        node: output.node, operand: result, start: part.start * type.scalarType.size,
        stride: type.byteCount)
    }
    return inputs + outputs
  }

  /// Addresses that nothing lies at: far apart, and of the second set none a multiple of 64 bytes
  /// from that of the first, as those of real blocks are.
  private static func madeUp(_ values: [Value], set: Int) -> [Node.ID: UnsafeMutableRawPointer] {
    Dictionary(
      uniqueKeysWithValues: values.enumerated().compactMap { index, value in
        UnsafeMutableRawPointer(bitPattern: madeUp(index, set: set)).map { (value.node, $0) }
      })
  }

  private static func madeUp(_ index: Int, set: Int) -> Int {
    (index + 1) << 44 + set * ((index + 1) << 36 + 8)
  }

  /// The words of the arguments that are addresses of the values.
  private static func addresses(_ a: ArgumentStore, _ b: ArgumentStore, count: Int) -> [Address] {
    let shifts = Dictionary(
      uniqueKeysWithValues: (0..<count).map {
        (madeUp($0, set: 1) - madeUp($0, set: 0), $0)
      })
    return zip(a.contents, b.contents).flatMap { a, b -> [Address] in
      let (first, second) = (a.bindMemory(to: Int.self), b.bindMemory(to: Int.self))
      return first.indices.compactMap { index in
        guard first[index] != second[index],
          let value = shifts[second[index] &- first[index]], let base = first.baseAddress
        else { return nil }
        return Address(
          word: base + index, value: value, offset: first[index] - madeUp(value, set: 0))
      }
    }
  }

  /// Runs all steps.
  func run() {
    for value in carried {
      value.memory.copyMemory(from: addresses[value.operand], byteCount: value.bytes)
    }
    for part in parts { set(part.fixed, step: 0) }
    parts[0].list.prepare()
    if parts.count > 1 {
      let itself = Unmanaged.passUnretained(self).toOpaque()
      pool.run(Self.runPart, UnsafeRawPointer(itself), tasks: parts.count)
    } else {
      for step in order {
        set(parts[0].sliced, step: step)
        parts[0].list.run()
      }
    }
    for value in carried {
      (addresses[resultOperand] + value.final)
        .copyMemory(from: value.memory, byteCount: value.bytes)
    }
  }

  /// A task: all steps with one part of the rows.
  private static let runPart: bp_task_function = { runner, task, scratch in
    guard let runner else { return }
    let own = Unmanaged<LoopRunner>.fromOpaque(runner).takeUnretainedValue()
    let part = own.parts[Int(task)]
    for step in own.order {
      own.set(part.sliced, step: step)
      part.list.run(task: Int(task), scratch: scratch)
    }
  }

  @inline(__always)
  private func set(_ places: [Address], step: Int) {
    for place in places {
      let value = values[place.value]
      place.word.pointee =
        Int(bitPattern: addresses[value.operand]) + value.start + step * value.stride
        + place.offset
    }
  }
}
