import CKernels
import GraphIR
import Tensors

extension KernelTable {
  /// A result is kept in scratch where no more bytes than this are under way at a time: what the
  /// second-level cache holds.
  private static let mostKept = 1 << 20

  static let matrixProduct = kernel(MatrixProduct.self) { operation, inputs, output in
    let layout = ProductLayout(operation, inputs[0].shape, inputs[1].shape)
    var launch = product(layout, output.scalarType)
    if let layout, let whole = launch, layout.sizes.isEmpty, !layout.a.isTransposed {
      launch?.byRows = { tasks in
        let rows = layout.m / tasks
        return whole.finish == nil
          ? product(layout, output.scalarType, rowsATask: rows)
          : product(layout, output.scalarType, rowsAFinish: rows)
      }
    }
    return launch
  }

  static let arrangedMatrixProduct = kernel(ArrangedMatrixProduct.self) {
    operation, inputs, output in
    product(ProductLayout(operation, inputs[0].shape, inputs[1].shape), output.scalarType)
  }

  /// The kernel of a product within a loop.
  ///
  /// - Parameters:
  ///   - rowsATask: Where given, a task does so many whole rows.
  ///   - packsRight: Whether the right matrix is the same in all steps, and packed before the first.
  static func productOfLoop(
    _ operation: MatrixProduct, _ inputs: [TensorType], _ output: TensorType, rowsATask: Int?,
    packsRight: Bool
  ) -> KernelLaunch? {
    product(
      ProductLayout(operation, inputs[0].shape, inputs[1].shape), output.scalarType,
      rowsATask: rowsATask, packsRight: packsRight)
  }

  private static func product(
    _ layout: ProductLayout?, _ type: ScalarType, rowsATask: Int? = nil, packsRight: Bool = false,
    rowsAFinish: Int? = nil
  ) -> KernelLaunch? {
    guard let layout, layout.sizes.count <= ElementwiseProgram.highestRank else { return nil }
    let (m, n, k) = (layout.m, layout.n, layout.k)
    let tiling =
      rowsATask.map { GemmTiling(m: m, n: n, rowsATask: $0) }
      ?? GemmTiling(
        m: m, n: n, k: k, transposes: (layout.a.isTransposed, layout.b.isTransposed),
        batch: layout.sizes.reduce(1, *))
    var template = bp_gemm()
    template.type = type.kernelType
    template.m = Int64(m)
    template.n = Int64(n)
    template.k = Int64(k)
    template.lda = Int64(layout.a.rowStride)
    template.ldb = Int64(layout.b.rowStride)
    template.ldc = Int64(layout.c.rowStride)
    template.batch_rank = Int32(layout.sizes.count)
    fill(&template.batch_sizes, layout.sizes)
    fill(&template.a_strides, layout.a.strides)
    fill(&template.b_strides, layout.b.strides)
    fill(&template.c_strides, layout.c.strides)
    template.transpose_a = layout.a.isTransposed ? 1 : 0
    template.transpose_b = layout.b.isTransposed ? 1 : 0
    template.tile_m = Int64(tiling.rows)
    template.tile_n = Int64(tiling.columns)
    template.k_pieces = Int64(tiling.sumPieces)
    template.finish_m = Int64(rowsAFinish ?? m)
    template.blas = tiling.wantsLibrary ? BLAS.shared.gemm(template.type) : nil
    let packed = packsRight ? Int(bp_gemm_packed_size(&template)) : 0
    // Some address, for the sizes that depend on there being one.
    if packed > 0 { template.packed_b = UnsafeMutableRawPointer(bitPattern: 64) }
    let packing =
      packed > 0
      ? KernelLaunch.Packing(
        bytes: packed, function: bp_gemm_pack_task, tasks: Int(bp_gemm_pack_tasks(&template)))
      : nil
    let scratch = Int(bp_gemm_scratch(&template) + 63) / 64 * 64
    template.epilogue_scratch_offset = Int64(scratch)
    template.kept_offset = Int64(scratch)
    let kept = Int(bp_gemm_kept_scratch(&template) + 63) / 64 * 64
    let arguments = SendableGemm(gemm: template)
    let isCut = tiling.sumPieces > 1
    return KernelLaunch(
      tasks: tiling.tasks, scratch: scratch, keptScratch: kept <= mostKept ? kept : nil,
      packing: packing,
      finish: isCut
        ? KernelLaunch.Finish(function: bp_gemm_finish_task, tasks: m / (rowsAFinish ?? m)) : nil
    ) { store, memory in
      var gemm = arguments.gemm
      gemm.a = UnsafeRawPointer(memory.inputs[0])
      gemm.b = UnsafeRawPointer(memory.inputs[1])
      gemm.epilogue = memory.epilogue
      gemm.packed_b = memory.packed
      if memory.keepsResult {
        gemm.epilogue_scratch_offset += Int64(kept)
        bp_gemm_fold(&gemm)
      } else {
        gemm.c = memory.output
      }
      if isCut { gemm.partial = store.zeros(byteCount: tiling.sumPieces * m * n * type.size) }
      return KernelLaunch.Call(
        function: bp_gemm_task, arguments: UnsafeRawPointer(store.store(gemm)))
    }
  }
}

/// A product's arguments before its addresses are known; the only pointer in it is a routine's.
private struct SendableGemm: @unchecked Sendable {
  let gemm: bp_gemm
}
