import RealModule
import Training

/// Gaussian units: φⱼ(x) = exp(−‖x − cⱼ‖² / (2 σⱼ²)), with the centers c and the widths σ.
package struct RadialBasis {
  /// [units, features].
  package var centers: Matrix
  /// σ, one a unit.
  package var widths: [Double]

  package init(centers: Matrix, widths: [Double]) {
    (self.centers, self.widths) = (centers, widths)
  }

  /// φ of each row and unit, with a last column of ones for the bias where asked for.
  func activations(_ rows: Matrix, bias: Bool = false) -> Matrix {
    let distances = rows.squaredDistances(to: centers)
    let factors = widths.map { -0.5 / ($0 * $0) }
    let (units, width) = (centers.rows, centers.rows + (bias ? 1 : 0))
    var result = [Double](repeating: 1, count: rows.rows * width)
    result.withUnsafeMutableBufferPointer { result in
      distances.values.withUnsafeBufferPointer { distances in
        for row in 0..<rows.rows {
          for unit in 0..<units {
            result[row * width + unit] = .exp(distances[row * units + unit] * factors[unit])
          }
        }
      }
    }
    return Matrix(rows: rows.rows, columns: width, result)
  }

  /// Σⱼ wⱼₖ φⱼ(x) + bₖ of each row and output k; the last row of `weights` is b.
  package func outputs(_ rows: Matrix, weights: Matrix) -> Matrix {
    var result: [Double] = []
    result.reserveCapacity(rows.rows * weights.columns)
    rows.forEachBlock(numbersPerRow: centers.rows + 1) { _, part in
      result += activations(part, bias: true).times(weights).values
    }
    return Matrix(rows: rows.rows, columns: weights.columns, result)
  }

  /// Weights that make the squared error Σ ‖t − o‖² + λ Σ w² least; the biases cost nothing.
  ///
  /// With λ = 0 they are found from φ itself, by a QR factorization, and units that others can stand for
  /// get none. Otherwise (ΦᵀΦ + λ I) W = ΦᵀT is solved, whose sums are made part by part of the rows; λ
  /// grows tenfold for as long as rounding makes that impossible.
  ///
  /// - Returns: The weights, [units + 1, outputs], and λ.
  package func solve(_ rows: Matrix, _ targets: Matrix, ridge: Double) -> (
    weights: Matrix, ridge: Double
  ) {
    func factored() -> (weights: Matrix, ridge: Double) {
      (LeastSquares(activations(rows, bias: true), targets).solution, 0)
    }
    guard ridge > 0 else { return factored() }
    let size = centers.rows + 1
    var squares = Matrix(rows: size, columns: size)
    var products = Matrix(rows: size, columns: targets.columns)
    rows.forEachBlock(numbersPerRow: size) { range, part in
      let values = activations(part, bias: true)
      squares.add(values.times(values, transposed: true))
      products.add(values.times(targets.part(range), transposed: true))
    }
    var tried = ridge
    while tried.isFinite {
      var system = squares
      for unit in 0..<centers.rows { system[unit, unit] += tried }
      if let factor = Cholesky(system) { return (factor.solve(products), tried) }
      tried *= 10
    }
    return factored()
  }

  // MARK: Widths

  /// σⱼ = f √(mean of ‖cⱼ − cᵢ‖² of the p nearest other centers i).
  package static func neighborWidths(_ centers: Matrix, neighbors: Int, factor: Double) -> [Double]
  {
    let distances = centers.squaredDistances(to: centers)
    let found = (0..<centers.rows).map { row in
      var others = Array(distances[row: row])
      others.remove(at: row)
      let nearest = others.sorted().prefix(neighbors)
      return nearest.isEmpty
        ? 0 : factor * (nearest.reduce(0, +) / Double(nearest.count)).squareRoot()
    }
    // Centers at one spot have the mean of the others' widths, and a single center has 1.
    let positive = found.filter { $0 > 0 }
    let mean = positive.isEmpty ? factor : positive.reduce(0, +) / Double(positive.count)
    return found.map { $0 > 0 ? $0 : mean }
  }

  /// σ = f d / √(2 m), with the largest distance d of two of m centers.
  static func sharedWidth(_ centers: Matrix, factor: Double) -> Double {
    let largest = centers.squaredDistances(to: centers).values.max() ?? 0
    return largest > 0 ? factor * (largest / Double(2 * centers.rows)).squareRoot() : factor
  }
}

extension Matrix {
  fileprivate mutating func add(_ other: Matrix) {
    for place in values.indices { values[place] += other.values[place] }
  }
}
