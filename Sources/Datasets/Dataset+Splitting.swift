import Tensors

extension Dataset {
  /// Two parts of the rows, the first with `fraction` of them, each in the dataset's own order.
  ///
  /// Rows are drawn at random by the seed. Where the targets are classes, each class is divided
  /// in the same proportion (stratified), and the first part has a row of every class. Rows that are
  /// stretches of one sequence (``form``) are not drawn: the first part has the first ones, and rows
  /// that share a target with it are left out of the second.
  ///
  /// - Parameter fraction: the share of the first part, in 0…1. Both parts get a row where it
  ///   lies strictly between, and there are two rows.
  public func split(fraction: Double, seed: UInt64) -> (Dataset, Dataset) {
    let (first, second) = splitIndices(fraction: fraction, seed: seed)
    return (rows(first), rows(second))
  }

  /// The training and the validation part, the second with `fraction` of the rows; see
  /// `split(fraction:seed:)`.
  public func validationSplit(
    fraction: Double, seed: UInt64
  ) -> (training: Dataset, validation: Dataset) {
    let (training, validation) = split(fraction: 1 - fraction, seed: seed)
    return (training, validation)
  }

  /// `count` pairs of training and validation parts for cross-validation: every row is in the
  /// validation part of one pair. Classes are spread evenly over the folds; of rows that are
  /// stretches of one sequence each fold is a stretch.
  ///
  /// - Precondition: `count` lies in `2...self.count`.
  public func folds(
    _ count: Int, seed: UInt64
  ) -> [(training: Dataset, validation: Dataset)] {
    let all = Array(0..<self.count)
    return foldIndices(count, seed: seed).map { held in
      let out = Set(held)
      return (rows(all.filter { !out.contains($0) }), rows(held))
    }
  }

  /// The rows of the validation parts of `folds(_:seed:)`, in ascending order.
  ///
  /// - Precondition: `count` lies in `2...self.count`.
  public func foldIndices(_ count: Int, seed: UInt64) -> [[Int]] {
    precondition(count >= 2 && count <= self.count, "\(count) folds of \(self.count) rows")
    // One running number over all groups deals the rows out like cards, so that the sizes of
    // folds differ by one at most.
    var folds = [[Int]](repeating: [], count: count)
    for (number, row) in shuffledGroups(seed: seed).joined().enumerated() {
      folds[form == nil ? number % count : row * count / self.count].append(row)
    }
    return folds.map { $0.sorted() }
  }

  /// The rows of the two parts of `split(fraction:seed:)`, in ascending order.
  public func splitIndices(fraction: Double, seed: UInt64) -> ([Int], [Int]) {
    let fraction = min(max(fraction, 0), 1)
    var total = Int((Double(count) * fraction).rounded())
    if fraction > 0 && fraction < 1 && count > 1 { total = min(max(total, 1), count - 1) }
    if let form {
      let gap = total == 0 ? 0 : min(form.overlap, max(count - total - 1, 0))
      return (Array(0..<total), Array(total + gap..<count))
    }

    let groups = shuffledGroups(seed: seed)
    let exact = groups.map { Double($0.count) * Double(total) / Double(max(count, 1)) }
    var taken = exact.map { Int($0) }
    // The largest remainders get the rows that rounding down has left over.
    let byRemainder = groups.indices.sorted {
      let (a, b) = (exact[$0] - Double(taken[$0]), exact[$1] - Double(taken[$1]))
      return a == b ? $0 < $1 : a > b
    }
    for group in byRemainder.prefix(max(total - taken.reduce(0, +), 0)) { taken[group] += 1 }
    if total > 0 {
      for group in groups.indices where !groups[group].isEmpty {
        taken[group] = max(taken[group], 1)
      }
    }

    var first: [Int] = []
    var second: [Int] = []
    for (group, count) in zip(groups, taken) {
      first += group.prefix(count)
      second += group.dropFirst(count)
    }
    return (first.sorted(), second.sorted())
  }

  /// The rows of each class (or all rows as one group), each group shuffled.
  private func shuffledGroups(seed: UInt64) -> [[Int]] {
    var random = RandomStream(seed: seed, name: "split")
    let order = random.permutation(count)
    guard case .classes(let labels, let names) = targets, labels.shape.rank == 1 else {
      return [order]
    }
    let numbers = labels.integers
    var groups = [[Int]](repeating: [], count: names.count)
    for row in order { groups[numbers[row]].append(row) }
    return groups
  }
}
