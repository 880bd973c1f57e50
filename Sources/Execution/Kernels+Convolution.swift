import CKernels
import GraphIR
import Tensors

extension KernelTable {
  static let convolutions: [(ObjectIdentifier, Rule)] = [
    kernel(Convolve.self) { operation, inputs, output in
      (try? operation.sizes(inputs[0], inputs[1])).flatMap {
        convolution(BP_CONVOLVE, $0, output, operands: [\.x, \.w])
      }
    },
    kernel(ConvolveInputGradient.self) { operation, inputs, output in
      (try? operation.sizes(inputs[0], inputs[1])).flatMap {
        convolution(BP_CONVOLVE_INPUT_GRADIENT, $0, output, operands: [\.g, \.w])
      }
    },
    kernel(ConvolveWeightGradient.self) { operation, inputs, output in
      (try? operation.sizes(inputs[0], inputs[1])).flatMap {
        convolution(BP_CONVOLVE_WEIGHT_GRADIENT, $0, output, operands: [\.x, \.g])
      }
    },
    kernel(PooledConvolutionGradient.self) { operation, inputs, output in
      guard let sizes = try? operation.sizes(inputs),
        let pooled = pooledGradient(operation, inputs, sizes)
      else { return nil }
      switch operation.convolution {
      case .weight:
        return convolution(
          BP_CONVOLVE_WEIGHT_GRADIENT, sizes, output, operands: [\.x], pooled: pooled)
      case .input:
        return convolution(
          BP_CONVOLVE_INPUT_GRADIENT, sizes, output, operands: [\.w], pooled: pooled)
      }
    },
  ]

  /// The windows through which a convolution's gradient can be read; nil where it must be in memory.
  static func pooledGradient(
    _ operation: PooledConvolutionGradient, _ inputs: [TensorType], _ sizes: ConvolutionSizes
  ) -> WindowLists? {
    guard sizes.geometry.rank == 2, sizes.geometry.groups == 1,
      let lists = WindowLists(
        SpatialMap(
          windows: operation.windows, input: inputs[0].shape, output: inputs[1].shape)),
      lists.isDisjoint, lists.mostElements <= Int(BP_MOST_TAPS)
    else { return nil }
    return lists
  }

  private typealias Operand = WritableKeyPath<bp_convolution, UnsafeRawPointer?> & Sendable

  /// Larger scratch memory, for paddings or kernels without end, is not worth its speed.
  private static let largestScratch = 1 << 28

  private static func convolution(
    _ code: bp_convolution_code, _ sizes: ConvolutionSizes, _ output: TensorType,
    operands: [Operand], pooled: WindowLists? = nil
  ) -> KernelLaunch? {
    let rank = sizes.geometry.rank
    guard rank <= 2, output.shape.count > 0 else { return nil }
    var template = bp_convolution()
    template.type = output.scalarType.kernelType
    template.code = code
    template.batch = Int64(sizes.batch)
    template.in_channels = Int64(sizes.channels)
    template.out_channels = Int64(sizes.outputChannels)
    template.groups = Int64(sizes.geometry.groups)
    // A single axis is that of the rows, so that strips can be cut along it.
    template.rows = sizes.axis(0)
    template.columns =
      rank == 2
      ? sizes.axis(1)
      : bp_convolution_axis(in: 1, out: 1, kernel: 1, stride: 1, dilation: 1, before: 0)
    guard let rows = rows(of: template, code), sizes.batch > 0 else { return nil }
    let size = output.scalarType.size
    let tiling = ConvolutionTiling(
      sizes, code, rows: rows, elementSize: size, panel: 2 * 64 / size)
    template.strip_rows = Int64(tiling.stripRows)
    template.units_per_task = Int64(tiling.unitsPerTask)
    template.tile_width = Int64(tiling.tileWidth)
    guard isReasonable(template, rows) else { return nil }
    var window = bp_window()
    let scratch = withUnsafePointer(to: &window) { window in
      template.pooled = pooled == nil ? nil : window
      return Int(bp_convolution_scratch(&template))
    }
    template.pooled = nil
    template.epilogue_scratch_offset = Int64(scratch)
    let (parts, tasks) = (
      Int(bp_convolution_parts(&template)), Int(bp_convolution_tasks(&template))
    )
    let arguments = SendableConvolution(convolution: template)
    return KernelLaunch(tasks: tasks, scratch: scratch) { store, memory in
      var convolution = arguments.convolution
      // A pooling's gradient stands before the others, as two values.
      for (operand, address) in zip(operands, memory.inputs.dropFirst(pooled == nil ? 0 : 2)) {
        convolution[keyPath: operand] = UnsafeRawPointer(address)
      }
      if let pooled {
        var window = pooled.window(BP_WINDOW_GRADIENT, output.scalarType, store)
        window.in = UnsafeRawPointer(memory.inputs[0])
        window.values = UnsafeRawPointer(memory.inputs[1])
        convolution.pooled = UnsafePointer(store.store(window))
      }
      convolution.out = memory.output
      convolution.epilogue = memory.epilogue
      if parts > 1 {
        convolution.partial = store.zeros(byteCount: parts * output.byteCount)
        convolution.arrived = store.zeros(byteCount: tasks * MemoryLayout<Int32>.size)
          .assumingMemoryBound(to: Int32.self)
      }
      return KernelLaunch.Call(
        function: bp_convolution_task, arguments: UnsafeRawPointer(store.store(convolution)))
    }
  }

