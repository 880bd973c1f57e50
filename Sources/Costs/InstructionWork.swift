import GraphIR

/// The part of a training step that work belongs to.
public enum WorkPhase: String, Codable, Hashable, Sendable, CaseIterable {
  /// From the input to the loss.
  case forward
  /// From the loss back to the gradients.
  case backward
  /// From gradients to new parameters and the optimizer's states.
  case update
}

/// The work of one operation of a step's plan.
public struct OperationWork: Hashable, Sendable {
  /// The operation's name: `softmax`.
  public let name: String
  /// The layer that wrote it, such as `hidden`; empty outside of layers.
  public let path: String
  /// The part of the step that it belongs to.
  public let phase: WorkPhase
  /// Floating-point operations of one run; a multiply-add counts as two.
  public let flops: Int
  /// The multiply-adds of products and convolutions among them.
  public let multiplyAdds: Int
  /// The rows of its result, which some operations work one by one; 0 where it works element by element.
  public let rows: Int

  /// What is left of the floating-point operations: activations, sums, updates.
  public var otherFlops: Int { flops - min(flops, 2 * min(multiplyAdds, .max / 2)) }
}

/// The work of one instruction of a step's plan: operations that are done in one pass.
///
/// A device is asked for its time as a whole, because only a whole pass reads and writes memory.
public struct InstructionWork: Hashable, Sendable {
  /// Its place among the plan's instructions; a loop's instructions have that of the loop.
  public let place: Int
  /// Its operations: `matmul + add, relu`.
  public let title: String
  /// The operations, in order; the first says what layer and what part the pass belongs to.
  public let operations: [OperationWork]
  /// The sizes of its product, where it has one: an [m, k] by a [k, n] matrix, `count` times.
  public let product: ProductSize?
  /// Bytes that one run reads and writes, each tensor once; what stays in the cache within the
  /// instruction is not counted.
  public let bytes: Int
  /// Into how many tasks it is cut, which a processor's threads share.
  public let tasks: Int
  /// Whether all that it reads and leaves is no longer than a vector each: then its operations take the
  /// same time whatever their elements.
  public let isShort: Bool
  /// How often it runs in one step of training: as often as the loop around it has steps.
  public let repeats: Int

  public var path: String { operations.first?.path ?? "" }
  public var phase: WorkPhase { operations.first?.phase ?? .forward }

  /// Floating-point operations of one run; a multiply-add counts as two.
  public var flops: Int { operations.reduce(0) { $0.sum($1.flops) } }
  /// The multiply-adds of its product in one run.
  public var multiplyAdds: Int { operations.reduce(0) { $0.sum($1.multiplyAdds) } }
  /// What is left of the floating-point operations: activations, sums, updates.
  public var otherFlops: Int { operations.reduce(0) { $0.sum($1.otherFlops) } }
}

extension Int {
  /// The sum, or the largest number where it is too large.
  func sum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product, or the largest number where it is too large.
  func times(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
