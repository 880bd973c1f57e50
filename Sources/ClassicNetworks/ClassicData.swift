import Datasets
import Execution
import Tensors
import Training

/// What networks ask of their data, with words where it is not so.
extension Dataset {
  /// The features as one matrix, a row each.
  ///
  /// - Throws: `TrainingError` where there are fewer rows than asked for, no column, or a number that
  ///   is not finite.
  func matrix(for kind: String, least: Int = 1) throws -> Matrix {
    let columns = inputShape.count
    guard count >= least, columns >= 1 else {
      throw TrainingError.data(
        "\(name): found \(count) row\(count == 1 ? "" : "s") of \(columns) number"
          + "\(columns == 1 ? "" : "s"), \(kind) expects \(least) or more with at least one number")
    }
    let matrix = Matrix(rows: count, columns: columns, features.wide)
    if let place = matrix.values.firstIndex(where: { !$0.isFinite }) {
      throw TrainingError.data(
        "\(name), row \(rowNumber(place / columns)): found \(matrix.values[place]), expected finite "
          + "numbers")
    }
    return matrix
  }

  /// The number of a row in its source, from 1.
  func rowNumber(_ row: Int) -> Int { rowNumbers?[row] ?? row + 1 }

  /// The class of each row and the classes' names.
  ///
  /// - Throws: `TrainingError` where the targets are no classes, one for a row.
  func labels(for kind: String, least: Int = 2) throws -> (labels: [Int], names: [String]) {
    guard case .classes(let labels, let names) = targets, labels.shape.rank == 1 else {
      throw TrainingError.data("\(name): found no classes, \(kind) expects a class for each row")
    }
    let used = Set(labels.integers)
    guard used.count >= least else {
      throw TrainingError.data(
        "\(name): found rows of \(used.count) class\(used.count == 1 ? "" : "es"), \(kind) expects "
          + "\(least) or more")
    }
    return (labels.integers, names)
  }

  /// The rows with a class each where their one target is 0 or 1 in all of them, as in the built-in
  /// `xor`; else as they are.
  var asClasses: Dataset {
    guard case .values(let values, _) = targets, values.shape.dimensions == [count, 1],
      case let numbers = values.doubles, numbers.allSatisfy({ $0 == 0 || $0 == 1 })
    else { return self }
    var rows = self
    rows.targets = .classes(Tensor(numbers.map { Int32($0) }), names: ["0", "1"])
    return rows
  }

  /// The targets as numbers, a row each: the values themselves, or 1 for a row's class and 0 for others.
  ///
  /// - Throws: `TrainingError` where there is nothing to learn.
  package func targetMatrix(for kind: String) throws -> Matrix {
    switch targets {
    case .values(let values, _):
      guard hasTargets, values.isFinite else {
        throw TrainingError.data("\(name): found no targets, \(kind) expects finite ones")
      }
      return Matrix(rows: count, columns: values.shape.count / max(count, 1), values.doubles)
    case .classes:
      let (labels, names) = try labels(for: kind)
      var matrix = Matrix(rows: count, columns: names.count)
      for (row, label) in labels.enumerated() { matrix[row, label] = 1 }
      return matrix
    }
  }

  /// A sentence for each column that is the same in all rows, or one for all of them.
  func constantColumns(_ matrix: Matrix) -> [String] {
    let constant = (0..<matrix.columns).filter { column in
      (1..<max(matrix.rows, 1)).allSatisfy { matrix[$0, column] == matrix[0, column] }
    }
    guard !constant.isEmpty else { return [] }
    let names = constant.map { $0 < featureNames.count ? featureNames[$0] : "\($0 + 1)" }
    let list = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    return [
      names.count == 1
        ? "column \(list) has the same value in all rows: nothing can be learned from it"
        : "\(names.count) columns have the same value in all rows (\(list)): nothing can be learned "
          + "from them"
    ]
  }
}

extension Tensor {
  /// All numbers as Float64; many of them in large pages, which take less time to get.
  fileprivate var wide: [Double] {
    guard case .float32(let values) = storage else { return doubles }
    return [Double](unsafeUninitializedCapacity: values.count) { wide, count in
      askForLargePages(UnsafeMutableRawBufferPointer(wide))
      values.withUnsafeBufferPointer { values in
        forEachPart(of: values.count, least: 1 << 20) { part in
          for place in part { wide[place] = Double(values[place]) }
        }
      }
      count = values.count
    }
  }

  /// Rows to be answered, as one matrix.
  ///
  /// - Throws: `TrainingError` where the rows have another size, or a number is not finite.
  func matrix(for kind: String, columns: Int) throws -> Matrix {
    guard shape.rank >= 1, columns > 0, shape.count == shape[0] * columns else {
      throw TrainingError.data(
        "the rows have shape \(shape), this \(kind) expects \(columns) number"
          + "\(columns == 1 ? "" : "s") in each")
    }
    guard isFinite else {
      throw TrainingError.data("the rows hold a number that is not finite, \(kind) expects none")
    }
    return Matrix(rows: shape[0], columns: columns, wide)
  }
}

extension ClassicNetwork {
  /// Refuses settings that make no sense.
  ///
  /// - Throws: `TrainingError`, with the kind.
  func check() throws {
    if let problem { throw TrainingError.data("\(Self.kind): \(problem)") }
  }
}

extension [String: Tensor] {
  /// A tensor that a file must hold, in Float64.
  ///
  /// - Throws: `TrainingError` where it is missing, has another shape, or holds a number that is not
  ///   finite.
  func matrix(_ name: String, _ rows: Int? = nil, _ columns: Int? = nil) throws -> Matrix {
    guard let tensor = self[name] else { throw TrainingError.data("\(name) is missing") }
    let shape = tensor.shape
    guard shape.rank == 2, rows ?? shape[0] == shape[0], columns ?? shape[1] == shape[1] else {
      let expected =
        "[\(rows.map(String.init) ?? "rows"), \(columns.map(String.init) ?? "columns")]"
      throw TrainingError.data("\(name) has shape \(shape), expected \(expected)")
    }
    guard tensor.isFinite else {
      throw TrainingError.data("\(name) holds a number that is not finite")
    }
    return Matrix(rows: shape[0], columns: shape[1], tensor.doubles)
  }
}
