import CKernels
import Tensors

extension ThreadPool {
  /// Copies rows of a tensor, in the order of `rows`, to the start of `destination`: a batch picked
  /// from a data set. Allocates nothing. The rows of the batch to come, `next`, are on their way into
  /// the caches when it returns. Each task of a `step` that follows picks the columns that it reads.
  ///
  /// - Precondition: every number is that of a row, and `destination` has room for all of them.
  package func gather(
    _ rows: ArraySlice<Int>, next: ArraySlice<Int> = [], of tensor: Tensor,
    into destination: UnsafeMutableRawBufferPointer, then step: ColumnStep? = nil
  ) {
    let bytes = tensor.type.byteCount / max(1, tensor.shape[0])
    tensor.withUnsafeBytes { source in
      var work = bp_pick_rows()
      work.in = source.baseAddress
      work.row_bytes = Int64(bytes)
      pick(
        rows, next: next, of: tensor.shape[0], work, rowSize: bytes,
        columns: bytes / tensor.scalarType.size, into: destination, then: step)
    }
  }

  /// The same of rows kept as bytes, which become numbers on the way.
  package func gather(
    _ rows: ArraySlice<Int>, next: ArraySlice<Int> = [], of source: ByteRows,
    into destination: UnsafeMutableRawBufferPointer, then step: ColumnStep? = nil
  ) {
    var work = bp_pick_rows()
    work.in = UnsafeRawPointer(source.bytes)
    work.row_bytes = Int64(source.width)
    work.type = source.type.kernelType
    work.divisor = source.divisor
    pick(
      rows, next: next, of: source.shape[0], work, rowSize: source.width * source.type.size,
      columns: source.width, into: destination, then: step)
  }

  /// - Parameters:
  ///   - rowSize: Bytes of a row as it is written.
  ///   - columns: Elements of a row.
  private func pick(
    _ rows: ArraySlice<Int>, next: ArraySlice<Int>, of rowCount: Int, _ template: bp_pick_rows,
    rowSize: Int, columns: Int, into destination: UnsafeMutableRawBufferPointer,
    then step: ColumnStep?
  ) {
    precondition(
      rows.allSatisfy { $0 >= 0 && $0 < rowCount } && next.allSatisfy { $0 >= 0 && $0 < rowCount },
      "a row that is not among \(rowCount)")
    precondition(rows.count * rowSize <= destination.count, "no room for \(rows.count) rows")
    // A task does enough to be worth handing to another thread. Each thread of the team that ran last fills
    // some columns of all rows: those for which it will also sum products and update weights.
    let perTask = 16_384
    let most = min(teams[team], rows.count * rowSize / perTask, rowSize / 512)
    let rowBytes = Int(template.row_bytes)
    let unit = rowBytes == rowSize ? 64 : 8
    var partBytes =
      most > 1 ? (rowBytes + most * unit - 1) / (most * unit) * unit : max(1, rowBytes)
    if let step { partBytes = step.columns * (rowBytes / max(1, columns)) }
    let parts = (rowBytes + partBytes - 1) / partBytes
    var rowsPerTask = max(1, perTask * parts / max(1, rowSize))
    if step != nil { rowsPerTask = max(1, rows.count) }
    rows.withInt64s { numbers in
      next.withInt64s { nextNumbers in
        guard let out = destination.baseAddress, template.in != nil, rowSize > 0 else { return }
        var work = template
        work.rows = numbers
        work.next_rows = nextNumbers
        work.out = out
        work.count = Int64(rows.count)
        work.next_count = Int64(next.count)
        work.per_task = Int64(rowsPerTask)
        work.part_bytes = Int64(partBytes)
        if let step {
          var both = bp_pick_and_go(
            rows: work, then: step.call.function, arguments: step.call.arguments)
          run(bp_pick_and_go_task, &both, tasks: step.tasks)
        } else {
          let blocks = (rows.count + rowsPerTask - 1) / rowsPerTask
          run(bp_pick_rows_task, &work, tasks: blocks * parts)
        }
      }
    }
  }
}

extension ArraySlice<Int> {
  /// The numbers as C sees them.
  fileprivate func withInt64s(_ body: (UnsafePointer<Int64>?) -> Void) {
    withUnsafeBufferPointer { numbers in
      numbers.withMemoryRebound(to: Int64.self) { body($0.baseAddress) }
    }
  }
}
