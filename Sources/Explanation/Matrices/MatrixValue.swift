import Tensors

/// A matrix of numbers, row by row; a number is one of 1 × 1.
package struct MatrixValue: Hashable, Sendable {
  package let rows: Int
  package let columns: Int
  package let values: [Double]

  package init(rows: Int, columns: Int, values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(_ number: Double) { self.init(rows: 1, columns: 1, values: [number]) }

  /// The transposed value of a node: its columns become rows. A vector becomes one column.
  init?(transposing tensor: Tensor) {
    guard let size = MatrixSize(tensor.shape) else { return nil }
    self = MatrixValue(rows: size.rows, columns: size.columns, values: tensor.doubles).transposed
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  var transposed: MatrixValue {
    MatrixValue(
      rows: columns, columns: rows,
      values: (0..<columns).flatMap { column in (0..<rows).map { self[$0, column] } })
  }

  func mapped(_ transform: (Double) -> Double) -> MatrixValue {
    MatrixValue(rows: rows, columns: columns, values: values.map(transform))
  }

  func multiplied(by other: MatrixValue) -> MatrixValue? {
    guard columns == other.rows else { return nil }
    var result = [Double](repeating: 0, count: rows * other.columns)
    for row in 0..<rows {
      for inner in 0..<columns {
        let factor = self[row, inner]
        for column in 0..<other.columns {
          result[row * other.columns + column] += factor * other[inner, column]
        }
      }
    }
    return MatrixValue(rows: rows, columns: other.columns, values: result)
  }

  /// Combines several matrices element by element; rows and columns of one are repeated.
  static func combining(_ parts: [MatrixValue], _ combine: ([Double]) -> Double?) -> MatrixValue? {
    let rows = parts.map(\.rows).max() ?? 1
    let columns = parts.map(\.columns).max() ?? 1
    guard
      parts.allSatisfy({
        [1, rows].contains($0.rows) && [1, columns].contains($0.columns)
      })
    else { return nil }
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let numbers = parts.map { $0[$0.rows == 1 ? 0 : row, $0.columns == 1 ? 0 : column] }
        guard let value = combine(numbers) else { return nil }
        values.append(value)
      }
    }
    return MatrixValue(rows: rows, columns: columns, values: values)
  }

  /// The sum of the columns, or of the rows.
  func summed(_ axis: MatrixAxis) -> MatrixValue {
    let parts = slices(axis)
    guard let first = parts.first else { return MatrixValue(0) }
    return parts.dropFirst().reduce(first) { sum, part in
      MatrixValue(
        rows: sum.rows, columns: sum.columns, values: zip(sum.values, part.values).map(+))
    }
  }

  /// The columns, or the rows, one by one.
  func slices(_ axis: MatrixAxis) -> [MatrixValue] {
    switch axis {
    case .examples:
      (0..<columns).map { column in
        MatrixValue(rows: rows, columns: 1, values: (0..<rows).map { self[$0, column] })
      }
    case .units:
      (0..<rows).map { row in
        MatrixValue(rows: 1, columns: columns, values: (0..<columns).map { self[row, $0] })
      }
    }
  }

  /// Whether two are equal up to rounding; a single number stands for a matrix full of it.
  func isClose(to other: MatrixValue, within tolerance: Double) -> Bool {
    let largest = values.map { abs($0) }.filter(\.isFinite).max() ?? 0
    let same = MatrixValue.combining([self, other]) { pair in
      let isSame =
        pair[0] == pair[1] || (pair[0].isNaN && pair[1].isNaN)
        || abs(pair[0] - pair[1]) <= tolerance * max(1, largest)
      return isSame ? 0 : nil
    }
    return same.map { $0.rows == rows && $0.columns == columns } ?? false
  }
}

/// What an index of a sum runs over, in the convention that columns are examples.
enum MatrixAxis: String {
  /// The columns.
  case examples = "i"
  /// The rows.
  case units = "j"
}

/// The rows and columns of a value of at most two axes; a vector is one row.
struct MatrixSize: Hashable {
  let rows: Int
  let columns: Int

  init?(_ shape: Shape) {
    switch shape.rank {
    case 0: (rows, columns) = (1, 1)
    case 1: (rows, columns) = (1, shape[0])
    case 2: (rows, columns) = (shape[0], shape[1])
    default: return nil
    }
  }
}
