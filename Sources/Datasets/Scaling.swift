import Tensors

/// A change of units of the features, learned from the training rows alone and stored with the
/// model, so that training, validation and prediction all see the same units.
///
/// Columns are the elements of a row, however many axes it has. Constant columns are safe:
/// a deviation or a range of 0 counts as 1. Statistics are made in Float64.
public enum Scaling: Hashable, Sendable {
  /// Features as they are.
  case none
  /// `(x − mean) / deviation` for each column; the deviation is the population's (divisor n).
  case standard(mean: [Double], deviation: [Double])
  /// `(x − low) / (high − low)` for each column: 0…1 over the training rows.
  case minMax(low: [Double], high: [Double])
  /// `x / by` for all columns: 255 for images of bytes.
  case divide(by: Double)

  /// The rule by which a scaling is learned.
  public enum Kind: Hashable, Sendable {
    /// Nothing is changed.
    case none
    /// Each column gets mean 0 and deviation 1.
    case standard
    /// Each column gets the range 0…1.
    case minMax
    /// Everything is divided by one number.
    case divide(by: Double)

    /// The kind of a name on the command line – `none`, `standard`, `min-max` or a number to
    /// divide by – or nil.
    public init?(name: String) {
      switch name {
      case "none": self = .none
      case "standard": self = .standard
      case "min-max": self = .minMax
      default:
        guard let divisor = Double(name), divisor.isFinite, divisor != 0 else { return nil }
        self = .divide(by: divisor)
      }
    }
  }

  /// The scaling of a kind for the given training rows, `[rows] + inputShape`.
  ///
  /// - Throws: `DatasetError` where there are no rows to learn from, or for division by zero.
  public static func learn(_ kind: Kind, from training: Tensor) throws -> Scaling {
    switch kind {
    case .none: return .none
    case .divide(let divisor):
      guard divisor.isFinite && divisor != 0 else {
        throw DatasetError(
          at: "scaling", found: "division by \(divisor)", expected: "a number other than 0")
      }
      return .divide(by: divisor)
    case .standard, .minMax:
      guard let rows = training.shape.dimensions.first, rows > 0 else {
        throw DatasetError(
          at: "scaling", found: "no training rows", expected: "at least one to learn from")
      }
      let statistics = ColumnStatistics(of: training)
      // The model's file holds these numbers as JSON, which has no infinities.
      if let column = statistics.mean.indices.first(where: { column in
        !(statistics.high[column] - statistics.low[column]).isFinite
          || !statistics.mean[column].isFinite || !statistics.deviation[column].isFinite
      }) {
        throw DatasetError(
          at: "scaling, feature \(column + 1)",
          found: "values from \(statistics.low[column]) to \(statistics.high[column])",
          expected: "finite numbers whose squares Float64 can hold")
      }
      return kind == .standard
        ? .standard(mean: statistics.mean, deviation: statistics.deviation)
        : .minMax(low: statistics.low, high: statistics.high)
    }
  }

  /// The scaling of a kind, learned from a dataset's features. The values of a series' window share
  /// their numbers.
  ///
  /// - Throws: see `learn(_:from:)` of a tensor.
  public static func learn(_ kind: Kind, from training: Dataset) throws -> Scaling {
    if case .series = training.form {
      return try learnForSeries(kind, from: training.features)
    }
    return try learn(kind, from: training.features)
  }

  /// The scaled tensor, of the same floating-point type (Float32 for integers).
  ///
  /// - Throws: `DatasetError` where a row has another number of columns than the training rows.
  public func apply(to tensor: Tensor) throws -> Tensor {
    try map(tensor) { ($0 - $1) / $2 }
  }

  /// The tensor in its own units again: undoes `apply(to:)`.
  ///
  /// - Throws: `DatasetError` where a row has another number of columns than the training rows.
  public func inverse(of tensor: Tensor) throws -> Tensor {
    try map(tensor) { $0 * $2 + $1 }
  }

  /// The offset and the divisor of each column, or of all columns where there is only one.
  private var coefficients: (offsets: [Double], divisors: [Double]) {
    switch self {
    case .none: ([0], [1])
    case .divide(let divisor): ([0], [divisor])
    case .standard(let mean, let deviation): (mean, deviation.map { $0 == 0 ? 1 : $0 })
    case .minMax(let low, let high):
      (low, zip(low, high).map { $1 - $0 == 0 ? 1 : $1 - $0 })
    }
  }

  private func map(
    _ tensor: Tensor, _ change: (Double, Double, Double) -> Double
  ) throws -> Tensor {
    if case .none = self { return tensor }
    let columns = tensor.shape.dimensions.dropFirst().reduce(1, *)
    var (offsets, divisors) = coefficients
    if case .divide = self {
      offsets = [Double](repeating: offsets[0], count: columns)
      divisors = [Double](repeating: divisors[0], count: columns)
    }
    guard offsets.count == columns && divisors.count == columns else {
      throw DatasetError(
        at: "scaling", found: "rows of \(columns) features",
        expected: "\(offsets.count) features, as in the training rows")
    }
    func changed<T: BinaryFloatingPoint>(_ values: [T]) -> [T] {
      guard columns > 0 else { return values }
      return [T](unsafeUninitializedCapacity: values.count) { buffer, initialized in
        for start in stride(from: 0, to: values.count, by: columns) {
          for column in 0..<columns {
            let value = change(Double(values[start + column]), offsets[column], divisors[column])
            buffer.initializeElement(at: start + column, to: T(value))
          }
        }
        initialized = values.count
      }
    }
    return switch tensor.storage {
    case .float64(let values): Tensor(.float64(changed(values)), shape: tensor.shape)
    case .float32(let values): Tensor(.float32(changed(values)), shape: tensor.shape)
    case .int32: Tensor(.float32(changed(tensor.floats)), shape: tensor.shape)
    }
  }
}

/// Mean, population deviation, least and greatest value of each column of a tensor with rows.
struct ColumnStatistics {
  var mean: [Double]
  var deviation: [Double]
  var low: [Double]
  var high: [Double]

  init(of tensor: Tensor) {
    let rows = tensor.shape[0]
    let columns = tensor.shape.dimensions.dropFirst().reduce(1, *)
    var mean = [Double](repeating: 0, count: columns)
    var squares = mean
    var low = [Double](repeating: .infinity, count: columns)
    var high = [Double](repeating: -.infinity, count: columns)
    func gather<T: BinaryFloatingPoint>(_ values: [T]) {
      for row in 0..<rows {
        for column in 0..<columns {
          let value = Double(values[row * columns + column])
          mean[column] += value
          low[column] = min(low[column], value)
          high[column] = max(high[column], value)
        }
      }
      for column in 0..<columns { mean[column] /= Double(rows) }
      // A second pass about the mean: the sum of squares alone would cancel.
      for row in 0..<rows {
        for column in 0..<columns {
          let difference = Double(values[row * columns + column]) - mean[column]
          squares[column] += difference * difference
        }
      }
    }
    switch tensor.storage {
    case .float32(let values): gather(values)
    case .float64(let values): gather(values)
    case .int32: gather(tensor.doubles)
    }
    self.mean = mean
    self.low = low
    self.high = high
    deviation = squares.indices.map { column in
      // In a constant column rounding of the mean must not pass for a spread.
      low[column] == high[column] ? 0 : (squares[column] / Double(rows)).squareRoot()
    }
  }
}
