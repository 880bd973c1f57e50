import Training

extension Cholesky {
  /// nil where the matrix is not positive definite, as rounding sees it.
  init?(_ matrix: Matrix) { self.init(matrix.values, size: matrix.rows) }

  /// X with A X = B, column by column.
  func solve(_ b: Matrix) -> Matrix {
    let columns = b.transposed
    var solved = Matrix(rows: b.columns, columns: b.rows)
    for column in 0..<b.columns { solved[row: column] = solve(Array(columns[row: column]))[...] }
    return solved.transposed
  }
}
