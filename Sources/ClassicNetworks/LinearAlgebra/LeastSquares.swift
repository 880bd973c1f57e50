/// X that makes ‖A X − B‖ least, by Householder's QR factorization with column pivoting; where columns
/// depend on one another, those that add nothing get the weight 0.
///
/// Source: P. Businger, G. Golub, "Linear least squares solutions by Householder transformations",
/// Numerische Mathematik 7 (1965), doi:10.1007/BF01436084.
struct LeastSquares {
  /// The solution, [columns of A, columns of B].
  let solution: Matrix
  /// How many columns of A depend on no others.
  let rank: Int

  /// - Parameter tolerance: Columns of which less than this part is left count as dependent.
  init(_ matrix: Matrix, _ targets: Matrix, tolerance: Double = 1e-12) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    // Column after column, so that reflections run along memory.
    var a = matrix.transposed
    var b = targets.transposed
    var order = Array(0..<columns)
    var diagonal: [Double] = []
    let largest = (0..<columns).map { dot(a[row: $0], a[row: $0]).squareRoot() }.max() ?? 0

    for step in 0..<min(rows, columns) {
      let norms = (step..<columns).map {
        dot(a[row: $0].dropFirst(step), a[row: $0].dropFirst(step))
      }
      guard let best = norms.indices.max(by: { norms[$0] < norms[$1] }) else { break }
      let pivot = step + best
      let norm = norms[best].squareRoot()
      guard norm > tolerance * largest, norm > 0 else { break }
      if pivot != step {
        order.swapAt(pivot, step)
        (a[row: step], a[row: pivot]) = (a[row: pivot], a[row: step])
      }
      // v = x ± ‖x‖ e₁, and every later column loses 2 v vᵀ / vᵀv of itself.
      var v = Array(a[row: step].dropFirst(step))
      let sign: Double = v[0] < 0 ? -1 : 1
      v[0] += sign * norm
      let scale = 2 / dot(v, v)
      func reflect(_ matrix: inout Matrix, _ row: Int) {
        let start = row * rows + step
        var product = 0.0
        for index in v.indices { product += v[index] * matrix.values[start + index] }
        product *= scale
        for index in v.indices { matrix.values[start + index] -= product * v[index] }
      }
      for column in step + 1..<max(columns, step + 1) { reflect(&a, column) }
      for column in 0..<b.rows { reflect(&b, column) }
      a[step, step] = -sign * norm
      diagonal.append(-sign * norm)
    }

    rank = diagonal.count
    var solution = Matrix(rows: columns, columns: targets.columns)
    for target in 0..<targets.columns {
      var x = [Double](repeating: 0, count: rank)
      for row in (0..<rank).reversed() {
        var rest = b[target, row]
        for column in row + 1..<max(rank, row + 1) { rest -= a[column, row] * x[column] }
        x[row] = rest / diagonal[row]
      }
      for row in 0..<rank { solution[order[row], target] = x[row] }
    }
    self.solution = solution
  }
}
