import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory for numbers, on a boundary of a cache line at least.
///
/// Large blocks lie on boundaries of 2 MiB and ask Linux for pages of that size: with the usual 4 KiB
/// the processor spends much of its time looking addresses up.
func allocateNumbers(byteCount: Int) -> UnsafeMutableRawPointer {
  let page = 1 << 21
  guard byteCount >= 2 * page else {
    return .allocate(byteCount: max(64, byteCount), alignment: byteCount < 4096 ? 64 : 4096)
  }
  let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: page)
  askForLargePages(UnsafeMutableRawBufferPointer(start: memory, count: byteCount))
  return memory
}

/// Asks Linux for pages of 2 MiB where memory that has not been touched yet holds such pages.
package func askForLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  #if os(Linux)
    let page = 1 << 21
    guard let first = memory.baseAddress else { return }
    let start = first.alignedUp(toMultipleOf: page)
    let count = (memory.count - (start - first)) / page * page
    // Advice: where it is not taken, nothing is lost but time.
    if count > 0 { _ = madvise(start, count, Int32(MADV_HUGEPAGE)) }
  #endif
}

/// Gives freed memory back to the system: after work with large arrays that is not done again.
package func returnFreeMemory() { bp_return_free_memory() }
