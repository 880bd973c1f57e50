import CKernels
import GraphIR
import Tensors

extension KernelTable {
  /// The operations whose kernels take an epilogue.
  static let withEpilogue: Set<ObjectIdentifier> = [ObjectIdentifier(MatrixProduct.self)]

  /// A result is kept in scratch where no more bytes than this are under way at a time: what the
  /// second-level cache holds.
  private static let mostKept = 1 << 20

  static let matrixProduct = kernel(MatrixProduct.self) { operation, inputs, output in
    guard let sizes = try? operation.sizes(inputs[0].shape, inputs[1].shape) else { return nil }
    let batchA = inputs[0].shape.count / max(1, sizes.m * sizes.k)
    let batchB = inputs[1].shape.count / max(1, sizes.n * sizes.k)
    let batch = sizes.batch.count
    // A batch that repeats one matrix has stride 0; anything between runs its plain evaluation.
    guard batchA == batch || batchA == 1, batchB == batch || batchB == 1 else { return nil }
    let tiling = GemmTiling(
      m: sizes.m, n: sizes.n, k: sizes.k,
      transposes: (operation.transposeA, operation.transposeB), batch: batch)
    var template = bp_gemm()
    template.type = output.scalarType.kernelType
    template.m = Int64(sizes.m)
    template.n = Int64(sizes.n)
    template.k = Int64(sizes.k)
    template.batch = Int64(batch)
    template.a_batch_stride = batchA == 1 ? 0 : Int64(sizes.m * sizes.k)
    template.b_batch_stride = batchB == 1 ? 0 : Int64(sizes.n * sizes.k)
    template.transpose_a = operation.transposeA ? 1 : 0
    template.transpose_b = operation.transposeB ? 1 : 0
    template.tile_m = Int64(tiling.rows)
    template.tile_n = Int64(tiling.columns)
    template.k_pieces = Int64(tiling.sumPieces)
    template.blas = tiling.wantsLibrary ? BLAS.shared.gemm(template.type) : nil
    let scratch = Int(bp_gemm_scratch(&template) + 63) / 64 * 64
    template.epilogue_scratch_offset = Int64(scratch)
    template.kept_offset = Int64(scratch)
    let kept = Int(bp_gemm_kept_scratch(&template) + 63) / 64 * 64
    let arguments = SendableGemm(gemm: template)
    return KernelLaunch(
      tasks: tiling.tasks, scratch: scratch, keptScratch: kept <= mostKept ? kept : nil
    ) { store, memory in
      var gemm = arguments.gemm
      gemm.a = UnsafeRawPointer(memory.inputs[0])
      gemm.b = UnsafeRawPointer(memory.inputs[1])
      gemm.epilogue = memory.epilogue
      if memory.keepsResult {
        gemm.epilogue_scratch_offset += Int64(kept)
        bp_gemm_fold(&gemm)
      } else {
        gemm.c = memory.output
      }
      if tiling.sumPieces > 1 {
        let bytes = tiling.sumPieces * sizes.m * sizes.n * output.scalarType.size
        gemm.partial = store.zeros(byteCount: bytes)
        gemm.arrived = store.zeros(byteCount: tiling.tasks * MemoryLayout<Int32>.size)
          .assumingMemoryBound(to: Int32.self)
      }
      return KernelLaunch.Call(
        function: bp_gemm_task, arguments: UnsafeRawPointer(store.store(gemm)))
    }
  }
}

/// A product's arguments before its addresses are known; the only pointer in it is a routine's.
private struct SendableGemm: @unchecked Sendable {
  let gemm: bp_gemm
}
