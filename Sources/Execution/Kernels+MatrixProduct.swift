import CKernels
import GraphIR
import Tensors

extension KernelTable {
  /// The operations whose kernels take an epilogue.
  static let withEpilogue: Set<ObjectIdentifier> = [ObjectIdentifier(MatrixProduct.self)]

  static let matrixProduct = kernel(MatrixProduct.self) { operation, inputs, output in
    guard let sizes = try? operation.sizes(inputs[0].shape, inputs[1].shape) else { return nil }
    let batchA = inputs[0].shape.count / max(1, sizes.m * sizes.k)
    let batchB = inputs[1].shape.count / max(1, sizes.n * sizes.k)
    let batch = sizes.batch.count
    // A batch that repeats one matrix has stride 0; anything between runs its plain evaluation.
    guard batchA == batch || batchA == 1, batchB == batch || batchB == 1 else { return nil }
    let tiling = GemmTiling(m: sizes.m, n: sizes.n, k: sizes.k, batch: batch)
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
    template.blas = tiling.wantsLibrary ? BLAS.shared.gemm(template.type) : nil
    let scratch = Int(bp_gemm_scratch(&template) + 63) / 64 * 64
    template.epilogue_scratch_offset = Int64(scratch)
    let arguments = SendableGemm(gemm: template)
    return KernelLaunch(tasks: tiling.tasks, scratch: scratch) { store, memory in
      var gemm = arguments.gemm
      gemm.a = UnsafeRawPointer(memory.inputs[0])
      gemm.b = UnsafeRawPointer(memory.inputs[1])
      gemm.c = memory.output
      gemm.epilogue = memory.epilogue
      return KernelLaunch.Call(
        function: bp_gemm_task, arguments: UnsafeRawPointer(store.store(gemm)))
    }
  }
}

/// A product's arguments before its addresses are known; the only pointer in it is a routine's.
private struct SendableGemm: @unchecked Sendable {
  let gemm: bp_gemm
}

/// How a product is cut into tiles: by sizes alone, so that results do not depend on threads.
struct GemmTiling {
  let rows: Int
  let columns: Int
  let tasks: Int
  /// Whether the product is large enough for a library's overhead to pay.
  let wantsLibrary: Bool

  /// A task should have at least this much work (floating-point operations), or handing it to
  /// another thread costs more than it brings.
  private static let leastWork = 4e6
  /// More tiles than this bring no better balance.
  private static let mostTiles = 8
  /// Below this much work the built-in product is as fast as a library's, or faster.
  private static let libraryWork = 1e9

  init(m: Int, n: Int, k: Int, batch: Int) {
    let work = 2 * Double(m) * Double(n) * Double(k)
    wantsLibrary = work >= Self.libraryWork
    var pieces = batch > 1 ? 1 : Int(min(Double(Self.mostTiles), max(1, work / Self.leastWork)))
    while pieces & (pieces - 1) != 0 { pieces -= 1 }
    var rowPieces = 1
    var columnPieces = 1
    while rowPieces * columnPieces < pieces {
      if m / rowPieces >= n / columnPieces { rowPieces *= 2 } else { columnPieces *= 2 }
    }
    rows = max(1, Self.piece(m, rowPieces))
    columns = max(1, Self.piece(n, columnPieces))
    tasks =
      max(1, batch) * max(1, (m + rows - 1) / rows) * max(1, (n + columns - 1) / columns)
  }

  /// The length of each piece, rounded up to whole vectors.
  private static func piece(_ length: Int, _ pieces: Int) -> Int {
    pieces == 1 ? length : ((length + pieces - 1) / pieces + 15) / 16 * 16
  }
}
