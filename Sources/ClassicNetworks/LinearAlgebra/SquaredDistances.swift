extension Matrix {
  /// Rows of so many numbers are compared by their differences.
  static let shortColumns = 32

  /// ‖a − b‖² of each row a of this matrix and each row b of another, [rows, rows of the other].
  ///
  /// Long rows are compared by ‖a‖² − 2 a · b + ‖b‖², whose products are one product of matrices; what
  /// rounding makes negative of it is 0.
  ///
  /// - Precondition: As many columns in both.
  package func squaredDistances(to others: Matrix) -> Matrix {
    precondition(columns == others.columns, "rows of \(columns) and \(others.columns) numbers")
    // It depends on nothing but the columns, so that a row has the same distances in any company.
    guard columns > Self.shortColumns else {
      var result = Matrix(rows: rows, columns: others.rows)
      for row in 0..<rows {
        for other in 0..<others.rows { result[row, other] = squaredDistance(row, others, other) }
      }
      return result
    }
    var result = times(others, otherTransposed: true)
    let (own, other) = (squaredLengths, others.squaredLengths)
    let count = others.rows
    result.values.withUnsafeMutableBufferPointer { result in
      other.withUnsafeBufferPointer { other in
        for row in own.indices {
          let norm = own[row]
          for column in 0..<count {
            let place = row * count + column
            result[place] = max(0, norm - 2 * result[place] + other[column])
          }
        }
      }
    }
    return result
  }

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
  package func squaredDistance(_ row: Int, _ other: Matrix, _ otherRow: Int) -> Double {
    values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
        return squaredLength(a + row * columns, less: b + otherRow * columns, columns)
      }
    }
  }

  /// Calls `body` with one part of the rows after another, such that parts of so many numbers a row
  /// stay of a few dozen megabytes.
  func forEachBlock(numbersPerRow: Int, _ body: (Range<Int>, Matrix) throws -> Void) rethrows {
    let size = Swift.max(1, (1 << 22) / Swift.max(numbersPerRow, columns, 1))
    for start in stride(from: 0, to: rows, by: size) {
      let range = start..<Swift.min(rows, start + size)
      try body(range, range.count == rows ? self : part(range))
    }
  }

  /// Some rows that follow one another.
  func part(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }
}

/// ‖a − b‖² of so many numbers.
private func squaredLength(
  _ a: UnsafePointer<Double>, less b: UnsafePointer<Double>, _ count: Int
) -> Double {
  let (first, second) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
  let eights = count / 8 * 8
  var sums = SIMD8<Double>.zero
  for place in stride(from: 0, to: 8 * eights, by: 64) {
    let difference =
      first.loadUnaligned(fromByteOffset: place, as: SIMD8<Double>.self)
      - second.loadUnaligned(fromByteOffset: place, as: SIMD8<Double>.self)
    sums += difference * difference
  }
  var sum = sums.sum()
  for place in eights..<count {
    let difference = a[place] - b[place]
    sum += difference * difference
  }
  return sum
}
