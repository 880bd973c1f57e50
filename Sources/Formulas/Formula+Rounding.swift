import Foundation

extension Formula {
  /// A number with so many significant digits, without zeros at the end of its decimals.
  ///
  /// Where 10⁻⁴ ≤ |value| < 10⁹ it is a plain decimal, else a power of ten stands behind it.
  ///
  ///     Formula.rounded(0.298371108760, digits: 9).text      // 0.298371109
  ///     Formula.rounded(-0.5, digits: 9).text                // −0.5
  ///     Formula.rounded(1.5e-12, digits: 9).text             // 1.5×10⁻¹²
  ///
  /// - Parameters:
  ///   - value: The number; one that is not finite becomes a ``number(_:)``.
  ///   - digits: From 1 to 17; more than a `Double` holds would say nothing.
  public static func rounded(_ value: Double, digits: Int) -> Formula {
    guard value.isFinite else { return .number(value) }
    guard value != 0 else { return .digits("0") }
    let places = min(max(digits, 1), 17) - 1
    // One digit, a point, the other digits, and the power of ten.
    let parts = String(format: "%.\(places)e", abs(value)).split(separator: "e")
    guard parts.count == 2, let power = Int(parts[1]) else { return .number(value) }
    var digits = parts[0].filter(\.isNumber)
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return .digits((value < 0 ? "-" : "") + placingPoint(in: digits, power))
  }

  /// d₀d₁d₂… read as d₀.d₁d₂… · 10^power.
  private static func placingPoint(in digits: String, _ power: Int) -> String {
    func point(after count: Int) -> String {
      let decimals = digits.dropFirst(count)
      return digits.prefix(count) + (decimals.isEmpty ? "" : "." + decimals)
    }
    switch power {
    case -4..<0: return "0." + String(repeating: "0", count: -power - 1) + digits
    case 0..<9:
      let isShort = digits.count <= power
      return isShort
        ? digits + String(repeating: "0", count: power + 1 - digits.count)
        : point(after: power + 1)
    default: return point(after: 1) + "e\(power)"
    }
  }
}
