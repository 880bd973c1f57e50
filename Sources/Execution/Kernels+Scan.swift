import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let scans: [(ObjectIdentifier, Rule)] = [
    kernel(LogScan.self) { _, inputs, output in
      scan(BP_SCAN_LOG, output) { work, memory in
        work.start = UnsafeRawPointer(memory.inputs[1])
        work.skip = UnsafeRawPointer(memory.inputs[2])
      }
    },
    kernel(BandScan.self) { operation, inputs, output in
      scan(operation.isReversed ? BP_SCAN_BACK : BP_SCAN_BAND, output) { work, memory in
        work.factors = UnsafeRawPointer(memory.inputs[1])
      }
    },
  ]

  /// A task handles at least this many elements.
  private static let elementsPerTask = 1024

  private static func scan(
    _ code: bp_scan_code, _ output: TensorType,
    _ finish: @escaping @Sendable (inout bp_scan, KernelLaunch.Memory) -> Void
  ) -> KernelLaunch? {
    let shape = output.shape
    guard shape.count > 0 else { return nil }
    let tasks = max(1, min(16, shape[0], shape.count / elementsPerTask))
    var work = bp_scan()
    work.type = output.scalarType.kernelType
    work.code = code
    (work.batch, work.steps) = (Int64(shape[0]), Int64(shape[1]))
    (work.states, work.task_count) = (Int64(shape[2]), Int64(tasks))
    let scratch = Int(bp_scan_scratch(&work))
    let (type, batch, steps) = (work.type, work.batch, work.steps)
    let (states, count) = (work.states, work.task_count)
    return KernelLaunch(tasks: tasks, scratch: scratch) { store, memory in
      var work = bp_scan(
        type: type, code: code, in: UnsafeRawPointer(memory.inputs[0]), start: nil, skip: nil,
        factors: nil, out: memory.output, batch: batch, steps: steps, states: states,
        task_count: count)
      finish(&work, memory)
      return KernelLaunch.Call(
        function: bp_scan_task, arguments: UnsafeRawPointer(store.store(work)))
    }
  }
}
