import Foundation

/// Rows of text in aligned columns: the first column to the left, numbers to the right.
func alignedTable(_ rows: [[String]]) -> String {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return column == 0 ? cell + space : space + cell
    }
    return cells.joined(separator: "  ").trimmedAtEnd
  }.joined(separator: "\n")
}

/// A score between 0 and 1, with four decimals.
func scoreText(_ value: Double) -> String { String(format: "%.4f", value) }

/// An error of any size, with five significant digits.
func errorText(_ value: Double) -> String { String(format: "%.5g", value) }

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

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
