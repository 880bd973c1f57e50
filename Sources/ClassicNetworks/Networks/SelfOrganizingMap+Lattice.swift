import Foundation

extension SelfOrganizingMap {
  /// Where a unit lies, in distances between neighbors in a row.
  func place(_ unit: Int) -> (x: Double, y: Double) {
    let (row, column) = unit.quotientAndRemainder(dividingBy: columns)
    guard lattice == .hexagonal else { return (Double(column), Double(row)) }
    return (
      Double(column) + (row.isMultiple(of: 2) ? 0 : 0.5), Double(row) * 3.0.squareRoot() / 2
    )
  }

  /// The least number of steps between neighbors that lead from a unit to another.
  func steps(_ unit: Int, _ other: Int) -> Int {
    let (row, column) = unit.quotientAndRemainder(dividingBy: columns)
    let (otherRow, otherColumn) = other.quotientAndRemainder(dividingBy: columns)
    let down = otherRow - row
    guard lattice == .hexagonal else { return max(abs(down), abs(otherColumn - column)) }
    // Along axes at 60°: the second one runs down to the right, half a unit with each row.
    let along = (otherColumn - otherRow / 2) - (column - row / 2)
    return max(abs(down), abs(along), abs(along + down))
  }

  /// The units one step away.
  func neighbors(_ unit: Int) -> [Int] {
    let (row, column) = unit.quotientAndRemainder(dividingBy: columns)
    let shift = row.isMultiple(of: 2) ? -1 : 0
    let offsets =
      lattice == .rectangular
      ? [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
      : [(-1, shift), (-1, shift + 1), (0, -1), (0, 1), (1, shift), (1, shift + 1)]
    return offsets.compactMap { down, right in
      let (other, place) = (row + down, column + right)
      guard (0..<rows).contains(other), (0..<columns).contains(place) else { return nil }
      return other * columns + place
    }
  }

  /// Where all units lie.
  var places: [(x: Double, y: Double)] { (0..<rows * columns).map(place) }

  /// h of all units about a best matching one, times η.
  func shares(
    about best: Int, radius: Double, rate: Double = 1, _ places: [(x: Double, y: Double)]
  ) -> [Double] {
    if neighborhood == .bubble {
      return places.indices.map { Double(steps(best, $0)) < radius ? rate : 0 }
    }
    let (x, y) = places[best]
    let scale = 2 * radius * radius
    return places.map { otherX, otherY in
      let squared = (otherX - x) * (otherX - x) + (otherY - y) * (otherY - y)
      let bell = exp(-squared / scale)
      return rate * (neighborhood == .gaussian ? bell : bell * (1 - 2 / scale * squared))
    }
  }

  /// σ at a step of all.
  func radius(at step: Int, of steps: Int) -> Double {
    let start = radius > 0 ? radius : max(1, Double(max(rows, columns)) / 2)
    let end = min(1, start)
    let (t, all) = (Double(step), Double(steps))
    return switch radiusDecay {
    case .constant: start
    case .linear: start + t * (end - start) / all
    case .asymptotic: start / (1 + t / (all / 2))
    case .inverse: start / (1 + t * ((start / end - 1) / all))
    case .exponential: start * pow(end / start, t / all)
    }
  }

  /// η at a step of all.
  func rate(at step: Int, of steps: Int) -> Double {
    if learningRate == 0 && training == .batch { return 1 }
    let start = learningRate > 0 ? learningRate : 0.5
    let (t, all) = (Double(step), Double(steps))
    return switch rateDecay {
    case .constant: start
    case .linear: start * (1 - t / all)
    case .asymptotic: start / (1 + t / (all / 2))
    case .inverse: start * (all / 100) / (all / 100 + t)
    case .exponential: start * pow(0.01, t / all)
    }
  }
}
