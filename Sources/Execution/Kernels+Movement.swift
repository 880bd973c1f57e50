import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let movements: [(ObjectIdentifier, Rule)] = [
    kernel(Transpose.self) { operation, inputs, output in
      let strides = inputs[0].shape.strides
      return copies(
        [
          StridedCopy(
            sizes: output.shape.dimensions, inStrides: operation.permutation.map { strides[$0] },
            outStrides: output.shape.strides)
        ], of: output)
    },
    kernel(Slice.self) { operation, inputs, output in
      let strides = inputs[0].shape.strides
      var steps = strides
      var offset = 0
      for (index, axis) in operation.axes.enumerated() {
        steps[axis] *= operation.steps[index]
        offset += operation.starts[index] * strides[axis]
      }
      return copies(
        [
          StridedCopy(
            sizes: output.shape.dimensions, inStrides: steps, outStrides: output.shape.strides,
            inOffset: offset)
        ], of: output)
    },
    kernel(Pad.self) { operation, inputs, output in pad(operation, inputs[0].shape, output) },
    kernel(Concatenate.self) { operation, inputs, output in
      copies(parts(operation, inputs, output), of: output)
    },
    kernel(Gather.self) { operation, inputs, output in
      let template = RowSizes(inputs[0].shape, axis: operation.axis)
      let count = inputs[1].shape.count
      let tasks = min(StridedCopy.tasks(bytes: output.byteCount), max(1, template.outer * count))
      return KernelLaunch(tasks: tasks) { store, memory in
        call(
          store, bp_gather_task,
          bp_gather(
            element_size: Int64(output.scalarType.size), in: UnsafeRawPointer(memory.inputs[0]),
            indices: UnsafePointer(memory.inputs[1].assumingMemoryBound(to: Int32.self)),
            out: memory.output, outer: Int64(template.outer), in_size: Int64(template.size),
            index_count: Int64(count), inner: Int64(template.inner), task_count: Int64(tasks)))
      }
    },
    kernel(ScatterAdd.self) { operation, inputs, output in
      let template = RowSizes(output.shape, axis: operation.axis)
      let bytes = output.byteCount + inputs[0].byteCount
      // Each task reads all indices, so that there are few along the axis itself.
      let outer = max(1, min(StridedCopy.tasks(bytes: bytes), template.outer))
      let size = max(1, min(StridedCopy.tasks(bytes: bytes) / outer, template.size, 8))
      let (type, count) = (output.scalarType.kernelType, inputs[1].shape.count)
      return KernelLaunch(tasks: outer * size) { store, memory in
        call(
          store, bp_scatter_add_task,
          bp_scatter_add(
            type: type, in: UnsafeRawPointer(memory.inputs[0]),
            indices: UnsafePointer(memory.inputs[1].assumingMemoryBound(to: Int32.self)),
            out: memory.output, outer: Int64(template.outer), out_size: Int64(template.size),
            index_count: Int64(count), inner: Int64(template.inner), outer_tasks: Int64(outer),
            size_tasks: Int64(size)))
      }
    },
    kernel(OneHot.self) { operation, inputs, output in
      let (type, count, depth) = (
        output.scalarType.kernelType, inputs[0].shape.count, Int64(operation.depth)
      )
      let tasks = min(StridedCopy.tasks(bytes: output.byteCount), max(1, count))
      return KernelLaunch(tasks: tasks) { store, memory in
        call(
          store, bp_one_hot_task,
          bp_one_hot(
            type: type,
            indices: UnsafePointer(memory.inputs[0].assumingMemoryBound(to: Int32.self)),
            out: memory.output, count: Int64(count), depth: depth, task_count: Int64(tasks)))
      }
    },
    kernel(Cast.self) { operation, inputs, output in
      let (from, to) = (inputs[0].scalarType.kernelType, output.scalarType.kernelType)
      let count = Int64(output.shape.count)
      let tasks = StridedCopy.tasks(bytes: output.byteCount)
      return KernelLaunch(tasks: tasks) { store, memory in
        call(
          store, bp_cast_task,
          bp_cast(
            from: from, to: to, in: UnsafeRawPointer(memory.inputs[0]), out: memory.output,
            count: count, task_count: Int64(tasks)))
      }
    },
    kernel(UniformNoise.self) { operation, inputs, output in
      let count = output.shape.count
      let perTask = 16_384
      let (type, stream) = (output.scalarType.kernelType, operation.stream)
      return KernelLaunch(tasks: max(1, (count + perTask - 1) / perTask)) { store, memory in
        call(
          store, bp_uniform_task,
          bp_uniform(
            type: type, key: UnsafePointer(memory.inputs[0].assumingMemoryBound(to: Int32.self)),
            stream: stream, out: memory.output, count: Int64(count), per_task: Int64(perTask)))
      }
    },
  ]

  /// The copies of a concatenation, one for each input.
  private static func parts(_ operation: Concatenate, _ inputs: [TensorType], _ output: TensorType)
    -> [StridedCopy]
  {
    let strides = output.shape.strides
    var start = 0
    return inputs.enumerated().map { index, input in
      defer { start += input.shape[operation.axis] }
      return StridedCopy(
        input: index, sizes: input.shape.dimensions, inStrides: input.shape.strides,
        outStrides: strides, outOffset: start * strides[operation.axis])
    }
  }

  /// A concatenation of which a task does so many whole rows of all inputs.
  static func concatenation(
    _ operation: Concatenate, _ inputs: [TensorType], _ output: TensorType, rowsATask: Int
  ) -> KernelLaunch? {
    operation.axis == 0
      ? nil : rowCopies(parts(operation, inputs, output), of: output, rowsATask: rowsATask)
  }

  private static func call<Arguments>(
    _ store: ArgumentStore, _ function: @escaping bp_task_function, _ arguments: Arguments
  ) -> KernelLaunch.Call {
    KernelLaunch.Call(function: function, arguments: UnsafeRawPointer(store.store(arguments)))
  }
}

/// A shape as [outer, size, inner] around an axis.
private struct RowSizes {
  let outer: Int
  let size: Int
  let inner: Int

  init(_ shape: Shape, axis: Int) {
    outer = shape.dimensions[..<axis].reduce(1, *)
    size = shape[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
  }
}
