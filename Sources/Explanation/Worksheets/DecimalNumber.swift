/// The value of a decimal number: digits with a sign, a point and a power of ten, as far as it has
/// them. Nil for anything else – `nan`, `1_000`, `0x10`, `010` – and for what is too large.
func decimalNumber(_ text: String) -> Double? {
  isDecimalNumber(text) ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil
}

/// What is wrong with a text that ``decimalNumber(_:)`` refuses.
func noNumber(_ text: String) -> String {
  if text.isEmpty { return "found nothing, expected a decimal number such as 0.15" }
  return isDecimalNumber(text)
    ? "found \(text.prefix(40)), which is too large, expected less than 1.8e308"
    : "found \(quotedInBrief(text)), expected a decimal number such as 0.15"
}

private func isDecimalNumber(_ text: String) -> Bool {
  var rest = Substring(text).utf8
  func digits() -> Int {
    let run = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    rest = rest.dropFirst(run.count)
    return run.count
  }
  func take(_ letters: String) -> Bool {
    guard let first = rest.first, letters.utf8.contains(first) else { return false }
    rest = rest.dropFirst()
    return true
  }
  _ = take("+-")
  let startsWithZero = rest.first == UInt8(ascii: "0")
  let whole = digits()
  // In some languages, and in YAML 1.1, a leading zero makes a number octal.
  if startsWithZero && whole > 1 { return false }
  let fraction = take(".") ? digits() : 0
  guard whole + fraction > 0 else { return false }
  if take("eE") {
    _ = take("+-")
    guard digits() > 0 else { return false }
  }
  return rest.isEmpty
}

extension StringProtocol {
  /// The text without the white space around it.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}
