/// A field of dots drawn with braille characters, each two dots wide and four high.
package struct BrailleCanvas: Sendable {
  package let columns: Int
  package let rows: Int
  private var patterns: [UInt8]
  /// The number of the series that drew last in each cell.
  private(set) var owners: [Int?]

  /// The bits of a braille character by row, left and right.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    patterns = Array(repeating: 0, count: self.columns * self.rows)
    owners = Array(repeating: nil, count: self.columns * self.rows)
  }

  /// Sets the dot x from the left and y from the top; outside nothing happens.
  package mutating func set(_ x: Int, _ y: Int, owner: Int = 0) {
    guard x >= 0, y >= 0, x < columns * 2, y < rows * 4 else { return }
    let cell = y / 4 * columns + x / 2
    patterns[cell] |= BrailleCanvas.bits[y % 4][x % 2]
    owners[cell] = owner
  }

  /// A straight line of dots, both ends included.
  package mutating func line(from: (x: Int, y: Int), to: (x: Int, y: Int), owner: Int = 0) {
    let steps = max(abs(to.x - from.x), abs(to.y - from.y))
    for step in 0...max(1, steps) {
      let share = steps == 0 ? 0 : Double(min(step, steps)) / Double(steps)
      set(
        from.x + Int((Double(to.x - from.x) * share).rounded()),
        from.y + Int((Double(to.y - from.y) * share).rounded()), owner: owner)
    }
  }

  /// The character of a cell; a space where no dot is set.
  package func character(column: Int, row: Int) -> Character {
    let pattern = patterns[row * columns + column]
    guard pattern != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(pattern)) else { return " " }
    return Character(scalar)
  }

  package func owner(column: Int, row: Int) -> Int? { owners[row * columns + column] }
}
