/// x ≥ 0 that makes ‖A x − b‖ least, by an active set: the weight that helps most joins the set, and
/// those that would become negative leave it.
///
/// Source: C. Lawson, R. Hanson, "Solving Least Squares Problems" (1974), algorithm 23.10.
struct NonNegativeLeastSquares {
  let solution: [Double]
  /// b − A x.
  let residual: [Double]

  init(_ matrix: Matrix, _ b: [Double]) {
    let columns = matrix.transposed
    let count = matrix.columns
    var x = [Double](repeating: 0, count: count)
    var set: [Int] = []
    var residual = b
    let scale = (0..<count).map { dot(columns[row: $0], columns[row: $0]).squareRoot() }.max() ?? 0
    let tolerance = 1e-12 * max(scale, 1)

    for _ in 0..<(10 * count + 100) {
      let slopes = (0..<count).map { dot(columns[row: $0], residual) }
      let joining = (0..<count).filter { x[$0] == 0 && !set.contains($0) }
        .max { slopes[$0] < slopes[$1] }
      guard let joining, slopes[joining] > tolerance else { break }
      set.append(joining)
      while true {
        let part = columns.picking(set).transposed
        let found = LeastSquares(part, Matrix(rows: b.count, columns: 1, b)).solution.values
        if found.allSatisfy({ $0 > 0 }) {
          for (place, column) in set.enumerated() { x[column] = found[place] }
          break
        }
        // As far as the first weight that reaches zero.
        var step = 1.0
        for (place, column) in set.enumerated() where found[place] <= 0 {
          step = min(step, x[column] / (x[column] - found[place]))
        }
        if !step.isFinite { step = 0 }
        for (place, column) in set.enumerated() { x[column] += step * (found[place] - x[column]) }
        let leaving = set.enumerated().filter { found[$0.offset] <= 0 && x[$0.element] <= 1e-15 }
        for (_, column) in leaving { x[column] = 0 }
        let gone = Set(leaving.map(\.element))
        if gone.isEmpty { break }
        set.removeAll { gone.contains($0) }
        if set.isEmpty { break }
      }
      residual = zip(b, matrix.times(x)).map { $0 - $1 }
    }
    solution = x
    self.residual = residual
  }
}
