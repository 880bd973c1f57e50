import Charts
import RealModule
import Tensors
import Training

/// Rows that are all kept, each with its class or its numbers, and Gaussian windows around them.
///
/// Its sums are Sₖ(x) = Σᵢ yᵢₖ exp(−‖x − xᵢ‖² / (2 σ²)), with yᵢₖ = 1 for a row's class, or its number;
/// and S(x), the same with y = 1. Both are given as parts of the largest window, so that neither is lost
/// where all windows are small.
struct SmoothedRows {
  /// [rows, features].
  let rows: Matrix
  /// The class of each row; empty where they have numbers.
  let labels: [Int]
  /// [rows, outputs]; no columns where they have classes.
  let values: Matrix
  let outputs: Int

  init(_ rows: Matrix, labels: [Int], classes: Int) {
    (self.rows, self.labels, outputs) = (rows, labels, classes)
    values = Matrix(rows: rows.rows, columns: 0)
  }

  init(_ rows: Matrix, values: Matrix) {
    (self.rows, labels, self.values, outputs) = (rows, [], values, values.columns)
  }

  /// Sₖ for each of `queries` and the sum over all windows, [queries, outputs + 1].
  func sums(_ queries: Matrix, smoothing: Double) -> Matrix {
    var found: [Double] = []
    found.reserveCapacity(queries.rows * (outputs + 1))
    queries.forEachBlock(numbersPerRow: rows.rows) { _, part in
      let distances = part.squaredDistances(to: rows)
      for query in 0..<part.rows {
        found += sums(distances[row: query], without: -1, smoothing: smoothing)
      }
    }
    return Matrix(rows: queries.rows, columns: outputs + 1, found)
  }

  /// - Parameter without: The place of a row that is left out.
  private func sums(_ distances: ArraySlice<Double>, without: Int, smoothing: Double) -> [Double] {
    let factor = -0.5 / (smoothing * smoothing)
    var sums = [Double](repeating: 0, count: outputs + 1)
    sums.withUnsafeMutableBufferPointer { sums in
      distances.withUnsafeBufferPointer { distances in
        var least = Double.infinity
        for (row, distance) in distances.enumerated() where row != without && distance < least {
          least = distance
        }
        for (row, distance) in distances.enumerated() where row != without {
          let window = Double.exp((distance - least) * factor)
          sums[outputs] += window
          if labels.isEmpty {
            for output in 0..<outputs { sums[output] += window * values[row, output] }
          } else {
            sums[labels[row]] += window
          }
        }
      }
    }
    return sums
  }

  /// The sums of rows of its own, each left out of them, for each smoothing.
  ///
  /// Of many rows only some are looked at, evenly spread, so that about 2²⁴ distances are measured.
  ///
  /// - Parameter body: Told of the place of the row, the place of the smoothing, and the sums.
  func leavingOneOut(_ grid: [Double], _ body: (Int, Int, [Double]) -> Void) {
    let count = min(rows.rows, max(100, (1 << 24) / max(rows.rows, 1)))
    let places = (0..<count).map { $0 * rows.rows / count }
    let looked = rows.picking(places)
    looked.forEachBlock(numbersPerRow: rows.rows) { range, part in
      let distances = part.squaredDistances(to: rows)
      for row in 0..<part.rows {
        let place = places[range.lowerBound + row]
        for (number, smoothing) in grid.enumerated() {
          body(
            place, number,
            sums(distances[row: row], without: place, smoothing: smoothing))
        }
      }
    }
  }

  /// Smoothings from a hundredth of the rows' deviation to the whole of it, evenly on a logarithmic
  /// scale; the deviation is √(Σ of the columns' variances).
  func grid(_ count: Int) -> [Double] {
    let means = rows.columnMeans
    var variance = 0.0
    for row in 0..<rows.rows { variance += squaredDistance(rows[row: row], means) }
    let deviation = (variance / Double(max(rows.rows, 1))).squareRoot()
    return (0..<count).map {
      (deviation > 0 ? deviation : 1) * Double.pow(10, -2 + 2 * Double($0) / Double(count - 1))
    }
  }

  /// The names of two curves: the smoothings, and the error of each.
  static let curveNames = (smoothing: "smoothing", error: "leave-one-out error")
}

/// The leave-one-out error of each smoothing; nil where it was given.
func smoothingPicture(_ facts: ClassicFacts, chosen: Double, error: String) -> ClassicPicture? {
  let names = SmoothedRows.curveNames
  guard let grid = facts.curves[names.smoothing], let errors = facts.curves[names.error],
    grid.count == errors.count, grid.allSatisfy({ $0 > 0 })
  else { return nil }
  return ClassicPicture(
    "Smoothing",
    LineChart(
      title: "Leave-one-out error", xLabel: "log₁₀ σ", yLabel: error,
      series: [
        Series("", points: zip(grid, errors).map { (x: Double.log10($0), y: $1) })
      ],
      marks: [Mark(x: Double.log10(chosen), label: "σ = \(shortText(chosen))")]),
    caption: "What each row is taken for by all the others, and how often or how far that is wrong."
  )
}

/// What is wrong with the settings that both networks have; nil where nothing is.
func smoothingProblem(_ smoothing: Double, grid: Int) -> String? {
  if !(smoothing >= 0 && smoothing.isFinite) {
    return "smoothing is \(smoothing), expected more than 0, or 0 to find it"
  }
  return (2...1000).contains(grid) ? nil : "grid is \(grid), expected 2 to 1000"
}

/// The smoothing that a file holds.
///
/// - Throws: `TrainingError` where there is none that is more than 0.
func smoothingOfFile(_ tensors: [String: Tensor]) throws -> Double {
  let found = try tensors.matrix("smoothing", 1, 1)[0, 0]
  guard found > 0 else { throw TrainingError.data("smoothing is \(found), expected more than 0") }
  return found
}
