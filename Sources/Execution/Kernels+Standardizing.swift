import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let standardizing: [(ObjectIdentifier, Rule)] = [
    kernel(Standardize.self) { operation, inputs, _ in
      standardizing(BP_STANDARDIZE, inputs[0], operation.axes, operation.epsilon)
    },
    kernel(StandardizeGradient.self) { operation, inputs, _ in
      standardizing(BP_STANDARDIZE_GRADIENT, inputs[0], operation.axes, operation.epsilon)
    },
    kernel(Variance.self) { operation, inputs, _ in
      standardizing(BP_VARIANCE, inputs[0], operation.axes, 0)
    },
  ]

  /// A task handles at least this many elements.
  private static let elementsPerTask = 8192

  private static func standardizing(
    _ code: bp_standardize_code, _ input: TensorType, _ axes: [Int], _ epsilon: Double
  ) -> KernelLaunch? {
    guard let sizes = StandardizedSizes(input.shape, axes: axes), input.shape.count > 0 else {
      return nil
    }
    let type = input.scalarType.kernelType
    // As the kernel cuts them: single columns in tiles of 64 bytes.
    let tile = 64 / input.scalarType.size
    let parts = sizes.width == 1 ? (sizes.groups + tile - 1) / tile : sizes.groups
    let tasks = max(1, min(sizes.outer * parts, input.shape.count / elementsPerTask, 64))
    return KernelLaunch(tasks: tasks) { store, memory in
      let gradient = memory.inputs.count > 1 ? UnsafeRawPointer(memory.inputs[1]) : nil
      let work = bp_standardize(
        type: type, code: code, x: UnsafeRawPointer(memory.inputs[0]), g: gradient,
        out: memory.output, epsilon: epsilon, outer: Int64(sizes.outer), rows: Int64(sizes.rows),
        groups: Int64(sizes.groups), width: Int64(sizes.width), task_count: Int64(tasks))
      return KernelLaunch.Call(
        function: bp_standardize_task, arguments: UnsafeRawPointer(store.store(work)))
    }
  }
}

/// A shape as [outer, rows, groups, width], where what is standardized together runs over rows and
/// width.
private struct StandardizedSizes {
  private(set) var outer = 1
  private(set) var rows = 1
  private(set) var groups = 1
  private(set) var width = 1

  /// Nil where the axes alternate more often than that.
  init?(_ shape: Shape, axes: [Int]) {
    // From the last axis on: width, groups, rows, outer.
    var stage = 0
    for axis in shape.dimensions.indices.reversed() where shape[axis] != 1 {
      let isReduced = axes.contains(axis)
      if isReduced != (stage % 2 == 0) { stage += 1 }
      switch stage {
      case 0: width *= shape[axis]
      case 1: groups *= shape[axis]
      case 2: rows *= shape[axis]
      case 3: outer *= shape[axis]
      default: return nil
      }
    }
    if rows == 1 {
      // Without rows every group is a run of its own.
      (outer, groups) = (outer * groups, 1)
    }
  }
}
