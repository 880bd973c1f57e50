import Documents
import Foundation

/// Counts, rates, bytes and times as people write them.
public enum QuantityText {
  /// A count with a decimal prefix and three significant digits: `12.8 M`.
  public static func count(_ value: Double) -> String {
    scaled(value, [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")])
  }

  /// Bytes with a decimal prefix: `3.21 MB`.
  public static func bytes(_ value: Double) -> String {
    scaled(
      value, [(1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")])
  }

  /// A time in the unit that suits it: `51.2 µs`, `3.4 min`.
  public static func seconds(_ value: Double, _ language: Language = .english) -> String {
    let long: [(Double, Phrase)] = [
      (86_400, Phrase("days", "天")), (3600, Phrase("h", "小时")), (60, Phrase("min", "分钟")),
    ]
    if let unit = long.first(where: { value >= 2 * $0.0 }) {
      return scaled(value, [(unit.0, unit.1[language])])
    }
    return scaled(value, [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")])
  }

  /// The value in the first unit that it reaches after rounding, or else in the last.
  private static func scaled(_ value: Double, _ units: [(size: Double, name: String)]) -> String {
    guard value.isFinite, let last = units.last else { return "–" }
    let unit = units.first { abs(value) >= 0.9995 * $0.size } ?? last
    let text = digits(value / unit.size)
    return unit.name.isEmpty ? text : "\(text) \(unit.name)"
  }

  /// Three significant digits, none behind the point from 100 on.
  public static func digits(_ value: Double) -> String {
    let magnitude = abs(value)
    guard magnitude < 1e6 else { return String(format: "%.3g", value) }
    let places =
      magnitude >= 99.95 || magnitude == 0
      ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.9995 ? 2 : 3
    return String(format: "%.\(places)f", value)
  }
}
