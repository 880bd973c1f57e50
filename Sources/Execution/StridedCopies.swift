import CKernels
import GraphIR
import Tensors

/// One copy by strides, from an input into a part of the output.
struct StridedCopy: Sendable {
  /// Which of the operation's inputs.
  var input = 0
  var sizes: [Int]
  var inStrides: [Int]
  var outStrides: [Int]
  var inOffset = 0
  var outOffset = 0

  /// A task moves about this many bytes, unless there would be too many of them.
  private static let bytesPerTask = 32_768
  private static let mostTasks = 64

  /// How many tasks may share work on so many bytes.
  static func tasks(bytes: Int) -> Int { max(1, min(mostTasks, bytes / bytesPerTask)) }

  /// The copy cut along one axis, the outermost that is long enough.
  func pieces(elementSize: Int) -> [StridedCopy] {
    let wanted = Self.tasks(bytes: sizes.reduce(elementSize, *))
    let longest = sizes.max() ?? 1
    guard wanted > 1,
      let axis = sizes.firstIndex(where: { $0 >= wanted }) ?? sizes.firstIndex(of: longest)
    else { return [self] }
    var step = (sizes[axis] + wanted - 1) / wanted
    // Tasks do not share lines of the cache along an axis of neighbors.
    if inStrides[axis] == 1 || outStrides[axis] == 1 { step = (step + 15) / 16 * 16 }
    return stride(from: 0, to: sizes[axis], by: step).map { start in
      taking(start..<min(start + step, sizes[axis]), along: axis)
    }
  }

  /// The part of the copy for a range of one axis.
  func taking(_ range: Range<Int>, along axis: Int) -> StridedCopy {
    var part = self
    part.sizes[axis] = range.count
    part.inOffset += range.lowerBound * inStrides[axis]
    part.outOffset += range.lowerBound * outStrides[axis]
    return part
  }

  /// The kernel's arguments but for the addresses.
  func arguments(elementSize: Int) -> bp_strided_copy {
    var copy = bp_strided_copy()
    copy.element_size = Int64(elementSize)
    copy.rank = Int32(sizes.count)
    fill(&copy.sizes, sizes)
    fill(&copy.in_strides, inStrides)
    fill(&copy.out_strides, outStrides)
    copy.in_offset = Int64(inOffset)
    copy.out_offset = Int64(outOffset)
    return copy
  }
}

extension KernelTable {
  /// The copies that make up an output.
  static func copies(_ parts: [StridedCopy], of output: TensorType) -> KernelLaunch? {
    guard output.shape.rank <= ElementwiseProgram.highestRank, !parts.isEmpty else { return nil }
    let size = output.scalarType.size
    let pieces = parts.flatMap { $0.pieces(elementSize: size) }
    return KernelLaunch(tasks: pieces.count) { store, memory in
      let bound = pieces.map { piece in
        var copy = piece.arguments(elementSize: size)
        copy.in = UnsafeRawPointer(memory.inputs[piece.input])
        copy.out = memory.output
        return copy
      }
      return KernelLaunch.Call(
        function: bp_strided_copy_task, arguments: UnsafeRawPointer(store.store(contentsOf: bound)))
    }
  }

  /// The copies that make up an output; a task does so many rows of each.
  static func rowCopies(_ parts: [StridedCopy], of output: TensorType, rowsATask: Int)
    -> KernelLaunch?
  {
    guard (1...ElementwiseProgram.highestRank).contains(output.shape.rank), !parts.isEmpty else {
      return nil
    }
    let (size, rows) = (output.scalarType.size, output.shape[0])
    let starts = Array(stride(from: 0, to: rows, by: rowsATask))
    let pieces = starts.flatMap { start in
      parts.map { $0.taking(start..<min(start + rowsATask, rows), along: 0) }
    }
    return KernelLaunch(tasks: starts.count) { store, memory in
      let bound = store.store(
        contentsOf: pieces.map { piece in
          var copy = piece.arguments(elementSize: size)
          copy.in = UnsafeRawPointer(memory.inputs[piece.input])
          copy.out = memory.output
          return copy
        })
      let all = bp_strided_copies(copies: bound, each_task: Int64(parts.count))
      return KernelLaunch.Call(
        function: bp_strided_copies_task, arguments: UnsafeRawPointer(store.store(all)))
    }
  }

  /// A part of a padded output: what is filled, and what is copied into it.
  private struct PadPart: Sendable {
    let filled: Range<Int>
    let copy: StridedCopy
  }

  static func pad(_ operation: Pad, _ input: Shape, _ output: TensorType) -> KernelLaunch? {
    let shape = output.shape
    guard shape.rank <= ElementwiseProgram.highestRank else { return nil }
    let (strides, steps) = (shape.strides, operation.between.map { $0 + 1 })
    let whole = StridedCopy(
      sizes: input.dimensions, inStrides: input.strides,
      outStrides: zip(strides, steps).map { $0 * $1 },
      outOffset: zip(strides, operation.before).reduce(0) { $0 + $1.0 * $1.1 })
    var parts = [PadPart(filled: 0..<shape.count, copy: whole)]
    let wanted = StridedCopy.tasks(bytes: output.byteCount)
    // Along the first axis that is longer than 1, what is filled stays in one piece.
    if wanted > 1, let axis = shape.dimensions.firstIndex(where: { $0 > 1 }) {
      let length = (shape[axis] + wanted - 1) / wanted
      func copied(before place: Int) -> Int {
        let elements = (place - operation.before[axis] + steps[axis] - 1) / steps[axis]
        return place <= operation.before[axis] ? 0 : min(elements, input[axis])
      }
      parts = stride(from: 0, to: shape[axis], by: length).map { start in
        let end = min(start + length, shape[axis])
        return PadPart(
          filled: start * strides[axis]..<end * strides[axis],
          copy: whole.taking(copied(before: start)..<copied(before: end), along: axis))
      }
    }
    return KernelLaunch(tasks: parts.count) { [parts] store, memory in
      let bound = parts.map { part in
        var copy = part.copy.arguments(elementSize: output.scalarType.size)
        copy.in = UnsafeRawPointer(memory.inputs[0])
        copy.out = memory.output
        return bp_pad(
          type: output.scalarType.kernelType, value: operation.value,
          first: Int64(part.filled.lowerBound), count: Int64(part.filled.count), copy: copy)
      }
      return KernelLaunch.Call(
        function: bp_pad_task, arguments: UnsafeRawPointer(store.store(contentsOf: bound)))
    }
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
