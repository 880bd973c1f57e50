import Foundation
import Tensors
import Training

/// Prototypes and their classes.
struct Codebook {
  var matrix: Matrix
  let classes: [Int]

  /// - Throws: `TrainingError` where a prototype has no class.
  init(_ matrix: Matrix, classes: [Int], classCount: Int) throws {
    guard matrix.rows >= 1, classes.count == matrix.rows,
      classes.allSatisfy({ (0..<classCount).contains($0) })
    else {
      throw TrainingError.data(
        "found \(matrix.rows) prototypes and classes \(classes.prefix(5)), expected one of "
          + "\(classCount) classes for each")
    }
    (self.matrix, self.classes) = (matrix, classes)
  }

  /// - Precondition: A class for each prototype.
  init(_ matrix: Matrix, classes: [Int]) {
    precondition(matrix.rows == classes.count)
    (self.matrix, self.classes) = (matrix, classes)
  }

  /// d of all prototypes.
  func squaredDistances(_ rows: Matrix, _ row: Int) -> [Double] {
    classes.indices.map { matrix.squaredDistance($0, rows, row) }
  }

  /// The nearest prototype of those that are asked for, the first of several.
  func nearest(_ squared: [Double], where isWanted: (Int) -> Bool) -> Int? {
    var best: Int?
    for place in squared.indices where isWanted(place) {
      if let known = best, !(squared[place] < squared[known]) { continue }
      best = place
    }
    return best
  }

  /// m ← m + s (x − m).
  mutating func move(_ prototype: Int, by share: Double, towards rows: Matrix, _ row: Int) {
    let (own, start) = (prototype * matrix.columns, row * matrix.columns)
    for column in 0..<matrix.columns {
      matrix.values[own + column] +=
        share * (rows.values[start + column] - matrix.values[own + column])
    }
  }
}

extension LearningVectorQuantization {
  /// α at the start.
  func rate(for rows: Matrix) -> Double {
    guard learningRate == 0 else { return learningRate }
    guard rule == .glvq else { return 0.05 }
    let mean = rows.columnMeans
    let spread = (0..<rows.rows).reduce(0) { $0 + squaredDistance(rows[row: $1], mean) }
    return 0.05 * spread / Double(rows.rows)
  }

  /// f of μ.
  func cost(_ mu: Double) -> Double {
    steepness == 0 ? mu : 1 / (1 + exp(-steepness * mu))
  }

  /// f′ of μ.
  private func slope(_ mu: Double) -> Double {
    steepness == 0 ? 1 : steepness * cost(mu) * (1 - cost(mu))
  }

  /// The nearest prototype of the row's class, the nearest of another, and their d; nil where one of
  /// them is missing or both lie on the row.
  func rivals(_ squared: [Double], _ label: Int, _ book: Codebook)
    -> (own: Int, other: Int, d1: Double, d2: Double)?
  {
    guard let own = book.nearest(squared, where: { book.classes[$0] == label }),
      let other = book.nearest(squared, where: { book.classes[$0] != label }),
      squared[own] + squared[other] > 0
    else { return nil }
    return (own, other, squared[own], squared[other])
  }

  /// Learns a row.
  ///
  /// - Returns: Whether its class was not that of the nearest prototype.
  func learn(
    _ rows: Matrix, _ row: Int, _ label: Int, rate: Double, _ book: inout Codebook
  ) -> Bool {
    let squared = book.squaredDistances(rows, row)
    let first = smallestPlace(squared)
    let isRight = book.classes[first] == label
    switch rule {
    case .lvq1: book.move(first, by: isRight ? rate : -rate, towards: rows, row)
    case .lvq21, .lvq3:
      guard let second = book.nearest(squared, where: { $0 != first }) else { break }
      let isSecondRight = book.classes[second] == label
      if isRight && isSecondRight {
        guard rule == .lvq3 else { break }
        for place in [first, second] {
          book.move(place, by: epsilon * rate, towards: rows, row)
        }
      } else if isRight || isSecondRight,
        (squared[first] / squared[second]).squareRoot() > (1 - window) / (1 + window)
      {
        book.move(isRight ? first : second, by: rate, towards: rows, row)
        book.move(isRight ? second : first, by: -rate, towards: rows, row)
      }
    case .glvq:
      guard let (own, other, d1, d2) = rivals(squared, label, book) else { break }
      let sum = d1 + d2
      let share = rate * slope((d1 - d2) / sum) / (sum * sum)
      book.move(own, by: share * d2, towards: rows, row)
      book.move(other, by: -share * d1, towards: rows, row)
    }
    return !isRight
  }

  /// The prototypes at the start.
  func start(
    _ rows: Matrix, _ labels: [Int], _ names: [String], _ random: inout RandomStream,
    _ facts: inout ClassicFacts
  ) -> Codebook {
    var (values, classes): ([Double], [Int]) = ([], [])
    for (label, name) in names.enumerated() {
      let own = labels.indices.filter { labels[$0] == label }
      let count = min(prototypes, own.count)
      if own.isEmpty {
        facts.warnings.append("class \(name) has no rows, and gets no prototypes")
        continue
      }
      if count < prototypes {
        facts.warnings.append(
          "class \(name) has \(own.count) row\(own.count == 1 ? "" : "s"), "
            + "and gets as many prototypes instead of \(prototypes)")
      }
      let part = rows.picking(own)
      let picked =
        initial == .kMeans
        ? part.means(count, &random)
        : part.picking(Array(random.permutation(own.count).prefix(count)))
      values += picked.values
      classes += [Int](repeating: label, count: count)
    }
    return Codebook(
      Matrix(rows: classes.count, columns: rows.columns, values), classes: classes)
  }
}

extension Matrix {
  /// The means of k-means: each is that of the rows nearest to it. They begin as rows, each picked with
  /// a chance in proportion to its squared distance from the nearest one so far (k-means++).
  ///
  /// Sources: S. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28
  /// (1982), doi:10.1109/TIT.1982.1056489; D. Arthur, S. Vassilvitskii, "k-means++: the advantages of
  /// careful seeding", SODA 2007.
  ///
  /// - Precondition: 1 to as many means as there are rows.
  fileprivate func means(_ count: Int, _ random: inout RandomStream) -> Matrix {
    precondition((1...max(rows, 1)).contains(count))
    var picked = [Int(random.next(upperBound: UInt64(rows)))]
    var squared = [Double](repeating: .infinity, count: rows)
    while picked.count < count {
      for row in 0..<rows {
        squared[row] = min(squared[row], squaredDistance(row, self, picked[picked.count - 1]))
      }
      var rest = random.uniform() * squared.reduce(0, +)
      // Rows that are all alike are picked in order.
      var choice = (0..<rows).first { !picked.contains($0) } ?? 0
      for row in 0..<rows where squared[row] > 0 {
        choice = row
        rest -= squared[row]
        if rest <= 0 { break }
      }
      picked.append(choice)
    }
    var means = picking(picked)
    var groups: [Int] = []
    for _ in 0..<100 {
      let nearest = NearestRows(self, to: means)
      if nearest.first == groups { break }
      groups = nearest.first
      var sums = Matrix(rows: count, columns: columns)
      var counts = [Double](repeating: 0, count: count)
      for (row, group) in groups.enumerated() {
        counts[group] += 1
        for column in 0..<columns { sums[group, column] += self[row, column] }
      }
      for group in 0..<count where counts[group] > 0 {
        for column in 0..<columns { means[group, column] = sums[group, column] / counts[group] }
      }
    }
    return means
  }
}
