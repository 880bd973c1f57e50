import CKernels
import GraphIR
import Tensors

/// An instruction whose result has so few elements that one vector holds them: a matrix product or a
/// kernel's only task, element-wise operations, or the one followed by the other.
///
/// All its addresses are written down once, and its steps go through whole vectors: every value of a
/// plan has room for one. For networks like 2-2-2, whose tensors have a handful of elements, this takes
/// half the time of kernels that find their blocks anew and read parts of vectors. An element-wise result has
/// the bits that it has in a long tensor; a product rounds each factor's product and each sum.
struct ShortChain {
  private let instruction: Plan.Instruction
  private let type: TensorType
  private let memory: PlanMemory
  private let arguments: ArgumentStore
  private var steps: [bp_short_step] = []
  private var before: KernelLaunch.Call?

  /// Bytes that every value has room for.
  private static let room = Int(BP_SHORT_ROOM)

  /// Whether an instruction is run so. Not where it belongs to a loop's body, whose values may lie side
  /// by side in those of the loop.
  static func runs(_ instruction: Plan.Instruction, of plan: Plan) -> Bool {
    guard !plan.isLoopBody, let type = instruction.resultType(plan),
      type.scalarType != .int32, type.shape.count > 0, type.byteCount <= room
    else { return false }
    guard let main = instruction.main else { return true }
    return Product(plan.graph.nodes[main], plan) != nil
      || instruction.kernel?.tasks == 1 && instruction.program != nil
  }

  /// Nil where the instruction is another.
  init?(_ instruction: Plan.Instruction, _ memory: PlanMemory, _ arguments: ArgumentStore) {
    let plan = memory.plan
    guard Self.runs(instruction, of: plan), let type = instruction.resultType(plan) else {
      return nil
    }
    (self.instruction, self.type, self.memory, self.arguments) =
      (instruction, type, memory, arguments)
    let tile = newRoom()
    if let main = instruction.main {
      let output = instruction.keepsResult ? tile : memory.address(main)
      if let product = Product(plan.graph.nodes[main], plan) {
        multiply(product, into: output)
      } else if let kernel = instruction.kernel {
        before = kernel.bind(
          arguments,
          KernelLaunch.Memory(
            inputs: plan.graph.nodes[main].inputs.map { memory.address($0) }, output: output,
            epilogue: nil))
      }
    }
    if let program = instruction.program { run(program, tile: tile) }
  }

  /// The kernel that runs it, of one task.
  func call() -> KernelLaunch.Call {
    let code = type.scalarType.kernelType
    let chain = bp_short(
      before: before?.function, arguments: before?.arguments, type: code,
      step_count: Int32(steps.count), steps: arguments.store(contentsOf: steps),
      functions: bp_short_lookup(code))
    return KernelLaunch.Call(
      function: bp_short_task, arguments: UnsafeRawPointer(arguments.store(chain)))
  }

  private func newRoom() -> UnsafeMutableRawPointer { memory.pieces.zeros(byteCount: Self.room) }

  /// Whether a whole vector may be read where a value lies. Inputs may be read where a caller has them.
  private func hasRoom(_ id: Node.ID) -> Bool {
    if case .input = memory.plan.locations[id] { false } else { true }
  }

  /// Has the elements of an operand brought to room of their own.
  private mutating func bring(_ operand: bp_register, count: Int) -> UnsafeMutableRawPointer {
    let room = newRoom()
    var step = bp_short_step()
    step.operand = arguments.store(operand)
    step.n = Int64(count)
    step.at.0 = room
    steps.append(step)
    return room
  }

  // MARK: Element-wise operations

  private mutating func run(_ program: ElementwiseProgram, tile: UnsafeMutableRawPointer) {
    let slots = (0..<program.slotCount).map { _ in newRoom() }
    var addresses: [UnsafeMutableRawPointer] = []
    for register in program.registers {
      switch register {
      case .tile: addresses.append(tile)
      case .scratch(let slot): addresses.append(slots[slot])
      case .stream(let place) where place.isWhole && hasRoom(place.memory):
        addresses.append(memory.address(memory: place.memory, start: place.start))
      case .stream, .scalar, .strided:
        addresses.append(bring(register.kernelRegister(memory), count: type.shape.count))
      }
    }
    for step in program.steps { append(step, addresses) }
  }

