import GraphIR
import Tensors

/// How the matrices of a batched product lie in memory.
struct ProductLayout {
  /// One of the three matrices of each product.
  struct Matrix {
    /// How far apart its rows of neighbors are.
    var rowStride: Int
    /// Whether these rows are its columns.
    var isTransposed: Bool
    /// The strides along the batch's axes; 0 where the matrix is repeated.
    var strides: [Int]
  }

  private(set) var m: Int
  let n: Int
  let k: Int
  /// The sizes of the batch's axes.
  private(set) var sizes: [Int]
  private(set) var a: Matrix
  private(set) var b: Matrix
  private(set) var c: Matrix

  init?(_ operation: MatrixProduct, _ a: Shape, _ b: Shape) {
    func order(_ shape: Shape, swaps: Bool) -> [Int] {
      let axes = Array(0..<shape.rank)
      guard swaps, shape.rank >= 2 else { return axes }
      return axes.dropLast(2) + [shape.rank - 1, shape.rank - 2]
    }
    self.init(
      ArrangedMatrixProduct(
        orderA: order(a, swaps: operation.transposeA),
        orderB: order(b, swaps: operation.transposeB),
        orderC: Array(0..<max(a.rank, b.rank))), a, b)
  }

  /// Nil where the matrices cannot be read and written in place.
  init?(_ operation: ArrangedMatrixProduct, _ a: Shape, _ b: Shape) {
    guard let sizes = try? operation.sizes(a, b) else { return nil }
    (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let batch = sizes.batch.dimensions
    let product = batch + [sizes.m, sizes.n]
    // The axes of the product where they lie in the result.
    let output = Shape(operation.orderC.map { product[$0] }).strides
    var stridesC = [Int](repeating: 0, count: product.count)
    for (place, axis) in operation.orderC.enumerated() { stridesC[axis] = output[place] }
    guard let a = Self.matrix(a, operation.orderA, batch: batch),
      let b = Self.matrix(b, operation.orderB, batch: batch),
      product[product.count - 1] <= 1 || stridesC[product.count - 1] == 1
    else { return nil }
    self.sizes = batch
    self.a = a
    self.b = b
    c = Matrix(
      rowStride: stridesC[product.count - 2], isTransposed: false,
      strides: Array(stridesC.dropLast(2)))
    join()
  }

  /// How an operand lies that is read with its axes in another order.
  private static func matrix(_ shape: Shape, _ order: [Int], batch: [Int]) -> Matrix? {
    let own = shape.strides
    let sizes = order.map { shape[$0] }
    let strides = order.map { own[$0] }
    let last = order.count - 1
    var matrix: Matrix
    if strides[last] == 1 || sizes[last] == 1 {
      matrix = Matrix(rowStride: strides[last - 1], isTransposed: false, strides: [])
    } else if strides[last - 1] == 1 || sizes[last - 1] == 1 {
      matrix = Matrix(rowStride: strides[last], isTransposed: true, strides: [])
    } else {
      return nil
    }
    let missing = batch.count - (last - 1)
    matrix.strides = batch.indices.map { axis in
      axis < missing || sizes[axis - missing] == 1 ? 0 : strides[axis - missing]
    }
    return matrix
  }

  /// Makes one axis of neighbors that all matrices go through in the same steps, and rows of a
  /// batch of matrices that have the right one in common.
  private mutating func join() {
    for axis in sizes.indices.reversed() where sizes[axis] == 1 { remove(axis) }
    var axis = sizes.count - 1
    while axis > 0 {
      let isStep = [a, b, c].allSatisfy {
        $0.strides[axis - 1] == $0.strides[axis] * sizes[axis]
      }
      if isStep {
        sizes[axis] *= sizes[axis - 1]
        remove(axis - 1)
      }
      axis -= 1
    }
    while let last = sizes.indices.last, b.strides[last] == 0, !a.isTransposed,
      a.strides[last] == m * a.rowStride, c.strides[last] == m * c.rowStride
    {
      m *= sizes[last]
      remove(last)
    }
  }

  private mutating func remove(_ axis: Int) {
    sizes.remove(at: axis)
    a.strides.remove(at: axis)
    b.strides.remove(at: axis)
    c.strides.remove(at: axis)
  }
}
