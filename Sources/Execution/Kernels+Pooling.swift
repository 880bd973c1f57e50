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
    guard let lists = WindowLists(windows.map) else { return nil }
    let map = windows.map
    let channels = map.input[-1]
    let block = code == BP_WINDOW_GRADIENT ? min(channels, channelBlock) : channels
    let most =
      code == BP_WINDOW_GRADIENT
      ? map.input[0] * ((channels + block - 1) / block) : map.output.count / channels
    let tasks = max(1, min(most, max(map.input.count, map.output.count) / elementsPerTask, 256))
    return KernelLaunch(tasks: tasks) { store, memory in
      var work = lists.window(code, windows.type, store)
      work.in = UnsafeRawPointer(memory.inputs[0])
      work.values = values ? UnsafeRawPointer(memory.inputs[1]) : nil
      work.out = memory.output
      work.channel_block = Int64(block)
      work.task_count = Int64(tasks)
      work.epilogue = memory.epilogue
      return KernelLaunch.Call(
        function: bp_window_task, arguments: UnsafeRawPointer(store.store(work)))
    }
  }
}