  private mutating func append(
    _ step: ElementwiseProgram.Step, _ addresses: [UnsafeMutableRawPointer]
  ) {
    let (code, count) = (type.scalarType.kernelType, type.shape.count)
    var result = bp_short_step()
    let operands = step.operands.map { Optional(addresses[$0]) }
    let results = step.results.map { Optional(addresses[$0]) }
    let lanes: Int
    switch step.loop {
    case .map(let choice):
      result.map = bp_map_lookup(choice.code, code)
      result.given.0 = choice.parameter
      fill(&result.at, operands + [nil, nil, nil].dropFirst(operands.count) + results)
      lanes = Int(bp_map_lanes(choice.code, code))
    case .composite(let composite, let given):
      result.composite = bp_composite_lookup(composite.code, code)
      fill(&result.given, given)
      fill(&result.at, operands + results)
      lanes = Int(bp_map_lanes(BP_MAP_ADD, code))
    }
    result.n = Int64((count + lanes - 1) / lanes * lanes)
    steps.append(result)
  }

  // MARK: Products

  /// A product of matrices that a vector holds each.
  private struct Product {
    let layout: ProductLayout
    /// The values in whose memory the matrices lie, and from which element on.
    let a: (memory: Node.ID, start: Int)
    let b: (memory: Node.ID, start: Int)

    init?(_ node: Node, _ plan: Plan) {
      let shapes = node.inputs.map { plan.graph.nodes[$0].type.shape }
      let layout =
        switch node.operation {
        case let product as MatrixProduct: ProductLayout(product, shapes[0], shapes[1])
        case let product as ArrangedMatrixProduct: ProductLayout(product, shapes[0], shapes[1])
        default: ProductLayout?.none
        }
      guard let layout, layout.sizes.isEmpty, layout.m == 1 || layout.c.rowStride == layout.n,
        bp_short_lookup(node.type.scalarType.kernelType) != nil
      else { return nil }
      let places = node.inputs.map { (memory: plan.root[$0], start: plan.views[$0].start) }
      guard
        places.allSatisfy({ plan.graph.nodes[$0.memory].type.byteCount <= ShortChain.room })
      else { return nil }
      self.layout = layout
      (a, b) = (places[0], places[1])
    }
  }

  private mutating func multiply(_ product: Product, into output: UnsafeMutableRawPointer) {
    let layout = product.layout
    let lanes = Self.room / type.scalarType.size
    func element(_ matrix: ProductLayout.Matrix, _ row: Int, _ column: Int) -> Int {
      matrix.isTransposed ? column * matrix.rowStride + row : row * matrix.rowStride + column
    }
    var numbers: [Int] = []
    for p in 0..<layout.k {
      let places = (0..<lanes).map { ($0 / layout.n, $0 % layout.n) }.map {
        $0.0 < layout.m ? $0 : (0, 0)
      }
      numbers += places.map { product.a.start + element(layout.a, $0.0, p) }
      numbers += places.map { product.b.start + element(layout.b, p, $0.1) }
    }
    var step = bp_short_step()
    step.product.terms = Int64(layout.k)
    step.product.lanes =
      type.scalarType.size == 4
      ? UnsafeRawPointer(arguments.store(contentsOf: numbers.map(Int32.init)))
      : UnsafeRawPointer(arguments.store(contentsOf: numbers.map(Int64.init)))
    step.at.0 = whole(product.a.memory)
    step.at.1 = whole(product.b.memory)
    step.at.2 = output
    steps.append(step)
  }

  /// Where all of a value can be read as a vector.
  private mutating func whole(_ id: Node.ID) -> UnsafeMutableRawPointer {
    guard !hasRoom(id) else { return memory.address(memory: id, start: 0) }
    let place = ElementwiseProgram.Place(memory: id, start: 0, isWhole: true)
    return bring(
      ElementwiseProgram.Register.stream(place).kernelRegister(memory),
      count: memory.plan.graph.nodes[id].type.shape.count)
  }
}

extension Plan.Instruction {
  /// The type of what it leaves.
  fileprivate func resultType(_ plan: Plan) -> TensorType? {
    program?.type ?? main.map { plan.graph.nodes[$0].type }
  }
}
