import GraphIR
import Tensors

/// The memory of one executor of a plan: its inputs, constants and intermediate values. Variables
/// lie in a store of their own.
final class PlanMemory {
  let plan: Plan
  let variables: VariableStore
  /// Where nodes lie whose memory is not the plan's own.
  let external: [Node.ID: UnsafeMutableRawPointer]
  private(set) var inputs: [String: (type: TensorType, bytes: UnsafeMutableRawBufferPointer)] = [:]
  private var constants: [Node.ID: UnsafeMutableRawPointer] = [:]
  let arena: UnsafeMutableRawPointer
  /// What inputs, constants and intermediate values lie in.
  let pieces = PieceStore()

  /// - Throws: ``ExecutionError/wrongType(_:found:expected:)`` where a variable, or an input that is
  ///   declared twice, has another type already.
  init(
    _ plan: Plan, variables: VariableStore, external: [Node.ID: UnsafeMutableRawPointer] = [:]
  ) throws {
    self.plan = plan
    self.variables = variables
    self.external = external
    arena = pieces.numbers(byteCount: plan.arenaSize)
    for node in plan.graph.nodes where external[node.id] == nil { try makeLeaf(node) }
  }

  private func makeLeaf(_ node: Node) throws {
    switch node.content {
    case .input(let name):
      if let known = inputs[name] {
        guard known.type == node.type else {
          throw ExecutionError.wrongType(name, found: node.type, expected: known.type)
        }
        return
      }
      let bytes = pieces.numbers(of: node.type)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      inputs[name] = (node.type, bytes)
    case .variable(let name):
      _ = try variables.bytes(name, node.type)
    case .constant(let tensor):
      let bytes = pieces.numbers(of: node.type)
      tensor.withUnsafeBytes { bytes.copyMemory(from: $0) }
      constants[node.id] = bytes.baseAddress
    case .operation: break
    }
  }

  /// Where a node's first element lies.
  func address(_ id: Node.ID) -> UnsafeMutableRawPointer {
    address(memory: plan.root[id], start: plan.views[id].start)
  }

  /// Where an element of the memory of a node lies.
  func address(memory id: Node.ID, start: Int) -> UnsafeMutableRawPointer {
    let node = plan.graph.nodes[id]
    let own: UnsafeMutableRawPointer? =
      switch plan.locations[id] {
      case .input(let name): inputs[name]?.bytes.baseAddress
      case .variable(let name): variables.address(name)
      case .constant(let node): constants[node]
      case .arena(let offset): arena + offset
      case .transient: nil
      }
    guard let known = external[id] ?? own else {
      preconditionFailure("\(node) has no memory in its plan")
    }
    return known + start * node.type.scalarType.size
  }
}
