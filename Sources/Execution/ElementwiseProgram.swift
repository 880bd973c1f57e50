import CKernels
import GraphIR
import Tensors

/// A chain of element-wise operations as the kernels run it: registers and steps.
///
/// A register is a full tensor in memory, one number, a tensor that is repeated along some axes,
/// or a block in the first-level cache that never reaches memory.
struct ElementwiseProgram: Sendable {
  enum Register: Sendable, Hashable {
    /// A tensor with one element for each of the program's elements.
    case stream(Place)
    /// One number for all elements.
    case scalar(Place, slot: Int)
    /// A tensor read with these strides over these sizes.
    case strided(Place, slot: Int, sizes: [Int], strides: [Int])
    /// An intermediate value.
    case scratch(slot: Int)
    /// What the product before the chain has left in its thread's scratch.
    case tile
  }

  /// Where a tensor begins: at an element of a node's memory.
  struct Place: Sendable, Hashable {
    let memory: Node.ID
    let start: Int
    /// Whether it is all of that memory.
    let isWhole: Bool
  }

  /// What a step runs.
  enum Loop: Sendable {
    case map(MapChoice)
    case composite(Composite, given: [Double])
  }

  struct Step: Sendable {
    let loop: Loop
    /// The registers read, as many as the loop has operands.
    let operands: [Int]
    /// The nodes computed, and the registers that they are written to.
    let nodes: [Node.ID]
    let results: [Int]
  }

  static let highestRank = Int(BP_MAX_RANK)

  let type: TensorType
  private(set) var registers: [Register] = []
  private(set) var steps: [Step] = []
  private(set) var slotCount = 0

  /// The program for a unit's chain.
  ///
  /// - Parameters:
  ///   - kept: A product that the chain follows, and whose result does not go to memory.
  ///   - isStored: Whether a node of the chain is needed outside it, and so goes to memory.
  init(
    chain: [Node.ID], type: TensorType, graph: Graph, root: [Node.ID], views: [ElementView],
    kept: Node.ID? = nil, isStored: (Node.ID) -> Bool
  ) {
    self.type = type
    let links = ElementwiseLinks(
      chain: chain, type: type.scalarType, graph: graph, isStored: isStored
    ).links
    var lastRead: [Node.ID: Int] = [:]
    for (index, link) in links.enumerated() {
      for operand in link.operands { lastRead[operand] = index }
    }
    var registerOf: [Node.ID: Int] = [:]
    var freeSlots: [Int] = []
    for (index, link) in links.enumerated() {
      var operands: [Int] = []
      for operand in link.operands {
        let register =
          registerOf[operand]
          ?? add(
            operand == kept
              ? .tile : register(for: graph.nodes[operand], graph, root[operand], views[operand]))
        registerOf[operand] = register
        operands.append(register)
      }
      for operand in Set(link.operands) where lastRead[operand] == index {
        if let register = registerOf[operand], case .scratch(let slot) = registers[register] {
          freeSlots.append(slot)
        }
      }
      let results = link.results.map { node in
        let result =
          isStored(node)
          ? add(.stream(Place(memory: node, start: 0, isWhole: true)))
          : add(.scratch(slot: freeSlots.popLast() ?? newSlot()))
        registerOf[node] = result
        return result
      }
      steps.append(
        Step(loop: link.loop, operands: operands, nodes: link.results, results: results))
    }
  }

