import Tensors
import Training

/// How rows of two values are told, and stored as −1 and 1.
enum BinaryCoding: String, Codable, Hashable, Sendable {
  /// 0 and 1.
  case zeroOne
  /// −1 and 1.
  case signs

  /// Rows as −1 and 1.
  ///
  /// - Parameter coding: What the rows must be; nil where either will do.
  /// - Throws: `TrainingError` where a value is neither and no threshold makes it so.
  static func read(
    _ rows: Matrix, of name: String, for kind: String, threshold: Double?,
    coding: BinaryCoding? = nil
  ) throws -> (rows: Matrix, coding: BinaryCoding) {
    var rows = rows
    if let threshold {
      rows.values = rows.values.map { $0 > threshold ? 1 : -1 }
      return (rows, coding ?? .zeroOne)
    }
    // Rows of ones alone may be either.
    let found = coding ?? (rows.values.contains(-1) ? .signs : .zeroOne)
    let low: Double = found == .signs ? -1 : 0
    if let wrong = rows.values.firstIndex(where: { $0 != low && $0 != 1 }) {
      throw TrainingError.data(
        "\(name), row \(wrong / rows.columns + 1), column \(wrong % rows.columns + 1): found "
          + "\(shortText(rows.values[wrong])), \(kind) expects "
          + "\(coding == nil ? "0 and 1, or -1 and 1" : "\(shortText(low)) and 1"): threshold=… makes "
          + "them of any numbers")
    }
    if found == .zeroOne { rows.values = rows.values.map { 2 * $0 - 1 } }
    return (rows, found)
  }

  /// Values from −1 to 1 as they are told.
  func told(_ values: [Double]) -> [Double] {
    self == .signs ? values : values.map { ($0 + 1) / 2 }
  }
}
