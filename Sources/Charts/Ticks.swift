/// Round values along an axis, and their labels.
package struct Ticks: Hashable, Sendable {
  package let values: [Double]
  package let labels: [String]

  /// Multiples of 1, 2 or 5 times a power of ten within the range, about `count` of them;
  /// with `isWhole` only whole numbers.
  package static func linear(
    from low: Double, to high: Double, count: Int = 5, isWhole: Bool = false
  ) -> Ticks {
    let size = (high - low) / Double(max(1, count))
    let (unit, exponent) = step(for: isWhole ? max(1, size) : size)
    let step = NumberText.scaled(unit, by: exponent)
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000, max(abs(first), abs(last)) < 9e15 else {
      return Ticks(values: [], labels: [])
    }
    let values = (Int(first)...Int(last)).map {
      NumberText.scaled(Double($0) * unit, by: exponent)
    }
    return Ticks(values: values, labels: labels(values, exponent: exponent))
  }

  /// Powers of ten within the range, thinned to at most about `count`; over few decades also
  /// their 2- and 5-fold, and over less than that round values of ``linear(from:to:count:)``.
  package static func logarithmic(from low: Double, to high: Double, count: Int = 6) -> Ticks {
    let first = NumberText.exponent(of: low)
    let last = NumberText.exponent(of: high)
    let decades = last - first
    let stride = max(1, (decades + count - 1) / max(1, count))
    let units: [Double] = decades <= 2 ? [1, 2, 5] : [1]
    var values: [Double] = []
    for exponent in first...max(first, last) where (exponent - first) % stride == 0 {
      values += units.map { NumberText.scaled($0, by: exponent) }
    }
    values.removeAll { $0 < low * (1 - 1e-9) || $0 > high * (1 + 1e-9) }
    if values.count < 2 { return linear(from: low, to: high, count: count) }
    return Ticks(values: values, labels: values.map { NumberText.compact($0) })
  }

  /// The smallest of 1, 2, 5, 10 times a power of ten that is at least `size`.
  package static func step(for size: Double) -> (unit: Double, exponent: Int) {
    guard size > 0, size.isFinite else { return (1, 0) }
    let exponent = NumberText.exponent(of: size)
    let mantissa = NumberText.scaled(size, by: -exponent)
    for unit in [1.0, 2, 5] where mantissa <= unit * (1 + 1e-9) { return (unit, exponent) }
    return (1, exponent + 1)
  }

  /// Labels with the decimals that the step needs, and k, M … once the numbers get long.
  private static func labels(_ values: [Double], exponent: Int) -> [String] {
    let largest = values.map { abs($0) }.max() ?? 0
    if largest >= 1e15 || exponent < -5 {
      return values.map { NumberText.compact($0, digits: 6) }
    }
    let units: [(power: Int, suffix: String)] = [(12, "T"), (9, "G"), (6, "M"), (3, "k")]
    let unit = largest < 1e4 ? nil : units.first { largest >= NumberText.scaled(1, by: $0.power) }
    let power = unit?.power ?? 0
    return values.map { value in
      if value == 0 { return "0" }
      let scaled = NumberText.scaled(value, by: -power)
      return NumberText.fixed(scaled, decimals: max(0, power - exponent)) + (unit?.suffix ?? "")
    }
  }
}
