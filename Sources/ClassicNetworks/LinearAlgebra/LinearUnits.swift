/// A matrix as linear units: a row for each unit, with a weight for each input and the bias last.
extension Matrix {
  /// w · x + b of each unit.
  func unitNets(_ row: some Collection<Double>) -> [Double] {
    (0..<rows).map { dot(self[row: $0].dropLast(), row) + self[$0, columns - 1] }
  }

  /// w · x + b of each row and unit, [rows, units].
  func unitNets(of inputs: Matrix) -> Matrix {
    var nets = inputs.times(withoutBias, otherTransposed: true)
    for row in 0..<nets.rows {
      for unit in 0..<rows { nets[row, unit] += self[unit, columns - 1] }
    }
    return nets
  }

  /// The class of each row: with one unit 1 where its net input is positive, else the greatest's.
  func unitClasses(_ inputs: Matrix) -> [Int] {
    (0..<inputs.rows).map { row in
      let nets = unitNets(inputs[row: row])
      return rows == 1 ? (nets[0] > 0 ? 1 : 0) : largestPlace(nets)
    }
  }

  /// The weights alone.
  var withoutBias: Matrix {
    var weights = Matrix(rows: rows, columns: columns - 1)
    for row in 0..<rows { weights[row: row] = self[row: row].dropLast() }
    return weights
  }
}
