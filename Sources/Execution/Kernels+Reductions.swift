import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let reductions: [(ObjectIdentifier, Rule)] = [
    reduction(Sum.self, BP_REDUCE_SUM),
    reduction(Mean.self, BP_REDUCE_MEAN),
    reduction(ReduceMaximum.self, BP_REDUCE_MAX),
    reduction(ReduceMinimum.self, BP_REDUCE_MIN),
    row(Softmax.self, BP_ROW_SOFTMAX),
    row(LogSoftmax.self, BP_ROW_LOG_SOFTMAX),
    kernel(LogSumExp.self) { operation, inputs, _ in
      operation.axes == [inputs[0].shape.rank - 1] ? rows(BP_ROW_LOG_SUM_EXP, inputs[0]) : nil
    },
    kernel(ArgMax.self) { operation, inputs, output in
      operation.axis == inputs[0].shape.rank - 1 ? rows(BP_ROW_ARGMAX, inputs[0]) : nil
    },
  ]

  /// A task of a reduction handles at least this many elements, one of softmax rows this many rows
  /// or elements.
  private static let elementsPerTask = 65_536
  private static let rowsPerTask = 64
  /// Results that a task of a reduction computes at least: of a matrix's columns, so many neighbors
  /// that its rows are read in long pieces.
  private static let leastColumns = 128
  private static let rowElementsPerTask = 4096
  /// Rows of this many elements at least are written over their input.
  private static let leastOverwritten = 256

  private static func reduction<R: Reduction>(_ type: R.Type, _ code: bp_reduction_code)
    -> (ObjectIdentifier, Rule)
  {
    kernel(type) { operation, inputs, output in
      // The reduced axes must be neighbours; the plain evaluation has the rest.
      let axes = operation.axes
      guard let first = axes.first, let last = axes.last, last - first + 1 == axes.count else {
        return nil
      }
      let sizes = inputs[0].shape.dimensions
      let outer = sizes[..<first].reduce(1, *)
      let reduced = sizes[first...last].reduce(1, *)
      let inner = sizes[(last + 1)...].reduce(1, *)
      guard reduced > 0 else { return nil }
      let kernelType = output.scalarType.kernelType
      let tasks = min(
        16, max(1, inputs[0].shape.count / elementsPerTask), max(1, outer * inner / leastColumns))
      @Sendable func launch(_ tasks: Int) -> KernelLaunch {
        KernelLaunch(tasks: tasks) { store, memory in
          let arguments = bp_reduce(
            type: kernelType, code: code, in: UnsafeRawPointer(memory.inputs[0]),
            out: memory.output, outer: Int64(outer), reduced: Int64(reduced), inner: Int64(inner),
            task_count: Int64(tasks))
          return KernelLaunch.Call(
            function: bp_reduce_task, arguments: UnsafeRawPointer(store.store(arguments)))
        }
      }
      var whole = launch(tasks)
      if first > 0 { whole.byRows = { launch($0) } }
      return whole
    }
  }

  private static func row<O: Operation>(_ type: O.Type, _ code: bp_row_code)
    -> (ObjectIdentifier, Rule)
  {
    kernel(type) { _, inputs, _ in rows(code, inputs[0]) }
  }

  private static func rows(_ code: bp_row_code, _ input: TensorType) -> KernelLaunch? {
    guard input.shape.rank >= 1, input.shape[-1] > 0 else { return nil }
    let columns = input.shape[-1]
    let count = input.shape.count / columns
    let kernelType = input.scalarType.kernelType
    let work = max(count / rowsPerTask, input.shape.count / rowElementsPerTask)
    let tasks = min(16, max(1, work), max(1, count))
    // Each row is read before it is written. A short one's end lies within the next one's first vector,
    // which could not be read until it is written.
    let mayOverwrite = columns >= leastOverwritten
    @Sendable func launch(_ tasks: Int) -> KernelLaunch {
      KernelLaunch(tasks: tasks, mayOverwrite: mayOverwrite) { store, memory in
        let arguments = bp_row(
          type: kernelType, code: code, in: UnsafeRawPointer(memory.inputs[0]),
          out: memory.output, rows: Int64(count), columns: Int64(columns),
          task_count: Int64(tasks))
        return KernelLaunch.Call(
          function: bp_row_task, arguments: UnsafeRawPointer(store.store(arguments)))
      }
    }
    var whole = launch(tasks)
    if input.shape.rank > 1 { whole.byRows = { launch($0) } }
    return whole
  }
}
