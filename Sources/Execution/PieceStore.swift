import GraphIR
import Tensors

/// Memory in pieces, each on a boundary of a cache line, which lives as long as the store.
///
/// Small pieces lie side by side: what a step of tiny tensors touches is then found in few pages, and in the same
/// way in every process. Two stores that are asked for the same pieces in the same order have them at the same
/// places of the same ``blocks``.
final class PieceStore {
  /// What the pieces lie in.
  private(set) var blocks: [UnsafeMutableRawBufferPointer] = []
  /// What is left of the block of small pieces.
  private var free = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  private static let line = 64
  private static let blockSize = 4096

  deinit { for block in blocks { block.deallocate() } }

  /// A piece of zeros.
  func zeros(byteCount: Int) -> UnsafeMutableRawPointer {
    let size = max(1, (byteCount + Self.line - 1) / Self.line) * Self.line
    if size > Self.blockSize { return block(size) }
    if size > free.count {
      free = UnsafeMutableRawBufferPointer(start: block(Self.blockSize), count: Self.blockSize)
    }
    guard let start = free.baseAddress else { preconditionFailure("a block without memory") }
    free = UnsafeMutableRawBufferPointer(rebasing: free[size...])
    return start
  }

  /// A piece for a tensor's numbers, with room for a cache line at least: zeros where it is small, else anything.
  func numbers(of type: TensorType) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: numbers(byteCount: type.byteCount), count: max(Self.line, type.byteCount))
  }

  /// The same of so many bytes.
  func numbers(byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount < Self.blockSize { return zeros(byteCount: byteCount) }
    let start = allocateNumbers(byteCount: byteCount)
    blocks.append(UnsafeMutableRawBufferPointer(start: start, count: byteCount))
    return start
  }

  private func block(_ size: Int) -> UnsafeMutableRawPointer {
    let start = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Self.blockSize)
    start.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    blocks.append(UnsafeMutableRawBufferPointer(start: start, count: size))
    return start
  }
}