  private mutating func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }

  private mutating func add(_ register: Register) -> Int {
    registers.append(register)
    return registers.count - 1
  }

  private mutating func register(
    for node: Node, _ graph: Graph, _ memory: Node.ID, _ view: ElementView
  ) -> Register {
    let shape = node.type.shape
    let place = Place(
      memory: memory, start: view.start,
      isWhole: view.strides == nil && shape.count == graph.nodes[memory].type.shape.count)
    // A copied operand may have fewer elements than the copy that broadcast it.
    if view.strides == nil, shape.count == type.shape.count { return .stream(place) }
    if shape.count == 1 { return .scalar(place, slot: newSlot()) }
    let (sizes, strides) = Self.collapsed(shape, view.strides ?? shape.strides, over: type.shape)
    return .strided(place, slot: newSlot(), sizes: sizes, strides: strides)
  }

  /// The axes of a broadcast read, with neighbours that can be walked as one joined.
  private static func collapsed(_ shape: Shape, _ steps: [Int], over target: Shape)
    -> ([Int], [Int])
  {
    var sizes: [Int] = []
    var strides: [Int] = []
    let repeated = [Int](repeating: 0, count: target.rank - shape.rank)
    let all = repeated + zip(shape.dimensions, steps).map { $0 == 1 ? 0 : $1 }
    for (size, stride) in zip(target.dimensions, all) where size != 1 {
      if let last = strides.last, last == stride * size {
        sizes[sizes.count - 1] *= size
        strides[strides.count - 1] = stride
      } else {
        sizes.append(size)
        strides.append(stride)
      }
    }
    return (sizes, strides)
  }

  /// The memory it reads as one element per element: what a result may be written over.
  var streamsRead: Set<Node.ID> {
    var result: Set<Node.ID> = []
    for step in steps {
      for operand in step.operands {
        if case .stream(let place) = registers[operand], place.isWhole {
          result.insert(place.memory)
        }
      }
    }
    return result
  }

  /// Whether the last read of `input` comes no later than the step that writes `result`, and all
  /// its reads are element by element, so that `result` may take its memory.
  func mayOverwrite(_ input: Node.ID, with result: Node.ID) -> Bool {
    guard let write = steps.firstIndex(where: { $0.nodes.contains(result) }) else { return false }
    for (index, step) in steps.enumerated() {
      for operand in step.operands {
        switch registers[operand] {
        case .stream(let place) where place.memory == input:
          if index > write || !place.isWhole { return false }
        case .scalar(let place, _) where place.memory == input: return false
        case .strided(let place, _, _, _) where place.memory == input: return false
        default: break
        }
      }
    }
    return true
  }
}

extension Node {
  /// The number, where the node is a constant of one element.
  var scalarConstant: Double? {
    guard let constant, constant.count == 1 else { return nil }
    return constant.scalar
  }
}

extension ElementwiseProgram {
  /// Bytes of one block: small enough for a chain's blocks to stay in the first-level cache.
  var blockBytes: Int { min(4096, (type.shape.count * type.scalarType.size + 63) / 64 * 64) }

  /// Elements of one block.
  var blockElements: Int { max(1, blockBytes / type.scalarType.size) }

  /// Elements that one task handles: all of them, unless there is work for several threads.
  var elementsPerTask: Int {
    let count = max(1, type.shape.count)
    let blocks = (count + blockElements - 1) / blockElements
    if count > 32_768 { return 16_384 }
    // Halves or quarters of a long chain of slow functions.
    let work = count * steps.reduce(0) { $0 + $1.loop.cost }
    let parts = min(4, work / Self.leastWork)
    return parts < 2 ? blocks * blockElements : (blocks + parts - 1) / parts * blockElements
  }

  /// A task has at least so many simple operations: some microseconds.
  private static let leastWork = 50_000
}

extension ElementwiseProgram.Loop {
  /// Roughly how many simple operations one element takes.
  fileprivate var cost: Int {
    guard case .map(let choice) = self else { return 4 }
    return switch choice.code {
    case BP_MAP_EXPONENTIAL, BP_MAP_LOGARITHM, BP_MAP_SIGMOID, BP_MAP_TANH, BP_MAP_GELU,
      BP_MAP_SILU,
      BP_MAP_SOFTPLUS, BP_MAP_ERF, BP_MAP_SINE, BP_MAP_COSINE, BP_MAP_ELU:
      8
    case BP_MAP_POWER: 30
    default: 1
    }
  }
}
