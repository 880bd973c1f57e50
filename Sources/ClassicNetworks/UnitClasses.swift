import Datasets
import Tensors
import Training

/// The classes of units that learned without any: each has that of most of the rows it answers.
struct UnitClasses {
  /// The class of each unit; −1 where it answers no row.
  let classes: [Int]
  /// The rows that each unit answers.
  let hits: [Int]

  /// - Parameters:
  ///   - units: The unit that answers each row.
  ///   - labels: The class of each row, −1 for none; nil where no row has one.
  init(units: [Int], of count: Int, labels: [Int]?, classCount: Int) {
    var hits = [Int](repeating: 0, count: count)
    for unit in units where unit >= 0 { hits[unit] += 1 }
    var classes = [Int](repeating: -1, count: count)
    if let labels, classCount > 0 {
      var votes = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: count)
      for (unit, label) in zip(units, labels) where unit >= 0 && label >= 0 {
        votes[unit][label] += 1
      }
      for unit in 0..<count where votes[unit].contains(where: { $0 > 0 }) {
        classes[unit] = largestPlace(votes[unit].map(Double.init))
      }
    }
    (self.classes, self.hits) = (classes, hits)
  }

  /// As a file holds them: a row for each unit, its class and its rows.
  var tensor: Tensor {
    Tensor(zip(classes, hits).flatMap { [Double($0), Double($1)] }, shape: [classes.count, 2])
  }

  /// What a file holds.
  ///
  /// - Throws: `TrainingError` where it makes no sense.
  init(_ tensors: [String: Tensor], units: Int, classCount: Int) throws {
    let matrix = try tensors.matrix("unit classes", units, 2)
    for value in matrix.values where value != value.rounded() || abs(value) > 1e15 {
      throw TrainingError.data("unit classes holds \(value), expected whole numbers")
    }
    classes = (0..<units).map { Int(matrix[$0, 0]) }
    hits = (0..<units).map { Int(matrix[$0, 1]) }
    guard classes.allSatisfy({ (-1..<max(classCount, 0)).contains($0) }),
      hits.allSatisfy({ $0 >= 0 })
    else {
      throw TrainingError.data("unit classes: found a class or a number of rows that cannot be")
    }
  }

  /// The class of each row; −1 where no unit has one.
  ///
  /// A row whose unit has no class has that of the nearest unit with one.
  func classes(_ rows: Matrix, units: [Int], weights: Matrix) -> [Int] {
    let known = classes.indices.filter { classes[$0] >= 0 }
    guard !known.isEmpty else { return units.map { _ in -1 } }
    let open = units.indices.filter { classes[units[$0]] < 0 }
    var found = units.map { classes[$0] }
    if !open.isEmpty {
      let nearest = NearestRows(rows.picking(open), to: weights.picking(known)).first
      for (row, place) in zip(open, nearest) { found[row] = classes[known[place]] }
    }
    return found
  }

  /// The share of rows whose class is that of their unit; nil where rows or units have none.
  func score(
    _ rows: Matrix, units: [Int], weights: Matrix, on data: Dataset, names: [String]
  ) -> ClassicFigure? {
    guard classes.contains(where: { $0 >= 0 }), case .classes(let labels, let own) = data.targets,
      labels.shape.rank == 1
    else { return nil }
    let expected = labels.integers.map { names.firstIndex(of: own[$0]) ?? -2 }
    let found = classes(rows, units: units, weights: weights)
    return ClassicFigure("accuracy by the units' classes", accuracy(found, expected))
  }
}
