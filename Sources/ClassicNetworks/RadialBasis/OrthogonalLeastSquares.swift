/// Which of many columns explain targets best, chosen one at a time.
///
/// What the chosen columns w₁, w₂, … say already is taken from every other column p, so that all w are
/// at right angles: p ← p − (w · p / w · w) w. Of what is left, the column whose error reduction ratio
/// Σₖ (p · tₖ)² / (p · p · Σₖ tₖ · tₖ) is greatest is chosen next. The first w is the constant column.
///
/// Source: S. Chen, C. Cowan, P. Grant, "Orthogonal least squares learning algorithm for radial basis
/// function networks", IEEE Transactions on Neural Networks 2 (1991), doi:10.1109/72.80341.
struct OrthogonalLeastSquares {
  /// The places of the chosen columns, in the order in which they were chosen.
  private(set) var chosen: [Int] = []
  /// The mean squared error with the first 1, 2, … of them.
  private(set) var errors: [Double] = []

  /// - Parameters:
  ///   - candidates: A column of numbers in each row, [candidates, rows of data].
  ///   - targets: [rows of data, outputs].
  ///   - most: How many to choose at most.
  ///   - goal: The mean squared error at which to end.
  ///   - observe: Told of each choice: how many there are, and the error.
  init(
    _ candidates: Matrix, _ targets: Matrix, most: Int, goal: Double,
    observe: (Int, Double) -> Void = { _, _ in }
  ) {
    var columns = candidates
    columns.withoutMeans()
    var wanted = targets.transposed
    wanted.withoutMeans()
    let elements = Double(max(targets.values.count, 1))
    let lengths = (0..<columns.rows).map { columns.product($0, columns, $0) }
    var open = [Bool](repeating: true, count: columns.rows)
    var rest = dot(wanted.values, wanted.values)
    while chosen.count < most, rest / elements > goal {
      var (best, gain) = (-1, 0.0)
      for candidate in 0..<columns.rows where open[candidate] {
        let length = columns.product(candidate, columns, candidate)
        // Nothing but rounding is left of a column that depends on those chosen.
        guard length > 1e-12 * lengths[candidate], length > 0 else {
          open[candidate] = false
          continue
        }
        var sum = 0.0
        for output in 0..<wanted.rows {
          let product = columns.product(candidate, wanted, output)
          sum += product * product
        }
        if sum / length > gain { (best, gain) = (candidate, sum / length) }
      }
      guard best >= 0 else { break }
      open[best] = false
      chosen.append(best)
      let length = columns.product(best, columns, best)
      for output in 0..<wanted.rows {
        wanted.subtract(columns.product(best, wanted, output) / length, columns, best, from: output)
      }
      let w = columns.part(best..<best + 1)
      for candidate in 0..<columns.rows where open[candidate] {
        columns.subtract(w.product(0, columns, candidate) / length, w, 0, from: candidate)
      }
      rest = dot(wanted.values, wanted.values)
      errors.append(rest / elements)
      observe(chosen.count, rest / elements)
    }
  }
}

extension Matrix {
  /// Takes each row's mean from it.
  fileprivate mutating func withoutMeans() {
    for row in 0..<rows {
      let mean = self[row: row].reduce(0, +) / Double(Swift.max(columns, 1))
      for column in 0..<columns { self[row, column] -= mean }
    }
  }

  /// The product of a row with one of another matrix.
  fileprivate func product(_ row: Int, _ other: Matrix, _ otherRow: Int) -> Double {
    values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        let (start, otherStart) = (row * columns, otherRow * columns)
        var sums = (0.0, 0.0, 0.0, 0.0)
        let fours = columns / 4 * 4
        for column in stride(from: 0, to: fours, by: 4) {
          sums.0 += a[start + column] * b[otherStart + column]
          sums.1 += a[start + column + 1] * b[otherStart + column + 1]
          sums.2 += a[start + column + 2] * b[otherStart + column + 2]
          sums.3 += a[start + column + 3] * b[otherStart + column + 3]
        }
        for column in fours..<columns { sums.0 += a[start + column] * b[otherStart + column] }
        return (sums.0 + sums.1) + (sums.2 + sums.3)
      }
    }
  }

  /// Takes a multiple of another matrix's row from a row.
  fileprivate mutating func subtract(
    _ factor: Double, _ other: Matrix, _ otherRow: Int, from row: Int
  ) {
    let (start, otherStart, count) = (row * columns, otherRow * columns, columns)
    values.withUnsafeMutableBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        for column in 0..<count { a[start + column] -= factor * b[otherStart + column] }
      }
    }
  }
}
