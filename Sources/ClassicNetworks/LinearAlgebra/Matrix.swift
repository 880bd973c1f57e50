import Tensors

/// Numbers in rows and columns, row after row, in Float64.
package struct Matrix: Hashable, Sendable {
  package let rows: Int
  package let columns: Int
  package var values: [Double]

  /// Zeros.
  init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, [Double](repeating: 0, count: rows * columns))
  }

  /// - Precondition: As many values as rows · columns.
  package init(rows: Int, columns: Int, _ values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values, \(rows) × \(columns)")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// The identity.
  static func identity(_ size: Int) -> Matrix {
    var matrix = Matrix(rows: size, columns: size)
    for place in 0..<size { matrix[place, place] = 1 }
    return matrix
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// One row.
  package subscript(row row: Int) -> ArraySlice<Double> {
    get { values[row * columns..<(row + 1) * columns] }
    set { values.replaceSubrange(row * columns..<(row + 1) * columns, with: newValue) }
  }

  /// The given rows, in the given order.
  package func picking(_ indices: [Int]) -> Matrix {
    var picked: [Double] = []
    picked.reserveCapacity(indices.count * columns)
    for index in indices { picked += self[row: index] }
    return Matrix(rows: indices.count, columns: columns, picked)
  }

  var tensor: Tensor { Tensor(values, shape: [rows, columns]) }

  var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// A x, as long as A has rows.
  func times(_ vector: some Collection<Double>) -> [Double] {
    (0..<rows).map { dot(self[row: $0], vector) }
  }

  /// The mean of each column.
  var columnMeans: [Double] {
    var means = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { means[column] += self[row, column] }
    }
    return means.map { $0 / Double(max(rows, 1)) }
  }
}

/// Σ aᵢ bᵢ.
package func dot(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += x * y }
  return sum
}

/// ‖a − b‖².
package func squaredDistance(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += (x - y) * (x - y) }
  return sum
}
