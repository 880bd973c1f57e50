/// How a loop is cut into tasks that go through all of its steps, each with rows of its own.
///
/// No thread waits for another between two instructions, and what a task carries from step to step
/// stays in its core's cache.
struct RowCut: Sendable {
  /// The rows of every value that the body computes.
  let rows: Int
  /// How many of them a task does; the last may have fewer.
  let rowsATask: Int

  var tasks: Int { (rows + rowsATask - 1) / rowsATask }

  /// A task has at least so many rows, or it reads the matrices too often for what it does with
  /// them, and there are no more tasks than that.
  private static let leastRows = 16
  private static let mostTasks = 8
  /// A task reads all fixed values in every step: its core's cache has to hold them.
  private static let mostFixed = 1 << 19
  /// A loop with less work (floating-point operations) is over before another thread has begun.
  private static let leastWork = 300_000

  /// Nil where rows depend on one another, or where that does not pay.
  init?(_ values: LoopValues) {
    let pieces = min(Self.mostTasks, values.rows / Self.leastRows)
    guard pieces > 1, values.fixedBytes <= Self.mostFixed, values.work >= pieces * Self.leastWork
    else { return nil }
    rows = values.rows
    let unit = Self.leastRows
    rowsATask = ((rows + pieces - 1) / pieces + unit - 1) / unit * unit
    guard values.keepRowsApart(rowsATask: rowsATask) else { return nil }
  }
}
