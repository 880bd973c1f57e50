import Datasets
import Tensors
import Training

/// What a cascade's outputs shall say.
struct CascadeTargets {
  /// ±½ for classes, one column for two of them; numbers of mean 0 and deviation 1 else.
  let values: Matrix
  let isLinear: Bool
  private var means: [Double] = []
  private var deviations: [Double] = []

  /// - Throws: `TrainingError` where there is nothing to learn.
  init(_ data: Dataset, for kind: String) throws {
    let plain = try data.targetMatrix(for: kind)
    isLinear = data.classNames.isEmpty
    guard isLinear else {
      let columns = plain.columns == 2 ? 1..<2 : 0..<plain.columns
      values = Matrix(
        rows: plain.rows, columns: columns.count,
        (0..<plain.rows).flatMap { row in columns.map { plain[row, $0] - 0.5 } })
      return
    }
    means = plain.columnMeans
    deviations = means.map { _ in 0 }
    var scaled = plain
    for row in 0..<plain.rows {
      for (column, mean) in means.enumerated() {
        scaled[row, column] -= mean
        deviations[column] += scaled[row, column] * scaled[row, column]
      }
    }
    for (column, sum) in deviations.enumerated() {
      let deviation = (sum / Double(plain.rows)).squareRoot()
      deviations[column] = deviation > 0 ? deviation : 1
      for row in 0..<plain.rows { scaled[row, column] /= deviations[column] }
    }
    values = scaled
  }

  /// Weights of outputs, [outputs, inputs and units], that give the numbers in their own unit.
  func unscaled(_ weights: Matrix) -> Matrix {
    guard isLinear else { return weights }
    var weights = weights
    for output in 0..<weights.rows {
      for input in 0..<weights.columns { weights[output, input] *= deviations[output] }
      weights[output, 0] += means[output]
    }
    return weights
  }
}
