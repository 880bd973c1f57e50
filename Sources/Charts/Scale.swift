import Foundation

/// The way from a data value to a position on paper, linear or logarithmic.
package struct Scale: Hashable, Sendable {
  package let low: Double
  package let high: Double
  package let isLogarithmic: Bool
  /// Whether all values are whole numbers, such as epochs, so that ticks should be too.
  private let isWhole: Bool
  /// The positions of `low` and `high`.
  package var start = 0.0
  package var end = 1.0

  /// A scale over the finite values, never of zero length; nil where there is no such value.
  ///
  /// A linear scale with `isRounded` reaches out to the next tick on both sides.
  package init?(
    _ values: some Sequence<Double>, isLogarithmic: Bool = false, isRounded: Bool = false
  ) {
    var low = Double.infinity
    var high = -Double.infinity
    var isWhole = !isLogarithmic
    for value in values where abs(value) <= 1e300 && (!isLogarithmic || value > 1e-300) {
      low = min(low, value)
      high = max(high, value)
      isWhole = isWhole && value == value.rounded()
    }
    guard low <= high else { return nil }
    if isLogarithmic {
      if high / low < 1.001 { (low, high) = (low / 2, high * 2) }
    } else {
      // Differences near the precision of the numbers cannot carry ticks.
      if high - low <= max(abs(low), abs(high)) * 1e-9 {
        let margin = isWhole && abs(low) < 1000 ? 1 : max(abs(low), abs(high)) * 0.1
        (low, high) = (low - margin, high + margin)
      }
      if isRounded {
        let (unit, exponent) = Ticks.step(for: (high - low) / 5)
        let step = NumberText.scaled(unit, by: exponent)
        low = (low / step + 1e-9).rounded(.down) * step
        high = (high / step - 1e-9).rounded(.up) * step
      }
    }
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
    // Rounded scales measure amounts, which may lie between whole numbers.
    self.isWhole = isWhole && !isRounded
  }

  /// The position of a value, or nil where the scale has none for it.
  package func position(_ value: Double) -> Double? {
    guard abs(value) <= 1e300 else { return nil }
    let share: Double
    if isLogarithmic {
      guard value > 1e-300 else { return nil }
      share = log(value / low) / log(high / low)
    } else {
      share = (value - low) / (high - low)
    }
    return start + share * (end - start)
  }

  package func ticks(count: Int) -> Ticks {
    isLogarithmic
      ? .logarithmic(from: low, to: high, count: count)
      : .linear(from: low, to: high, count: count, isWhole: isWhole)
  }
}
