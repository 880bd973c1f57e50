/// A = L Lᵀ of a symmetric positive definite matrix, with L lower triangular.
///
/// Each element is one product of two rows of L, taken eight numbers at a time.
///
/// Source: G. Golub, C. Van Loan, "Matrix Computations", 4th edition (2013), section 4.2.
package struct Cholesky: Sendable {
  /// The rows of A.
  package let size: Int
  /// L in row-major order; what stands above the diagonal is not used.
  private let factor: [Double]

  /// nil where the matrix is not positive definite, as rounding sees it.
  ///
  /// - Parameters:
  ///   - values: A in row-major order, of which the lower triangle is read.
  ///   - size: Its rows.
  ///   - shift: What is added to the diagonal.
  /// - Precondition: `values` has size² elements.
  package init?(_ values: [Double], size: Int, addingToDiagonal shift: Double = 0) {
    precondition(values.count == size * size, "\(values.count) values, \(size) × \(size)")
    var factor = values
    let isDefinite = factor.withUnsafeMutableBufferPointer { l -> Bool in
      for row in 0..<size {
        for column in 0..<row {
          let rest = l[row * size + column] - Self.dot(l, row * size, column * size, column)
          l[row * size + column] = rest / l[column * size + column]
        }
        let rest = l[row * size + row] + shift - Self.dot(l, row * size, row * size, row)
        guard rest > 0, rest.isFinite else { return false }
        l[row * size + row] = rest.squareRoot()
      }
      return true
    }
    guard isDefinite else { return nil }
    (self.size, self.factor) = (size, factor)
  }

  /// The product of two stretches of L.
  private static func dot(
    _ l: UnsafeMutableBufferPointer<Double>, _ first: Int, _ second: Int, _ count: Int
  ) -> Double {
    var sum = 0.0
    var place = 0
    if count >= 8, let base = l.baseAddress {
      let a = UnsafeRawPointer(base + first)
      let b = UnsafeRawPointer(base + second)
      var sums = SIMD8<Double>.zero
      while place + 8 <= count {
        // Not fused: where the processor is not known to have such an instruction, that is a call.
        sums +=
          a.loadUnaligned(fromByteOffset: place * 8, as: SIMD8<Double>.self)
          * b.loadUnaligned(fromByteOffset: place * 8, as: SIMD8<Double>.self)
        place += 8
      }
      sum = sums.sum()
    }
    while place < count {
      sum += l[first + place] * l[second + place]
      place += 1
    }
    return sum
  }

  /// x with A x = b.
  ///
  /// - Precondition: `b` has as many elements as A has rows.
  package func solve(_ b: [Double]) -> [Double] {
    var x = b
    factor.withUnsafeBufferPointer { l in
      x.withUnsafeMutableBufferPointer { x in
        for row in 0..<size {
          var rest = x[row]
          for column in 0..<row { rest -= l[row * size + column] * x[column] }
          x[row] = rest / l[row * size + row]
        }
        // Row by row of L, so that memory is read in order.
        for row in (0..<size).reversed() {
          let value = x[row] / l[row * size + row]
          x[row] = value
          for column in 0..<row { x[column] -= l[row * size + column] * value }
        }
      }
    }
    return x
  }

  /// tr A⁻¹ = ‖L⁻¹‖², the sum of the squares of its elements.
  package var traceOfInverse: Double {
    var sum = 0.0
    factor.withUnsafeBufferPointer { l in
      var column = [Double](repeating: 0, count: size)
      for start in 0..<size {
        for row in start..<size {
          var rest = row == start ? 1.0 : 0
          for place in start..<row { rest -= l[row * size + place] * column[place] }
          column[row] = rest / l[row * size + row]
          sum += column[row] * column[row]
        }
      }
    }
    return sum
  }
}
