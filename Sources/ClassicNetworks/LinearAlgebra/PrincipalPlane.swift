import Tensors

/// The plane through the mean of rows along which they vary most: their first two principal
/// components.
///
/// The eigenvectors of the covariance are those of Jacobi's rotations for few columns. For many,
/// some directions are multiplied by it again and again and kept at right angles (subspace
/// iteration), and what they span is turned to its own axes at the end (Rayleigh and Ritz).
///
/// Source: G. Golub, C. Van Loan, "Matrix Computations", 4th edition (2013), sections 8.2 and 8.5.
struct PrincipalPlane {
  let mean: [Double]
  /// Two directions of length 1, the first that of the greatest variance; each one's largest part is
  /// positive. Zeros where rows of one column have no second.
  let axes: Matrix
  /// The standard deviation along each.
  let deviations: [Double]

  init(_ data: Matrix) {
    mean = data.columnMeans
    var centered = data
    centered.add(mean, times: -1)
    // With fewer rows than columns the products of rows with rows have the same eigenvalues.
    let isTurned = data.rows < data.columns
    let count = Double(max(data.rows - 1, 1))
    let covariance = centered.times(
      centered, transposed: !isTurned, otherTransposed: isTurned)
    let (values, vectors) = Self.leading(covariance)
    var axes = Matrix(rows: 2, columns: data.columns)
    for axis in 0..<min(2, vectors.rows) where values[axis] > 1e-12 * max(values[0], 0) {
      let vector = Array(vectors[row: axis])
      let direction = isTurned ? centered.transposed.times(vector) : vector
      let length = dot(direction, direction).squareRoot()
      let largest = direction.max { abs($0) < abs($1) } ?? 0
      guard length > 0 else { continue }
      axes[row: axis] = direction.map { $0 / (largest < 0 ? -length : length) }[...]
    }
    self.axes = axes
    deviations = (0..<2).map {
      $0 < values.count ? (max(values[$0], 0) / count).squareRoot() : 0
    }
  }

  /// Where rows lie in the plane, two numbers each.
  func places(_ rows: Matrix) -> [(x: Double, y: Double)] {
    let middle = axes.times(mean)
    return (0..<rows.rows).map {
      let row = rows[row: $0]
      return (dot(axes[row: 0], row) - middle[0], dot(axes[row: 1], row) - middle[1])
    }
  }

  /// The two largest eigenvalues of a symmetric matrix without negative ones, and their vectors.
  private static func leading(_ matrix: Matrix) -> ([Double], Matrix) {
    let size = matrix.rows
    guard size > 40 else {
      let eigen = SymmetricEigen(matrix)
      return (Array(eigen.values.prefix(2)), eigen.vectors)
    }
    var random = RandomStream(seed: 0, name: "principal plane")
    let count = 8
    var basis = Matrix(
      rows: count, columns: size, (0..<count * size).map { _ in random.normal() })
    basis.orthonormalize()
    var last = -1.0
    for _ in 0..<300 {
      var next = basis.times(matrix)
      let sum = dot(next[row: 0], next[row: 0]) + dot(next[row: 1], next[row: 1])
      next.orthonormalize()
      basis = next
      // The first two directions turn into the eigenvectors.
      if abs(sum - last) <= 1e-14 * sum { break }
      last = sum
    }
    let small = SymmetricEigen(basis.times(matrix).times(basis, otherTransposed: true))
    return (Array(small.values.prefix(2)), small.vectors.times(basis))
  }
}

extension Matrix {
  /// Adds a multiple of a vector to each row.
  mutating func add(_ vector: [Double], times factor: Double) {
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for column in 0..<columns { values[row * columns + column] += factor * vector[column] }
      }
    }
  }

  /// Makes the rows perpendicular and of length 1, one after another (Gram and Schmidt, twice).
  fileprivate mutating func orthonormalize() {
    for row in 0..<rows {
      var vector = Array(self[row: row])
      for other in Array(0..<row) + Array(0..<row) {
        let along = dot(vector, self[row: other])
        for (place, value) in self[row: other].enumerated() { vector[place] -= along * value }
      }
      let length = dot(vector, vector).squareRoot()
      self[row: row] = vector.map { length > 1e-300 ? $0 / length : 0 }[...]
    }
  }
}
