import GraphIR
import Tensors

/// The memory of variables (parameters, optimizer state), shared by the executors that read and
/// update them: training and evaluation, full and last batches.
public final class VariableStore {
  private var memory: [String: (type: TensorType, bytes: UnsafeMutableRawBufferPointer)] = [:]

  private let pieces = PieceStore()

  public init() {}

  /// The names of all variables, sorted.
  public var names: [String] { memory.keys.sorted() }

  /// The memory of a variable; made, and filled with zeros, when first asked for.
  ///
  /// - Throws: ``ExecutionError/wrongType(_:found:expected:)`` where it has another type already.
  func bytes(_ name: String, _ type: TensorType) throws -> UnsafeMutableRawBufferPointer {
    if let known = memory[name] {
      guard known.type == type else {
        throw ExecutionError.wrongType(name, found: known.type, expected: type)
      }
      return known.bytes
    }
    let bytes = pieces.numbers(of: type)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    memory[name] = (type, bytes)
    return bytes
  }

  /// Where a variable lies; nil where there is none of this name.
  func address(_ name: String) -> UnsafeMutableRawPointer? { memory[name]?.bytes.baseAddress }

  /// A variable's value; nil where there is none of this name.
  public subscript(name: String) -> Tensor? {
    guard let (type, bytes) = memory[name] else { return nil }
    return Tensor(shape: type.shape, type: type.scalarType) {
      $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<type.byteCount]))
    }
  }

  /// Sets a variable's value; one that is there already keeps its type.
  ///
  /// - Throws: ``ExecutionError/wrongType(_:found:expected:)`` where it has another type already.
  public func set(_ name: String, _ value: Tensor) throws {
    let bytes = try bytes(name, value.type)
    value.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }
}
