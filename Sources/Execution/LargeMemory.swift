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
  #if os(Linux)
    // Advice: where it is not taken, nothing is lost but time.
    _ = madvise(memory, byteCount / page * page, Int32(MADV_HUGEPAGE))
  #endif
  return memory
}

/// Gives freed memory back to the system: after work with large arrays that is not done again.
package func returnFreeMemory() { bp_return_free_memory() }
