import Foundation

/// A number as somebody wrote it: its value, and what its digits say of its exactness.
struct ClaimedNumber: Sendable {
  let value: Double
  /// The worth of one step in the last digit written; 0 where the number is meant exactly: a
  /// fraction, an expression, or a single digit without a decimal point.
  let unit: Double
  /// How many digits were written, leading zeros left out and trailing ones counted.
  let significantDigits: Int

  init(text: String, value: Double) {
    self.value = value
    guard let (digits, decimals, exponent) = ClaimedNumber.parts(of: text) else {
      unit = 0
      significantDigits = value == 0 ? 0 : 15
      return
    }
    significantDigits = digits.drop { $0 == "0" }.count
    let power = exponent - (decimals ?? 0)
    // "1" is not what anyone rounds 0.75 to, and neither is "0.0" for 0.03.
    let enough = value == 0 ? (decimals ?? 0) >= 2 : decimals != nil || significantDigits >= 2
    unit = enough && abs(power) < 300 ? Double("1e\(power)") ?? 0 : 0
  }

  init(_ claim: Claim) { self.init(text: claim.text, value: claim.value) }

  /// The digits of the mantissa, how many of them follow the point, and the power of ten.
  private static func parts(of text: String) -> (Substring, decimals: Int?, exponent: Int)? {
    var text = text.filter { !$0.isWhitespace && $0 != "_" }
    for (written, plain) in [
      ("−", "-"), ("×", "*"), ("·", "*"), ("*10^", "e"), ("{", ""), ("}", ""), ("(", ""), (")", ""),
    ] {
      text = text.replacingOccurrences(of: written, with: plain)
    }
    text = text.lowercased()
    let halves = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    guard var mantissa = halves.first else { return nil }
    if let sign = mantissa.first, sign == "-" || sign == "+" { mantissa.removeFirst() }
    var exponent = 0
    if halves.count == 2 {
      guard let power = Int(halves[1]) else { return nil }
      exponent = power
    }
    let pieces = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let digits = pieces.joined()
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return (digits[...], pieces.count == 2 ? pieces[1].count : nil, exponent)
  }

  /// Half a step in the last digit.
  var halfUnit: Double { unit / 2 }

  /// Whether both are the same number but for the last bits of the arithmetic: within 4 ulp, or one
  /// part in 10¹², which another order of adding can amount to.
  static func areEqual(_ a: Double, _ b: Double) -> Bool {
    guard a.isFinite, b.isFinite else { return a == b }
    let size = max(abs(a), abs(b))
    return abs(a - b) <= max(4 * size.ulp, 1e-12 * size)
  }

  /// Whether a number, rounded (either way on a tie) or cut off to the digits written, is this one.
  func isRounding(of exact: Double) -> Bool {
    guard exact.isFinite else { return false }
    if ClaimedNumber.areEqual(value, exact) { return true }
    guard unit > 0 else { return false }
    let grace = max(1e-9 * unit, 4 * exact.ulp)
    if abs(value - exact) <= halfUnit + grace { return true }
    // Cut off: towards zero, by less than one step.
    let lost = value == 0 ? abs(exact) : (exact - value) * (value < 0 ? -1 : 1)
    return lost >= 0 && lost < unit - grace
  }
}
