import Charts
import GraphIR

/// Numbers and names as the report writes them.
enum ReportText {
  /// So many of something: `1 row`, `1,200 rows`.
  static func count(_ value: Int, _ noun: String) -> String {
    "\(value.grouped)\u{A0}\(noun)\(value == 1 ? "" : "s")"
  }

  /// A number with four significant digits.
  static func number(_ value: Double) -> String { NumberText.compact(value) }

  /// A share of one with one decimal: `97.2 %`. Only a share of exactly one is called 100 %.
  static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    var text = NumberText.fixed(share * 100, decimals: 1)
    if share < 1 && text == "100.0" { text = "99.9" }
    if text == "100.0" || text == "0.0" { text = String(text.dropLast(2)) }
    return text + "\u{A0}%"
  }

  /// A score between 0 and 1 with three decimals.
  static func score(_ value: Double) -> String {
    value.isFinite ? NumberText.fixed(value, decimals: 3) : "–"
  }

  /// A span of time: `0.84 s`, `12.3 s`, `4 min 20 s`, `2 h 5 min`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return number(seconds) + "\u{A0}s" }
    if seconds < 59.95 {
      return NumberText.compact(seconds, digits: seconds < 1 ? 2 : 3) + "\u{A0}s"
    }
    let total = Int(seconds.rounded())
    let (large, small, units) =
      total < 3600
      ? (total / 60, total % 60, ("min", "s")) : (total / 3600, total % 3600 / 60, ("h", "min"))
    return "\(large)\u{A0}\(units.0)" + (small == 0 ? "" : " \(small)\u{A0}\(units.1)")
  }

  /// A large number in little space, to three digits: `860`, `48.6 k`, `2.12 M`.
  static func short(_ value: Double) -> String {
    for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= 9.995 * unit / 10 {
      guard value.isFinite, abs(value) < 1e12 else { break }
      return NumberText.compact(value / unit, digits: 3) + "\u{A0}" + name
    }
    return NumberText.compact(value, digits: 3)
  }

  /// A number a second, to three digits: `48,600`.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value >= 100, value < 1e15 else {
      return NumberText.compact(value, digits: 3)
    }
    var unit = 1
    while value >= Double(unit) * 1000 { unit *= 10 }
    return (Int((value / Double(unit)).rounded()) * unit).grouped
  }

  /// A name from code in words: `learningRate` becomes `learning rate`.
  static func words(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase, !result.isEmpty, result.last?.isUppercase == false {
        result += " "
      }
      result += character.lowercased()
    }
    return result
  }

  /// The text with a capital at its beginning.
  static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
