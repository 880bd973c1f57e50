import Tensors

/// k-means: centers, each of which is the mean of the rows that are nearest to it.
///
/// Rows go to their nearest centers, and centers to the means of their rows, in turn, until no row goes
/// elsewhere. A center without rows takes the row that is farthest from its own.
///
/// Sources: S. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28
/// (1982), doi:10.1109/TIT.1982.1056489; the start, "k-means++": D. Arthur, S. Vassilvitskii, SODA 2007.
package struct KMeans {
  package private(set) var centers: Matrix
  /// The place of each row's center.
  private(set) var assigned: [Int] = []
  /// The mean of ‖x − c‖² of the rows and their centers, for each round.
  package private(set) var errors: [Double] = []

  /// - Parameters:
  ///   - start: The centers to start from.
  ///   - rounds: How many rounds there are at most.
  ///   - observe: Told of each round's number and error.
  package init(
    _ rows: Matrix, start: Matrix, rounds: Int, observe: (Int, Double) -> Void = { _, _ in }
  ) {
    centers = start
    let search = NearestSearch(rows)
    for round in 1...max(rounds, 1) {
      let before = assigned
      let found = search.nearest(to: centers, findsSecond: false)
      assigned = found.first
      let distances = found.firstSquared
      let error = distances.reduce(0, +) / Double(max(rows.rows, 1))
      errors.append(error)
      observe(round, error)
      guard assigned != before else { break }
      move(rows, distances)
    }
  }

  private mutating func move(_ rows: Matrix, _ distances: [Double]) {
    let columns = rows.columns
    var counts = [Int](repeating: 0, count: centers.rows)
    for center in assigned { counts[center] += 1 }
    let empty = counts.indices.filter { counts[$0] == 0 }
    if !empty.isEmpty {
      let farthest = distances.indices.sorted { (-distances[$0], $0) < (-distances[$1], $1) }
      for (center, row) in zip(empty, farthest) {
        counts[assigned[row]] -= 1
        counts[center] += 1
        assigned[row] = center
      }
    }
    var sums = [Double](repeating: 0, count: centers.values.count)
    sums.withUnsafeMutableBufferPointer { sums in
      rows.values.withUnsafeBufferPointer { values in
        for (row, center) in assigned.enumerated() {
          for column in 0..<columns {
            sums[center * columns + column] += values[row * columns + column]
          }
        }
      }
    }
    for center in counts.indices where counts[center] > 0 {
      for column in 0..<columns {
        centers[center, column] = sums[center * columns + column] / Double(counts[center])
      }
    }
  }

  /// Rows to start from: the first by chance, each further one with a probability in proportion to
  /// ‖x − c‖² of the nearest that is there already. Of many rows it looks at five for each center.
  ///
  /// - Returns: As many places of rows as asked for, or all that differ from one another where there are
  ///   fewer.
  static func start(_ rows: Matrix, count: Int, random: inout RandomStream) -> [Int] {
    let most = max(5 * count, 1000)
    let looked =
      rows.rows > most ? Array(random.permutation(rows.rows).prefix(most)) : Array(0..<rows.rows)
    let part = looked.count == rows.rows ? rows : rows.picking(looked)
    let search = NearestSearch(part)
    var chosen = [Int(random.next(upperBound: UInt64(part.rows)))]
    var distances = [Double](repeating: .infinity, count: part.rows)
    while chosen.count < count {
      search.lower(&distances, toward: chosen[chosen.count - 1])
      let total = distances.reduce(0, +)
      guard total > 0 else { break }
      var rest = random.uniform() * total
      // The last row that can be chosen, where rounding leaves something over.
      var place = distances.lastIndex { $0 > 0 } ?? 0
      for (row, distance) in distances.enumerated() where distance > 0 {
        rest -= distance
        if rest < 0 {
          place = row
          break
        }
      }
      chosen.append(place)
    }
    return chosen.map { looked[$0] }
  }
}
