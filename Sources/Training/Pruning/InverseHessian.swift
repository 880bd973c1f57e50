/// (α I + Σ x xᵀ)⁻¹, one x after another.
///
/// Source: J. Sherman, W. Morrison, "Adjustment of an inverse matrix corresponding to a change in one
/// element of a given matrix", Annals of Mathematical Statistics 21 (1950), doi:10.1214/aoms/1177729893.
struct InverseHessian {
  let size: Int
  private var values: [Double]

  /// I / α.
  init(size: Int, damping: Double) {
    self.size = size
    values = [Double](repeating: 0, count: size * size)
    for index in 0..<size { values[index * size + index] = 1 / damping }
  }

  subscript(row: Int, column: Int) -> Double { values[row * size + column] }

  /// Takes in x xᵀ.
  mutating func add(_ x: [Double]) {
    var product = [Double](repeating: 0, count: size)
    var scale = 1.0
    for row in 0..<size {
      var sum = 0.0
      for column in 0..<size { sum += values[row * size + column] * x[column] }
      product[row] = sum
      scale += sum * x[row]
    }
    subtract(product, scale)
  }

  /// Takes a variable away: what is left is the inverse for the others, with zeros in its place.
  mutating func remove(_ index: Int) {
    let row = Array(values[index * size..<(index + 1) * size])
    subtract(row, row[index])
    for other in 0..<size {
      values[index * size + other] = 0
      values[other * size + index] = 0
    }
  }

  /// Subtracts v vᵀ / s.
  private mutating func subtract(_ v: [Double], _ s: Double) {
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<size where v[row] != 0 {
        let factor = v[row] / s
        for column in 0..<size { values[row * size + column] -= factor * v[column] }
      }
    }
  }
}
