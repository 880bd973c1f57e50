import Backprop

/// A table of numbers that meets a network of which the training data were no table: its columns
/// are found by the names of the network's features.
struct NumberTable {
  private let path: String
  private let table: Table
  private let featureNames: [String]
  private let featureCount: Int
  private let outputs: TrainedModel.Outputs

  /// Reads a table for a network.
  init(_ path: String, hasHeader: Bool?, for model: TrainedModel) throws {
    try self.init(
      path, hasHeader: hasHeader, featureNames: model.featureNames,
      featureCount: model.inputShape.count, outputs: model.outputs)
  }

  /// Reads a table of the kind of other rows.
  init(_ path: String, hasHeader: Bool?, like data: Dataset) throws {
    let outputs: TrainedModel.Outputs =
      switch data.targets {
      case .classes(_, let names): .classes(names)
      case .values(_, let names): .values(names)
      }
    try self.init(
      path, hasHeader: hasHeader, featureNames: data.featureNames,
      featureCount: data.inputShape.count, outputs: outputs)
  }

  private init(
    _ path: String, hasHeader: Bool?, featureNames: [String], featureCount: Int,
    outputs: TrainedModel.Outputs
  ) throws {
    self.path = path
    table = try Table.read(path, hasHeader: hasHeader)
    self.featureNames = featureNames.count == featureCount ? featureNames : []
    self.featureCount = featureCount
    self.outputs = outputs
  }

  /// The rows.
  ///
  /// Columns are taken by name where one of the names is a feature's; else by their places, where
  /// there are as many as features, with or without the target.
  ///
  /// - Parameters:
  ///   - target: The column of the answers; nil: the one that is left.
  ///   - needsTargets: Whether the answers are read.
  ///   - note: Takes a remark for the user.
  func rows(
    target: String?, needsTargets: Bool, note: (String) -> Void
  ) throws -> Dataset {
    var named: Int?
    if let target {
      guard let place = table.columnNames.firstIndex(of: target) else {
        throw CommandError(
          "\(path): found no column \"\(target)\"; expected one of \(listed(table.columnNames))")
      }
      named = place
    }
    let (places, rest) = try featurePlaces(target: named, note: note)
    let width = places.count
    var values: [Double] = []
    values.reserveCapacity(table.rowCount * width)
    for row in 0..<table.rowCount {
      for place in places { values.append(try number(row, place)) }
    }
    return Dataset(
      name: path, features: Tensor(values, shape: [table.rowCount, width]),
      targets: needsTargets
        ? try targets(in: try named.map { [$0] } ?? targetPlaces(among: rest))
        : .values(Tensor(.float64([]), shape: [table.rowCount, 0]), names: []),
      featureNames: featureNames)
  }

  /// Where the features stand, and the columns that are none.
  private func featurePlaces(
    target: Int?, note: (String) -> Void
  ) throws -> (features: [Int], others: [Int]) {
    let names = table.columnNames
    if table.hasHeader, featureNames.contains(where: names.contains) {
      let places = try featureNames.map { name in
        guard let place = names.firstIndex(of: name) else {
          throw CommandError(
            "\(path): found the columns \(listed(names)); expected a column \"\(name)\", "
              + "as in the training data")
        }
        guard place != target else {
          throw UsageError("--target: \"\(name)\" is a feature of the network")
        }
        return place
      }
      return (places, names.indices.filter { !places.contains($0) })
    }
    var places = Array(names.indices)
    let other = target ?? (places.count == featureCount + 1 ? names.count - 1 : nil)
    if let other { places.remove(at: other) }
    guard places.count == featureCount else {
      throw CommandError(
        "\(path): found \(counted(places.count, "column")), "
          + "the model expects \(counted(featureCount, "feature"))")
    }
    if table.hasHeader, !featureNames.isEmpty {
      note(
        "\(path): no column has the name of a feature (\(listed(featureNames))); "
          + "the columns are taken in their order")
    }
    return (places, other.map { [$0] } ?? [])
  }

  /// The columns of the answers: by the values' names, or the only one that is no feature.
  private func targetPlaces(among rest: [Int]) throws -> [Int] {
    if case .values(let names) = outputs {
      let places = names.compactMap { name in rest.first { table.columnNames[$0] == name } }
      if places.count == names.count { return places }
      if names.count > 1 {
        throw CommandError(
          "\(path): found the columns \(listed(table.columnNames)); expected the targets "
            + listed(names))
      }
    }
    guard let place = rest.first else {
      throw CommandError("\(path): found features alone; expected targets to compare with")
    }
    guard rest.count == 1 else {
      throw CommandError(
        "\(path): found the columns \(listed(rest.map { table.columnNames[$0] })) beside the "
          + "features; expected --target to name the one of the targets")
    }
    return [place]
  }

  private func targets(in places: [Int]) throws -> Dataset.Targets {
    switch outputs {
    case .values(let names):
      var values: [Double] = []
      for row in 0..<table.rowCount {
        for place in places { values.append(try number(row, place)) }
      }
      return .values(Tensor(values, shape: [table.rowCount, places.count]), names: names)
    case .classes(let names):
      let numbers = Dictionary(
        names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
      let labels = try (0..<table.rowCount).map { row in
        let text = table.text(row: row, column: places[0])
        // Classes that are numbers may be written as 1 or 1.0.
        let other = table.number(row: row, column: places[0]).map { exact($0) }
        guard let number = numbers[text] ?? other.flatMap({ numbers[$0] }) else {
          throw wrong(row, places[0], expected: "one of the classes \(listed(names))")
        }
        return number
      }
      return .classes(Tensor(labels), names: names)
    }
  }

  private func number(_ row: Int, _ place: Int) throws -> Double {
    guard let value = table.number(row: row, column: place) else {
      throw wrong(row, place, expected: "a finite number")
    }
    return value
  }

  private func wrong(_ row: Int, _ place: Int, expected: String) -> CommandError {
    CommandError(
      "\(path), line \(table.line(ofRow: row)), column \"\(table.columnNames[place])\": "
        + "found \"\(table.text(row: row, column: place))\"; expected \(expected)")
  }
}
