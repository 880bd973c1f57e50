/// The eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations: every pair of axes is
/// turned until nothing is left beside the diagonal.
///
/// Source: G. Golub, C. Van Loan, "Matrix Computations", 4th edition (2013), section 8.5.
struct SymmetricEigen {
  /// The eigenvalues, the largest first.
  let values: [Double]
  /// An eigenvector of length 1 in each row, in the same order; its largest part is positive.
  let vectors: Matrix

  init(_ matrix: Matrix) {
    let size = matrix.rows
    var a = matrix
    var vectors = Matrix.identity(size)
    let whole = matrix.values.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      var beside = 0.0
      for row in 0..<size {
        for column in 0..<row { beside += 2 * a[row, column] * a[row, column] }
      }
      guard beside > 1e-30 * whole else { break }
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) where a[p, q] != 0 {
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let tangent =
            (theta < 0 ? -1.0 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot()
          let sine = tangent * cosine
          for other in 0..<size {
            let (x, y) = (a[other, p], a[other, q])
            (a[other, p], a[other, q]) = (cosine * x - sine * y, sine * x + cosine * y)
          }
          for other in 0..<size {
            let (x, y) = (a[p, other], a[q, other])
            (a[p, other], a[q, other]) = (cosine * x - sine * y, sine * x + cosine * y)
          }
          for other in 0..<size {
            let (x, y) = (vectors[p, other], vectors[q, other])
            (vectors[p, other], vectors[q, other]) = (cosine * x - sine * y, sine * x + cosine * y)
          }
        }
      }
    }
    let order = (0..<size).sorted { a[$0, $0] > a[$1, $1] }
    values = order.map { a[$0, $0] }
    var sorted = vectors.picking(order)
    for row in 0..<size {
      let largest = sorted[row: row].max { abs($0) < abs($1) } ?? 0
      if largest < 0 { sorted[row: row] = sorted[row: row].map { -$0 }[...] }
    }
    self.vectors = sorted
  }
}
