import CKernels
import Tensors

extension ThreadPool {
  /// Copies rows of a tensor, in the order of `rows`, to the start of `destination`: a batch picked
  /// from a data set. Allocates nothing.
  ///
  /// - Precondition: every number is that of a row, and `destination` has room for all of them.
  public func gather(
    _ rows: ArraySlice<Int>, of tensor: Tensor, into destination: UnsafeMutableRawBufferPointer
  ) {
    let rowCount = tensor.shape[0]
    let bytes = tensor.type.byteCount / max(1, rowCount)
    precondition(
      rows.allSatisfy { $0 >= 0 && $0 < rowCount }, "a row that is not among \(rowCount)")
    precondition(rows.count * bytes <= destination.count, "no room for \(rows.count) rows")
    // A task copies enough to be worth handing to another thread.
    let perTask = max(1, 16_384 / max(1, bytes))
    tensor.withUnsafeBytes { source in
      rows.withUnsafeBufferPointer { numbers in
        numbers.withMemoryRebound(to: Int64.self) { numbers in
          guard let source = source.baseAddress, let numbers = numbers.baseAddress,
            let destination = destination.baseAddress, bytes > 0
          else { return }
          var work = bp_copy_rows(
            in: source, rows: numbers, out: destination, count: Int64(rows.count),
            row_bytes: Int64(bytes), per_task: Int64(perTask))
          run(bp_copy_rows_task, &work, tasks: (rows.count + perTask - 1) / perTask)
        }
      }
    }
  }
}
