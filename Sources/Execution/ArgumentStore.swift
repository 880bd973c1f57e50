/// Memory for kernels' arguments, which live as long as the executor that runs them.
final class ArgumentStore {
  /// The blocks, in the order in which they were asked for.
  private(set) var contents: [UnsafeMutableRawBufferPointer] = []

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
  func zeros(byteCount: Int) -> UnsafeMutableRawPointer {
    let size = max(8, (byteCount + 7) / 8 * 8)
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    contents.append(UnsafeMutableRawBufferPointer(start: block, count: size))
    return block
  }

  deinit { for block in contents { block.deallocate() } }
}
