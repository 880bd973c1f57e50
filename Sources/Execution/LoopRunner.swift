import GraphIR
import Tensors

/// Runs a loop: its body's plan, once for every step.
///
/// The body's inputs and outputs are read and written where the slices of the loop's own lie, without
/// copies: before each step, the addresses in the kernels' arguments that depend on the step are set.
/// They are found by making the arguments twice, for two sets of made-up addresses, and comparing.
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

  private let values: [Value]
  private let carried: [Carried]
  /// The addresses that are the same in all steps, and the others.
  private let fixed: [Address]
  private let sliced: [Address]
  private let order: [Int]
  private let list: StepList
  private let resultOperand: Int
  /// Where the loop's inputs and, behind them, its result lie.
  private let addresses: UnsafePointer<UnsafeMutableRawPointer>

  /// - Throws: ``ExecutionError`` where the body cannot be made ready.
  init(
    _ loop: Loop, _ plan: Plan, pool: ThreadPool, addresses: UnsafePointer<UnsafeMutableRawPointer>
  ) throws {
    self.addresses = addresses
    let given = loop.body.graph.inputs
    resultOperand = given.count + loop.body.graph.variables.count
    order = loop.isReversed ? (0..<loop.steps).reversed() : Array(0..<loop.steps)
    values = Self.values(loop, plan, result: resultOperand)

    let variables = VariableStore()
    let list = try StepList(
      PlanMemory(plan, variables: variables, external: Self.madeUp(values, set: 0)), pool: pool)
    let trial = try StepList(
      PlanMemory(plan, variables: variables, external: Self.madeUp(values, set: 1)), pool: pool,
      isTrial: true)
    self.list = list
    let all = Self.addresses(list.arguments, trial.arguments, count: values.count)
    let values = values
    fixed = all.filter { values[$0.value].stride == 0 }
    sliced = all.filter { values[$0.value].stride != 0 }
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
    set(fixed, step: 0)
    for step in order {
      set(sliced, step: step)
      list.run()
    }
    for value in carried {
      (addresses[resultOperand] + value.final)
        .copyMemory(from: value.memory, byteCount: value.bytes)
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
