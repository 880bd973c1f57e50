import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let poolings: [(ObjectIdentifier, Rule)] = [
    kernel(MaxPool.self) { operation, inputs, output in
      windows(BP_WINDOW_MAX, largest(operation.windows, inputs[0], output))
    },
    kernel(MaxPoolSelection.self) { operation, inputs, output in
      windows(BP_WINDOW_SELECT, largest(operation.windows, inputs[0], output), values: true)
    },
    kernel(MaxPoolGradient.self) { operation, inputs, output in
      windows(BP_WINDOW_GRADIENT, largest(operation.windows, inputs[0], inputs[1]), values: true)
    },
    linear(AveragePool.self), linear(AveragePoolGradient.self),
    linear(Resize.self), linear(ResizeGradient.self),
  ]

  /// A task handles about this many elements, of a gradient at least so many neighboring channels.
  private static let elementsPerTask = 16_384
  private static let channelBlock = 64
  /// Longer lists of what windows hold are not written down; the plain evaluation has such.
  private static let mostTaps = 1 << 22

  /// A pooling's lists, and the type of its elements.
  private struct Windows: Sendable {
    let map: SpatialMap
    let type: ScalarType
  }

  private static func largest(
    _ windows: PoolingWindows, _ input: TensorType, _ output: TensorType
  ) -> Windows {
    Windows(
      map: SpatialMap(windows: windows, input: input.shape, output: output.shape),
      type: input.scalarType)
  }

  private static func linear<O: SpatiallyLinear>(_ type: O.Type) -> (ObjectIdentifier, Rule) {
    kernel(type) { operation, inputs, output in
      let map = operation.map(inputs[0].shape, to: output.shape)
      return windows(BP_WINDOW_SUM, Windows(map: map, type: output.scalarType))
    }
  }

  private static func windows(_ code: bp_window_code, _ windows: Windows, values: Bool = false)
    -> KernelLaunch?
  {
    let (map, type) = (windows.map, windows.type)
    let axes = map.taps.count
    guard axes <= Int(BP_AXES), map.output.count > 0, map.input.count > 0,
      map.taps.allSatisfy({ $0.reduce(0) { $0 + $1.count } <= mostTaps })
    else { return nil }
    let missing = [Int](repeating: 1, count: Int(BP_AXES) - axes)
    let lists =
      missing.map { _ in [[SpatialMap.Tap(index: 0, weight: 1)]] } + map.taps
    let (batch, channels) = (map.input[0], map.input[-1])
    let inSizes = missing + map.input.dimensions[1...axes]
    let outSizes = missing + map.output.dimensions[1...axes]
    let visited = zip(lists, inSizes).map { lists, size in
      lists.flatMap { $0.map(\.index) }.reduce(into: [Int](repeating: 0, count: size)) {
        $0[$1] += 1
      }
    }
    let block = code == BP_WINDOW_GRADIENT ? min(channels, channelBlock) : channels
    let most =
      code == BP_WINDOW_GRADIENT
      ? batch * ((channels + block - 1) / block) : map.output.count / channels
    let tasks = max(1, min(most, max(map.input.count, map.output.count) / elementsPerTask, 256))
    return KernelLaunch(tasks: tasks) { store, memory in
      var work = bp_window()
      work.type = type.kernelType
      work.code = code
      work.in = UnsafeRawPointer(memory.inputs[0])
      work.values = values ? UnsafeRawPointer(memory.inputs[1]) : nil
      work.out = memory.output
      work.batch = Int64(batch)
      work.channels = Int64(channels)
      fill(&work.in_sizes, inSizes)
      fill(&work.out_sizes, outSizes)
      fill(&work.taps, lists.map { taps($0, store) })
      work.is_disjoint = visited.allSatisfy { $0.allSatisfy { $0 <= 1 } } ? 1 : 0
      work.is_complete = visited.allSatisfy { $0.allSatisfy { $0 >= 1 } } ? 1 : 0
      work.channel_block = Int64(block)
      work.task_count = Int64(tasks)
      return KernelLaunch.Call(
        function: bp_window_task, arguments: UnsafeRawPointer(store.store(work)))
    }
  }

  /// The lists of one axis, one after the other.
  private static func taps(_ lists: [[SpatialMap.Tap]], _ store: ArgumentStore) -> bp_taps {
    var starts: [Int64] = [0]
    for list in lists { starts.append(starts[starts.count - 1] + Int64(list.count)) }
    let all = lists.flatMap { $0 }
    return bp_taps(
      starts: store.store(contentsOf: starts),
      indices: store.store(contentsOf: all.map { Int64($0.index) }),
      weights: store.store(contentsOf: all.map(\.weight)))
  }
}
