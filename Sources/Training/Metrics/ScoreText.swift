import Foundation
import GraphIR

/// Rows of text in aligned columns: the first column to the left, numbers to the right.
func scoreTable(_ rows: [[String]]) -> String {
  alignedTable(rows, numbers: Set(1..<max(1, rows.map(\.count).max() ?? 1)))
}

/// A score between 0 and 1, with four decimals.
func scoreText(_ value: Double) -> String { String(format: "%.4f", value) }

/// An error of any size, with five significant digits.
func errorText(_ value: Double) -> String { String(format: "%.5g", value) }

/// How uncertain a number is, with two significant digits.
func uncertaintyText(_ value: Double) -> String { String(format: "%.2g", value) }

extension KeyedEncodingContainer {
  /// Encodes a number, or null in place of an infinity or NaN, which JSON cannot say.
  mutating func encodeFinite(_ value: Double, forKey key: Key) throws {
    if value.isFinite { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }
}

extension KeyedDecodingContainer {
  /// Decodes a number; null is NaN.
  func decodeFinite(forKey key: Key) throws -> Double {
    try decodeNil(forKey: key) ? .nan : decode(Double.self, forKey: key)
  }
}

/// Values that cannot be scored: what was found, and what was expected.
func metricError(found: String, expected: String) -> TrainingError {
  .data("metrics: found \(found), expected \(expected)")
}
