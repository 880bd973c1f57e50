/// What one cell of a table holds.
package enum TableCell: Equatable {
  /// Nothing: empty, `NA`, `N/A`, `null` or `?`.
  case missing
  /// A finite decimal number.
  case number(Double)
  /// `nan`, `inf` or a number too large for Float64.
  case notFinite
  /// Anything else.
  case text

  /// Reads a cell's bytes.
  init(parsing cell: UnsafeBufferPointer<UInt8>) {
    if cell.isEmpty {
      self = .missing
    } else if let value = Self.decimal(cell) {
      self = value.isFinite ? .number(value) : .notFinite
    } else if cell.count <= 9 {
      switch String(decoding: cell, as: UTF8.self).lowercased() {
      case "na", "n/a", "null", "?": self = .missing
      case "nan", "-nan", "+nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity":
        self = .notFinite
      default: self = .text
      }
    } else {
      self = .text
    }
  }

  /// The powers of ten that Float64 holds exactly.
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// The value of a decimal number – sign, digits, point, exponent – or nil.
  ///
  /// Up to 15 digits and powers of ten up to 22 both numbers are exact and one operation rounds
  /// (W. Clinger, "How to read floating point numbers accurately", PLDI 1990,
  /// doi:10.1145/93542.93557); everything else goes the long way.
  private static func decimal(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    var position = 0
    var isNegative = false
    if cell[0] == UInt8(ascii: "-") || cell[0] == UInt8(ascii: "+") {
      isNegative = cell[0] == UInt8(ascii: "-")
      position = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    var seenPoint = false
    while position < cell.count {
      let byte = cell[position]
      if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
        digits += 1
        if significant > 0 || byte != UInt8(ascii: "0") { significant += 1 }
        if significant <= 15 { mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0")) }
        if seenPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    if position < cell.count {
      guard cell[position] | 0x20 == UInt8(ascii: "e") else { return nil }
      position += 1
      var isSmall = false
      if position < cell.count,
        cell[position] == UInt8(ascii: "-") || cell[position] == UInt8(ascii: "+")
      {
        isSmall = cell[position] == UInt8(ascii: "-")
        position += 1
      }
      guard position < cell.count else { return nil }
      var written = 0
      while position < cell.count {
        guard cell[position] >= UInt8(ascii: "0"), cell[position] <= UInt8(ascii: "9") else {
          return nil
        }
        written = min(written * 10 + Int(cell[position] - UInt8(ascii: "0")), 100_000)
        position += 1
      }
      exponent += isSmall ? -written : written
    }
    if significant <= 15 && abs(exponent) <= 22 {
      let value =
        exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
      return isNegative ? -value : value
    }
    return Double(String(decoding: cell, as: UTF8.self))
  }
}
