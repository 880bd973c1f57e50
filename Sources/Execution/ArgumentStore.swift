/// Memory for kernels' arguments, which live as long as the executor that runs them.
final class ArgumentStore {
  private let pieces = PieceStore()

  /// What the arguments lie in: the same, word by word, as another store's that was asked for the same in the same
  /// order, but for the addresses in it.
  var contents: [UnsafeMutableRawBufferPointer] { pieces.blocks }

  /// Keeps a value and says where.
  func store<T>(_ value: T) -> UnsafePointer<T> { store(contentsOf: [value]) }

  /// Keeps values side by side and says where the first lies.
  func store<T>(contentsOf values: [T]) -> UnsafePointer<T> {
    let block = zeros(byteCount: values.count * MemoryLayout<T>.stride)
    let typed = block.bindMemory(to: T.self, capacity: values.count)
    typed.initialize(from: values, count: values.count)
    return UnsafePointer(typed)
  }

  /// Memory for a kernel to write, zeros at first.
  func zeros(byteCount: Int) -> UnsafeMutableRawPointer { pieces.zeros(byteCount: byteCount) }
}
