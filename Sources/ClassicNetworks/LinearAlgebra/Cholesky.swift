import RealModule

/// A = L Lᵀ of a symmetric positive definite matrix, with L lower triangular.
///
/// Source: G. Golub, C. Van Loan, "Matrix Computations", 4th edition (2013), section 4.2.
struct Cholesky {
  private let factor: Matrix

  /// nil where the matrix is not positive definite, as rounding sees it.
  init?(_ matrix: Matrix) {
    let size = matrix.rows
    var factor = Matrix(rows: size, columns: size)
    for row in 0..<size {
      for column in 0...row {
        let rest =
          matrix[row, column]
          - dot(factor[row: row].prefix(column), factor[row: column].prefix(column))
        if row == column {
          guard rest > 0, rest.isFinite else { return nil }
          factor[row, row] = rest.squareRoot()
        } else {
          factor[row, column] = rest / factor[column, column]
        }
      }
    }
    self.factor = factor
  }

  /// x with A x = b.
  func solve(_ b: [Double]) -> [Double] {
    let size = factor.rows
    var x = b
    for row in 0..<size {
      x[row] = (x[row] - dot(factor[row: row].prefix(row), x.prefix(row))) / factor[row, row]
    }
    for row in (0..<size).reversed() {
      var rest = x[row]
      for other in row + 1..<max(size, row + 1) { rest -= factor[other, row] * x[other] }
      x[row] = rest / factor[row, row]
    }
    return x
  }

  /// X with A X = B, column by column.
  func solve(_ b: Matrix) -> Matrix {
    let columns = b.transposed
    var solved = Matrix(rows: b.columns, columns: b.rows)
    for column in 0..<b.columns { solved[row: column] = solve(Array(columns[row: column]))[...] }
    return solved.transposed
  }

  /// A⁻¹.
  var inverse: Matrix { solve(.identity(factor.rows)) }

  /// ln det A = 2 Σ ln Lᵢᵢ.
  var logDeterminant: Double {
    (0..<factor.rows).reduce(0) { $0 + 2 * Double.log(factor[$1, $1]) }
  }
}