  /// The rows that are cut into strips; nil where one of them, with its padding, is too large.
  private static func rows(of convolution: bp_convolution, _ code: bp_convolution_code)
    -> ConvolutionTiling.Rows?
  {
    let isTransposed = code == BP_CONVOLVE_INPUT_GRADIENT
    let (rows, columns) = (convolution.rows, convolution.columns)
    // With padding, each row of the result asks for about as many of the source.
    let places = max(
      isTransposed ? columns.out : columns.in, columns.out * (isTransposed ? 1 : columns.stride))
    let channels = isTransposed ? convolution.out_channels : convolution.in_channels
    let (elements, overflow) = (places + columns.kernel * columns.dilation)
      .multipliedReportingOverflow(by: channels * (isTransposed ? 1 : rows.stride))
    guard !overflow, elements < largestScratch else { return nil }
    return ConvolutionTiling.Rows(
      count: Int(isTransposed ? rows.in : rows.out),
      columns: Int(isTransposed ? columns.in : columns.out),
      channels: Int(isTransposed ? convolution.in_channels : convolution.out_channels),
      sourceElements: Int(elements))
  }

  /// Whether a strip's padded source and the packed weights fit into scratch memory; counted in
  /// floating point, where nothing overflows.
  private static func isReasonable(_ convolution: bp_convolution, _ rows: ConvolutionTiling.Rows)
    -> Bool
  {
    let reach = Double(convolution.rows.kernel) * Double(convolution.rows.dilation)
    let source = (Double(convolution.strip_rows) + reach) * Double(rows.sourceElements)
    // The weight's rows, and what of each is in a panel, filled up to whole vectors.
    let height =
      Double(convolution.rows.kernel * convolution.columns.kernel)
      * Double(max(convolution.in_channels, convolution.out_channels))
    let width = Double(convolution.tile_width) / Double(convolution.groups) + 16
    let pixels = Double(convolution.strip_rows) * Double(rows.columns)
    return 8 * source + height * (8 * width + 48) + pixels * (8 * width + 48)
      < Double(largestScratch)
  }
}

extension ConvolutionSizes {
  fileprivate func axis(_ axis: Int) -> bp_convolution_axis {
    bp_convolution_axis(
      in: Int64(input[axis]), out: Int64(output[axis]), kernel: Int64(kernel[axis]),
      stride: Int64(geometry.strides[axis]), dilation: Int64(geometry.dilations[axis]),
      before: Int64(geometry.before[axis]))
  }
}

/// A convolution's arguments before its addresses are known: there is no pointer in it yet.
private struct SendableConvolution: @unchecked Sendable {
  let convolution: bp_convolution
}
