/// For each row of data the nearest of a few other rows, and the nearest after it, by ‖x − w‖².
///
/// The first of equally near rows is taken.
package struct NearestRows {
  /// The place of the nearest row for each row of data.
  package let first: [Int]
  /// The place of the next nearest, where it was asked for; −1 where there is one row only.
  package let second: [Int]
  /// ‖x − w‖² of the nearest.
  package let firstSquared: [Double]
  /// ‖x − w‖² of the next nearest.
  package let secondSquared: [Double]

  /// - Precondition: As many columns in both, and at least one of `others`.
  init(_ data: Matrix, to others: Matrix) {
    self = NearestSearch(data).nearest(to: others)
  }

  init(_ pairs: [NearestPair]) {
    first = pairs.map { max($0.first, 0) }
    second = pairs.map(\.second)
    firstSquared = pairs.map(\.firstSquared)
    secondSquared = pairs.map(\.secondSquared)
  }
}

/// The two nearest so far.
struct NearestPair {
  private(set) var first = -1
  private(set) var second = -1
  private(set) var firstSquared = Double.infinity
  private(set) var secondSquared = Double.infinity

  /// Takes a row in, where it is nearer; of equally near ones the first is nearer.
  mutating func take(_ row: Int, _ squared: Double) {
    if squared < firstSquared || (squared == firstSquared && row < first) {
      (second, secondSquared) = (first, firstSquared)
      (first, firstSquared) = (row, squared)
    } else if squared < secondSquared || (squared == secondSquared && row < second) {
      (second, secondSquared) = (row, squared)
    }
  }
}
