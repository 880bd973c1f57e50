/// A line of values in one row of block characters: `▁▂▃▅▇`.
public struct Sparkline: Hashable, Sendable {
  public var values: [Double]
  /// The most characters; longer lines are averaged down. By default one for each value.
  public var width: Int?

  public init(_ values: [Double], width: Int? = nil) {
    self.values = values
    self.width = width
  }

  /// The characters, from the lowest value ▁ to the highest █. Equal values are all ▄; a value
  /// that is not finite is a space.
  public var text: String {
    let shown = averaged
    guard let scale = Scale(shown) else { return String(repeating: " ", count: shown.count) }
    let blocks = Array("▁▂▃▄▅▆▇█")
    let isFlat = Set(shown.filter(\.isFinite)).count == 1
    return String(
      shown.map { value in
        guard let share = scale.position(value) else { return " " }
        return isFlat ? "▄" : blocks[min(7, max(0, Int(share * 8)))]
      })
  }

  private var averaged: [Double] {
    guard let width, width > 0, values.count > width else { return values }
    return (0..<width).map { column in
      let part = values[column * values.count / width..<(column + 1) * values.count / width]
      let finite = part.filter(\.isFinite)
      return finite.isEmpty ? .nan : finite.reduce(0) { $0 + $1 / Double(finite.count) }
    }
  }
}
