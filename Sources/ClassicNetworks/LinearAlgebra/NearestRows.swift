/// For each row of data the nearest of a few other rows, and the nearest after it, by ‖x − w‖².
///
/// ‖x‖² − 2 x · w + ‖w‖² takes its products from one matrix product; it loses digits where x is near
/// w, so that all rows within its rounding of the smallest are measured again, difference by
/// difference. The first of equally near rows is taken.
struct NearestRows {
  /// The place of the nearest row for each row of data.
  private(set) var first: [Int] = []
  /// The place of the next nearest; −1 where there is one row only.
  private(set) var second: [Int] = []
  /// ‖x − w‖² of the nearest.
  private(set) var firstSquared: [Double] = []
  /// ‖x − w‖² of the next nearest.
  private(set) var secondSquared: [Double] = []

  /// - Precondition: As many columns in both, and at least one of `others`.
  init(_ data: Matrix, to others: Matrix) {
    precondition(data.columns == others.columns && others.rows > 0)
    let lengths = others.squaredLengths
    // Blocks of rows, so that the products of all rows need not be held at once.
    let block = max(1, min(data.rows, (1 << 22) / others.rows))
    for start in stride(from: 0, to: data.rows, by: block) {
      let end = min(data.rows, start + block)
      let part =
        end - start == data.rows
        ? data
        : Matrix(
          rows: end - start, columns: data.columns,
          Array(data.values[start * data.columns..<end * data.columns]))
      take(part, others, lengths, part.times(others, otherTransposed: true))
    }
  }

  private mutating func take(
    _ data: Matrix, _ others: Matrix, _ lengths: [Double], _ products: Matrix
  ) {
    let ownLengths = data.squaredLengths
    let count = others.rows
    products.values.withUnsafeBufferPointer { products in
      lengths.withUnsafeBufferPointer { lengths in
        for row in 0..<data.rows {
          let line = row * count
          var (least, next) = (Double.infinity, Double.infinity)
          var largest = 0.0
          for other in 0..<count {
            let length = lengths[other]
            let value = length - 2 * products[line + other]
            if length > largest { largest = length }
            if value < least {
              (least, next) = (value, least)
            } else if value < next {
              next = value
            }
          }
          // Twice what a sum of so many products may be off.
          let limit =
            next + 1e-15 * Double(data.columns + 8) * (ownLengths[row] + largest)
          var found = (-1, Double.infinity, -1, Double.infinity)
          for other in 0..<count where !(lengths[other] - 2 * products[line + other] > limit) {
            let squared = data.squaredDistance(row, others, other)
            if squared < found.1 {
              found = (other, squared, found.0, found.1)
            } else if squared < found.3 {
              (found.2, found.3) = (other, squared)
            }
          }
          first.append(max(found.0, 0))
          firstSquared.append(found.1)
          second.append(found.2)
          secondSquared.append(found.3)
        }
      }
    }
  }
}

extension Matrix {
  /// ‖a‖² of each row.
  var squaredLengths: [Double] {
    values.withUnsafeBufferPointer { values in
      (0..<rows).map { row in
        var sum = 0.0
        for place in row * columns..<(row + 1) * columns { sum += values[place] * values[place] }
        return sum
      }
    }
  }

  /// ‖a − b‖² of a row of this matrix and one of another.
  func squaredDistance(_ row: Int, _ other: Matrix, _ otherRow: Int) -> Double {
    values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        var sum = 0.0
        let (start, otherStart) = (row * columns, otherRow * columns)
        for column in 0..<columns {
          let difference = a[start + column] - b[otherStart + column]
          sum += difference * difference
        }
        return sum
      }
    }
  }
}
