import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let movements: [(ObjectIdentifier, Rule)] = [
    kernel(Transpose.self) { operation, inputs, output in
      let strides = inputs[0].shape.strides
      return copies(
        [
          Copy(sizes: output.shape.dimensions, inStrides: operation.permutation.map { strides[$0] })
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
        [Copy(sizes: output.shape.dimensions, inStrides: steps, inOffset: offset)], of: output)
    },
    kernel(Pad.self) { operation, inputs, output in
      guard output.shape.rank <= ElementwiseProgram.highestRank else { return nil }
      let strides = output.shape.strides
      let template = SendablePad(
        pad: bp_pad(
          type: output.scalarType.kernelType, value: operation.value,
          count: Int64(output.shape.count),
          copy: stridedCopy(
            Copy(
              sizes: inputs[0].shape.dimensions, inStrides: inputs[0].shape.strides,
              outStrides: zip(strides, operation.between).map { $0 * ($1 + 1) },
              outOffset: zip(strides, operation.before).reduce(0) { $0 + $1.0 * $1.1 }),
            of: output)))
      return KernelLaunch(tasks: 1) { store, memory in
        var pad = template.pad
        pad.copy.in = UnsafeRawPointer(memory.inputs[0])
        pad.copy.out = memory.output
        return call(store, bp_pad_task, pad)
      }
    },
    kernel(Concatenate.self) { operation, inputs, output in
      let strides = output.shape.strides
      var start = 0
      return copies(
        inputs.enumerated().map { index, input in
          defer { start += input.shape[operation.axis] }
          return Copy(
            input: index, sizes: input.shape.dimensions, inStrides: input.shape.strides,
            outStrides: strides, outOffset: start * strides[operation.axis])
        }, of: output)
    },
    kernel(Gather.self) { operation, inputs, output in
      let shape = inputs[0].shape
      let template = (
        outer: Int64(shape.dimensions[..<operation.axis].reduce(1, *)),
        size: Int64(shape[operation.axis]), count: Int64(inputs[1].shape.count),
        inner: Int64(shape.dimensions[(operation.axis + 1)...].reduce(1, *)),
        element: Int64(output.scalarType.size)
      )
      return KernelLaunch(tasks: 1) { store, memory in
        call(
          store, bp_gather_task,
          bp_gather(
            element_size: template.element, in: UnsafeRawPointer(memory.inputs[0]),
            indices: UnsafePointer(memory.inputs[1].assumingMemoryBound(to: Int32.self)),
            out: memory.output, outer: template.outer, in_size: template.size,
            index_count: template.count, inner: template.inner))
      }
    },
    kernel(ScatterAdd.self) { operation, inputs, output in
      let shape = output.shape
      let template = (
        outer: Int64(shape.dimensions[..<operation.axis].reduce(1, *)),
        size: Int64(shape[operation.axis]), count: Int64(inputs[1].shape.count),
        inner: Int64(shape.dimensions[(operation.axis + 1)...].reduce(1, *)),
        type: output.scalarType.kernelType
      )
      return KernelLaunch(tasks: 1) { store, memory in
        call(
          store, bp_scatter_add_task,
          bp_scatter_add(
            type: template.type, in: UnsafeRawPointer(memory.inputs[0]),
            indices: UnsafePointer(memory.inputs[1].assumingMemoryBound(to: Int32.self)),
            out: memory.output, outer: template.outer, out_size: template.size,
            index_count: template.count, inner: template.inner))
      }
    },
    kernel(OneHot.self) { operation, inputs, output in
      let (type, count, depth) = (
        output.scalarType.kernelType, Int64(inputs[0].shape.count), Int64(operation.depth)
      )
      return KernelLaunch(tasks: 1) { store, memory in
        call(
          store, bp_one_hot_task,
          bp_one_hot(
            type: type,
            indices: UnsafePointer(memory.inputs[0].assumingMemoryBound(to: Int32.self)),
            out: memory.output, count: count, depth: depth))
      }
    },
    kernel(Cast.self) { operation, inputs, output in
      let (from, to) = (inputs[0].scalarType.kernelType, output.scalarType.kernelType)
      let count = Int64(output.shape.count)
      return KernelLaunch(tasks: 1) { store, memory in
        call(
          store, bp_cast_task,
          bp_cast(
            from: from, to: to, in: UnsafeRawPointer(memory.inputs[0]), out: memory.output,
            count: count))
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

  /// One copy by strides, from an input into a part of the output.
  private struct Copy {
    var input = 0
    let sizes: [Int]
    let inStrides: [Int]
    var outStrides: [Int]?
    var inOffset = 0
    var outOffset = 0
  }

  /// The copies that make up an output, one task each.
  private static func copies(_ parts: [Copy], of output: TensorType) -> KernelLaunch? {
    guard output.shape.rank <= ElementwiseProgram.highestRank, !parts.isEmpty else { return nil }
    let templates = parts.map { part in
      (input: part.input, copy: SendableCopy(copy: stridedCopy(part, of: output)))
    }
    return KernelLaunch(tasks: templates.count) { store, memory in
      let bound = templates.map { input, template in
        var copy = template.copy
        copy.in = UnsafeRawPointer(memory.inputs[input])
        copy.out = memory.output
        return copy
      }
      return KernelLaunch.Call(
        function: bp_strided_copy_task, arguments: UnsafeRawPointer(store.store(contentsOf: bound)))
    }
  }

  private static func stridedCopy(_ part: Copy, of output: TensorType) -> bp_strided_copy {
    var copy = bp_strided_copy()
    copy.element_size = Int64(output.scalarType.size)
    copy.rank = Int32(part.sizes.count)
    fill(&copy.sizes, part.sizes)
    fill(&copy.in_strides, part.inStrides)
    fill(&copy.out_strides, part.outStrides ?? output.shape.strides)
    copy.in_offset = Int64(part.inOffset)
    copy.out_offset = Int64(part.outOffset)
    return copy
  }

  /// A copy's arguments before its addresses are known.
  private struct SendableCopy: @unchecked Sendable {
    let copy: bp_strided_copy
  }

  private struct SendablePad: @unchecked Sendable {
    let pad: bp_pad
  }

  private static func call<Arguments>(
    _ store: ArgumentStore, _ function: @escaping bp_task_function, _ arguments: Arguments
  ) -> KernelLaunch.Call {
    KernelLaunch.Call(function: function, arguments: UnsafeRawPointer(store.store(arguments)))
  }
}

/// Writes numbers into a C array, which Swift sees as a tuple.
func fill<Tuple, Number>(_ tuple: inout Tuple, _ values: [Number]) {
  withUnsafeMutableBytes(of: &tuple) { bytes in
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }
}

/// Writes whole numbers into a C array of 64-bit ones.
func fill<Tuple>(_ tuple: inout Tuple, _ values: [Int]) {
  fill(&tuple, values.map(Int64.init))
}
