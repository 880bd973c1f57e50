import ClassicNetworks
import Tensors
import Testing

/// The nearest rows are those of the differences, though products in Float32 show where to look.
@Suite struct NearestSearchTests {
  /// The two nearest by differences alone.
  private func plain(_ row: ArraySlice<Double>, _ others: Matrix) -> [(Int, Double)] {
    let all = (0..<others.rows).map { ($0, squaredDistance(row, others[row: $0])) }
    return Array(all.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(2))
  }

  private func matrix(_ rows: Int, _ columns: Int, seed: UInt64, _ value: (Double) -> Double)
    -> Matrix
  {
    var random = RandomStream(seed: seed)
    return Matrix(
      rows: rows, columns: columns, (0..<rows * columns).map { _ in value(random.normal()) })
  }

  @Test(
    arguments: [
      (1.0, 0.0), (1, 1e6), (1e140, 0), (1e-140, 0), (1e-9, 1), (1e-150, 1e-150),
    ])
  func differencesDecide(size: Double, offset: Double) {
    let data = matrix(300, 40, seed: 1) { offset + size * $0 }
    let others = matrix(50, 40, seed: 2) { offset + size * $0 }
    // Parts of 64 rows, and one of 44.
    let search = NearestSearch(data, partSize: 1)
    let found = search.nearest(to: others)
    let alone = search.nearest(to: others, findsSecond: false)
    #expect(alone.first == found.first && alone.firstSquared == found.firstSquared)
    for row in 0..<300 {
      let expected = plain(data[row: row], others)
      #expect(found.first[row] == expected[0].0)
      #expect(abs(found.firstSquared[row] - expected[0].1) <= 1e-13 * expected[0].1)
      guard expected[0].1.isFinite, expected[0].1 > 0 else { continue }
      #expect(found.second[row] == expected[1].0)
      #expect(abs(found.secondSquared[row] - expected[1].1) <= 1e-13 * expected[1].1)
    }
  }

  /// Others that differ by less than Float32 can tell, and equal ones, of which the first is taken.
  @Test func closeOnesAreToldApart() {
    let data = matrix(200, 33, seed: 3) { $0 }
    var others = data.picking(Array(0..<100) + Array(0..<40))
    for row in 0..<100 where row % 2 == 0 { others[row, 5] += 1e-10 }
    let found = NearestSearch(data).nearest(to: others)
    for row in 0..<100 {
      let copy = row < 40 ? 100 + row : -1
      let first = row % 2 == 0 && copy >= 0 ? copy : row
      #expect(found.first[row] == first)
      if copy >= 0 { #expect(found.second[row] == (first == row ? copy : row)) }
    }
    // Far away, where Float32 ends.
    let far = matrix(20, 33, seed: 4) { 1e60 * (2 + $0) }
    let there = NearestSearch(data).nearest(to: far)
    for row in 0..<200 { #expect(there.first[row] == plain(data[row: row], far)[0].0) }
  }

  @Test func distancesAreLoweredTowardsRows() {
    let data = matrix(60, 50, seed: 5) { $0 }
    let search = NearestSearch(data)
    var distances = [Double](repeating: .infinity, count: 60)
    for row in [3, 10, 59] { search.lower(&distances, toward: row) }
    for row in 0..<60 {
      let expected = plain(data[row: row], data.picking([3, 10, 59]))[0].1
      #expect(abs(distances[row] - expected) <= 1e-13 * expected)
    }
  }
}
