import Datasets
import Tensors
import Training

/// The share of rows whose class is the right one.
func accuracy(_ found: [Int], _ expected: [Int]) -> Double {
  guard !expected.isEmpty else { return 0 }
  let right = zip(found, expected).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
  return Double(right) / Double(expected.count)
}

/// The place of the largest number; the first of several.
func largestPlace(_ values: some Collection<Double>) -> Int {
  var (best, place) = (-Double.infinity, 0)
  for (index, value) in values.enumerated() where value > best { (best, place) = (value, index) }
  return place
}

/// The place of the smallest number; the first of several.
func smallestPlace(_ values: some Collection<Double>) -> Int {
  var (best, place) = (Double.infinity, 0)
  for (index, value) in values.enumerated() where value < best { (best, place) = (value, index) }
  return place
}

extension FittedNetwork {
  /// Accuracy for classes; root mean squared error and R² for values.
  ///
  /// - Throws: `TrainingError` where the data hold no targets, or others than the network learned.
  func scores(on data: Dataset, classNames: [String]) throws -> [ClassicFigure] {
    switch try predict(data.features) {
    case .classes(let found, _):
      let (labels, names) = try data.asClasses.labels(for: Settings.kind, least: 1)
      // Classes are told by their names: another file may number them in another order.
      let expected = labels.map { classNames.firstIndex(of: names[$0]) ?? -2 }
      return [ClassicFigure("accuracy", accuracy(found, expected))]
    case .values(let found):
      let expected = try data.targetMatrix(for: Settings.kind)
      guard found.count == expected.values.count else {
        throw TrainingError.data(
          "\(data.name): found \(expected.columns) targets a row, this \(Settings.kind) gives "
            + "\(found.count / max(expected.rows, 1))")
      }
      let count = Double(max(expected.values.count, 1))
      let errors = squaredDistance(found.doubles, expected.values)
      let means = expected.columnMeans
      var spread = 0.0
      for row in 0..<expected.rows { spread += squaredDistance(expected[row: row], means) }
      return [
        ClassicFigure("RMSE", (errors / count).squareRoot()),
        ClassicFigure("R²", spread > 0 ? 1 - errors / spread : .nan),
      ]
    case .units, .patterns: return []
    }
  }
}
