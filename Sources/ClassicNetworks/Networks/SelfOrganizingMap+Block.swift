/// Online learning of a few rows after each other, with the weights left where they are until the end.
///
/// While rows x₁ … x_K of the block are learned, a unit's weights are a w + Σⱼ cⱼ xⱼ of its weights w at the
/// start. Its squared distance to x_t is ‖w‖² − 2 w · x_t + ‖x_t‖², and w ← (1 − s) w + s x_t makes of it
/// - w · x_k: (1 − s) w · x_k + s x_t · x_k
/// - ‖w‖²: (1 − s)² ‖w‖² + 2 s (1 − s) w · x_t + s² ‖x_t‖²
/// - a: (1 − s) a, and each c likewise; c_t is s
///
/// so that a row costs as many operations a unit as the block has rows, not columns. What is left are
/// three matrix products a block: all w · x and all x · x before, Σⱼ cⱼ xⱼ after.
struct OnlineBlock {
  /// The rows of a block.
  static let rows = 64
  /// Narrower rows are learned one by one.
  static let leastColumns = 64

  /// The products of blocks of one size, compiled once.
  struct Products {
    fileprivate let before: MatrixProduct?
    fileprivate let after: MatrixProduct?

    init(units: Int, columns: Int, rows: Int) {
      before = MatrixProduct((units, columns), (rows, columns), otherTransposed: true)
      after = MatrixProduct((units, rows), (rows, columns))
    }
  }

  private let weights: Matrix
  private let data: Matrix
  private let compiled: Products
  /// x · x.
  private let products: Matrix
  /// For each unit and row of the block: c where the row has been learned, w · x where it is to come.
  private var state: Matrix
  /// ‖w‖² of each unit.
  private var lengths: [Double]
  /// a of each unit.
  private var kept: [Double]

  init(_ weights: Matrix, _ data: Matrix, _ compiled: Products) {
    (self.weights, self.data, self.compiled) = (weights, data, compiled)
    products = data.times(data, otherTransposed: true)
    state =
      compiled.before?.of(weights, data) ?? weights.times(data, otherTransposed: true)
    lengths = weights.squaredLengths
    kept = [Double](repeating: 1, count: weights.rows)
  }

  /// The unit nearest to a row that is to come, the first of several, and its squared distance.
  func nearest(to row: Int) -> (unit: Int, squared: Double) {
    var (best, least, next) = (0, Double.infinity, Double.infinity)
    var longest = 0.0
    state.values.withUnsafeBufferPointer { state in
      for unit in lengths.indices {
        let value = lengths[unit] - 2 * state[unit * data.rows + row]
        longest = max(longest, lengths[unit])
        if value < least {
          (best, least, next) = (unit, value, least)
        } else if value < next {
          next = value
        }
      }
    }
    let own = products[row, row]
    let doubt = 1e-15 * Double(data.columns + 8) * (longest + own)
    guard next - least <= doubt else { return (best, max(0, least + own)) }
    // Differences as small as the rounding of the products: those units are measured in full.
    var found = (unit: best, squared: Double.infinity)
    for unit in lengths.indices
    where lengths[unit] - 2 * state[unit, row] - least <= doubt {
      let squared = squaredDistance(weights(of: unit, before: row)[...], data[row: row])
      if squared < found.squared { found = (unit, squared) }
    }
    return found
  }

  /// A unit's weights after the rows of the block before one.
  private func weights(of unit: Int, before row: Int) -> [Double] {
    var sum = weights[row: unit].map { kept[unit] * $0 }
    for other in 0..<row {
      for (column, value) in data[row: other].enumerated() {
        sum[column] += state[unit, other] * value
      }
    }
    return sum
  }

  /// Moves all units towards a row.
  mutating func move(by shares: [Double], towards row: Int) {
    let count = data.rows
    // Rows that have been learned: their c only shrink.
    let following = (0..<count).map { $0 < row ? 0 : products[row, $0] }
    let own = products[row, row]
    state.values.withUnsafeMutableBufferPointer { state in
      following.withUnsafeBufferPointer { following in
        for (unit, share) in shares.enumerated() where share != 0 {
          let (start, rest) = (unit * count, 1 - share)
          lengths[unit] =
            rest * rest * lengths[unit] + 2 * share * rest * state[start + row]
            + share * share * own
          kept[unit] *= rest
          for place in 0..<count {
            state[start + place] = rest * state[start + place] + share * following[place]
          }
          state[start + row] = share
        }
        // A unit that has not moved has no part of this row.
        for (unit, share) in shares.enumerated() where share == 0 {
          state[unit * count + row] = 0
        }
      }
    }
  }

  /// The weights after all rows of the block.
  var moved: Matrix {
    var sum = compiled.after?.of(state, data) ?? state.times(data)
    sum.values.withUnsafeMutableBufferPointer { sum in
      weights.values.withUnsafeBufferPointer { weights in
        for unit in kept.indices {
          let factor = kept[unit]
          for place in unit * data.columns..<(unit + 1) * data.columns {
            sum[place] += factor * weights[place]
          }
        }
      }
    }
    return sum
  }
}
