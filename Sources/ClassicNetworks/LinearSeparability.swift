/// Whether a hyperplane has all rows of one class on one side and all others on the other.
///
/// One of two things is so (P. Gordan, 1873): there is a w with yᵢ w · (xᵢ, 1) > 0 for all rows i, yᵢ
/// being 1 or −1; or there are λᵢ ≥ 0, not all 0, with Σ λᵢ yᵢ (xᵢ, 1) = 0, that is, a point which both
/// classes' convex hulls share. Non-negative least squares finds whichever it is.
public struct LinearSeparability: Hashable, Sendable {
  /// A weight for each feature and the bias, where a hyperplane separates the classes; else nil.
  public let weights: [Double]?
  /// Rows and their shares in the point that both classes share: each class's shares add up to 1.
  /// Empty where the classes are separable.
  public let shared: [(row: Int, share: Double)]

  public static func == (a: Self, b: Self) -> Bool {
    a.weights == b.weights && a.shared.map(\.row) == b.shared.map(\.row)
      && a.shared.map(\.share) == b.shared.map(\.share)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(weights)
    for (row, share) in shared {
      hasher.combine(row)
      hasher.combine(share)
    }
  }

  /// - Parameters:
  ///   - rows: The rows.
  ///   - isFirst: Whether each belongs to the first class.
  package init(_ rows: Matrix, isFirst: [Bool]) {
    // Columns scaled to about 1, so that one tolerance suits all.
    let scales = (0..<rows.columns).map { column in
      let largest = (0..<rows.rows).map { abs(rows[$0, column]) }.max() ?? 0
      return largest > 0 ? largest : 1
    }
    let size = rows.columns
    // A column for each row of data: y (x, 1), and below a 1, for Σ λ = 1.
    var system = Matrix(rows: size + 2, columns: rows.rows)
    for row in 0..<rows.rows {
      let sign: Double = isFirst[row] ? 1 : -1
      for column in 0..<size { system[column, row] = sign * rows[row, column] / scales[column] }
      system[size, row] = sign
      system[size + 1, row] = 1
    }
    var target = [Double](repeating: 0, count: size + 2)
    target[size + 1] = 1
    let solved = NonNegativeLeastSquares(system, target)
    let rest = solved.residual.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard rest > 1e-9 else {
      weights = nil
      // Both classes have the same Σ λ, a half.
      let sum = zip(solved.solution, isFirst).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      shared = solved.solution.enumerated().filter { $0.element > 1e-9 }
        .map { ($0.offset, $0.element / max(sum, .leastNormalMagnitude)) }
      return
    }
    // The residual is what separates: its product with every column is at most 0.
    weights = (0...size).map { -solved.residual[$0] / ($0 < size ? scales[$0] : 1) }
    shared = []
  }

  /// In a sentence.
  ///
  /// - Parameters:
  ///   - rows: The rows that were looked at.
  ///   - isFirst: Whether each belongs to the first class.
  func words(_ rows: Matrix, isFirst: [Bool]) -> String {
    guard weights == nil else { return "linearly separable" }
    func mean(_ isWanted: Bool) -> String {
      let part = shared.filter { isFirst[$0.row] == isWanted }
      guard part.count <= 4, rows.columns <= 6 else { return "\(part.count) rows" }
      return part.map { row, share in
        let point = rows[row: row].map(shortText).joined(separator: ", ")
        return part.count == 1 ? "(\(point))" : "\(shortText(share)) · (\(point))"
      }.joined(separator: " + ")
    }
    return "not linearly separable: \(mean(true)) = \(mean(false)), a point that both classes share"
  }
}

/// A number of at most four digits.
func shortText(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  if value == value.rounded() { return "\(Int(value))" }
  guard abs(value) >= 1e-4 else { return "\(value)" }
  var digits = 1.0
  while abs(value) * digits < 1000 { digits *= 10 }
  let short = (value * digits).rounded() / digits
  return short == short.rounded() ? "\(Int(short))" : "\(short)"
}
