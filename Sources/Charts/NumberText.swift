/// Numbers as short text, the same in every locale.
package enum NumberText {
  /// The value with at most `digits` significant digits and no trailing zeros.
  ///
  /// Below 0.0001 and from a million on it has an exponent: `1.5e−7`.
  package static func compact(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else {
      return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞"
    }
    guard value != 0 else { return "0" }
    var exponent = exponent(of: value)
    var mantissa = scaled(value, by: -exponent)
    // Rounding may carry into the next power of ten: 9.9996 is 10.00, not 9.100.
    if abs(scaled(mantissa, by: digits - 1)).rounded() >= scaled(1, by: digits) {
      exponent += 1
      mantissa = scaled(value, by: -exponent)
    }
    if exponent >= -4, exponent < 6 {
      return trimmed(fixed(value, decimals: max(0, digits - 1 - exponent)))
    }
    let power = exponent < 0 ? "−\(-exponent)" : "\(exponent)"
    return trimmed(fixed(mantissa, decimals: digits - 1)) + "e" + power
  }

  /// The value with exactly this many decimals, halves rounded away from zero.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let whole = abs(scaled(value, by: decimals)).rounded()
    guard whole < 9e15 else { return value.description }
    var digits = String(Int(whole))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return (value < 0 && whole != 0 ? "−" : "") + digits
  }

  /// A coordinate in a drawing: at most one decimal, ASCII minus.
  static func coordinate(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  /// A share of one as a whole percentage: `93 %`.
  package static func percent(_ share: Double) -> String {
    share.isFinite ? compact((share * 100).rounded(), digits: 3) + "\u{A0}%" : "–"
  }

  /// The power of ten of the first digit, for a finite value other than zero.
  static func exponent(of value: Double) -> Int {
    var exponent = 0
    var rest = abs(value)
    while rest >= 1e16 { (rest, exponent) = (rest / 1e16, exponent + 16) }
    while rest < 1e-16 { (rest, exponent) = (rest * 1e16, exponent - 16) }
    while rest >= 10 { (rest, exponent) = (rest / 10, exponent + 1) }
    while rest < 1 { (rest, exponent) = (rest * 10, exponent - 1) }
    // Repeated steps round; compare with the power itself.
    if abs(value) >= scaled(1, by: exponent + 1) { exponent += 1 }
    if abs(value) < scaled(1, by: exponent) { exponent -= 1 }
    return exponent
  }

  /// value · 10^power; dividing by an exact power of ten keeps 0.1-like values correct.
  static func scaled(_ value: Double, by power: Int) -> Double {
    var result = value
    var rest = abs(power)
    while rest > 0 {
      let step = min(rest, 22)
      let factor = exactPowers[step]
      result = power < 0 ? result / factor : result * factor
      rest -= step
    }
    return result
  }

  /// The powers of ten that a Double holds exactly.
  private static let exactPowers: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { result, _ in result * 10 }
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = Substring(text)
    while result.last == "0" { result = result.dropLast() }
    if result.last == "." { result = result.dropLast() }
    return String(result)
  }
}
