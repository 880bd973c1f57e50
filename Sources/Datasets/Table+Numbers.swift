extension Table {
  /// Whether a column is one of numbers: no cell, or not even half of them, holds text.
  ///
  /// - Parameter hint: What the user may do where the column is not one of numbers.
  /// - Throws: `DatasetError` naming the first text where it stands among numbers, or where all
  ///   texts are numbers with a decimal comma.
  func isNumeric(column: Int, hint: String) throws -> Bool {
    var numbers = 0
    var texts = 0
    var firstText: Int?
    var haveCommas = true
    for row in 0..<rowCount {
      switch cell(row: row, column: column) {
      case .missing: break
      case .number, .notFinite: numbers += 1
      case .text:
        texts += 1
        if firstText == nil { firstText = row }
        haveCommas = haveCommas && hasDecimalComma(row: row, column: column)
      }
    }
    guard let firstText else { return true }
    guard numbers >= texts || haveCommas else { return false }
    let others = numbers == 0 ? "" : ", as in \(numbers) of the column's \(numbers + texts) cells"
    throw notANumber(row: firstText, column: column, others: others + " (\(hint))")
  }

  /// The error for a cell of text where a number should be.
  private func notANumber(row: Int, column: Int, others: String = "") -> DatasetError {
    let text = quoted(text(row: row, column: column))
    return hasDecimalComma(row: row, column: column)
      ? DatasetError(
        at: location(row: row, column: column), found: "\(text), with a decimal comma",
        expected: "a number with a decimal point" + others)
      : DatasetError(
        at: location(row: row, column: column), found: "the text \(text)",
        expected: "a number" + others)
  }

  /// Whether a cell holds digits, a comma and digits.
  private func hasDecimalComma(row: Int, column: Int) -> Bool {
    var parts = text(row: row, column: column).utf8.split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    if let sign = parts[0].first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      parts[0].removeFirst()
    }
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  }

  /// The number in a cell, or nil where it is missing.
  ///
  /// - Throws: `DatasetError` for text, NaN and infinities, naming line and column.
  func finiteNumber(row: Int, column: Int) throws -> Double? {
    switch cell(row: row, column: column) {
    case .number(let value): return value
    case .missing: return nil
    case .notFinite:
      throw DatasetError(
        at: location(row: row, column: column), found: quoted(text(row: row, column: column)),
        expected: "a finite number, or an empty cell where it is missing")
    case .text:
      throw notANumber(row: row, column: column)
    }
  }

  /// The text by which a category is known: numbers in one form, so that `1` and `1.0` agree.
  func categoryText(row: Int, column: Int) -> String {
    guard let value = number(row: row, column: column), let whole = Int(exactly: value) else {
      return text(row: row, column: column)
    }
    return String(whole)
  }

  /// A whole number in its one form, as the name of a class.
  func wholeNumberText(row: Int, column: Int) throws -> String {
    guard let value = try finiteNumber(row: row, column: column), let whole = Int(exactly: value)
    else {
      throw DatasetError(
        at: location(row: row, column: column), found: text(row: row, column: column),
        expected: "a whole number as a class (or text; or the targets are values)")
    }
    return String(whole)
  }
}
