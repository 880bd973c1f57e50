import Foundation
import Tensors

/// How the columns of a table become numbers: learned from the training rows alone, stored with
/// the model, and applied to every table thereafter.
///
/// - A column of numbers gives one feature; a missing cell becomes the training rows' mean.
/// - A column of text gives one feature per category of the training rows: 1 for its own, 0 for
///   the others (one-hot); a missing cell gives all zeros.
/// - The target column gives classes or values.
public struct TableEncoder: Codable, Hashable, Sendable {
  /// How one column becomes features.
  public enum Kind: Hashable, Sendable {
    /// A number as it is. `missing` of the training rows had none and got the mean.
    case number(mean: Double, missing: Int)
    /// One feature per category, in sorted order.
    case categories([String])
  }

  /// A column of features.
  public struct Column: Codable, Hashable, Sendable {
    /// The column's name in the header.
    public var name: String
    /// Its place in the training file, counted from 0.
    public var position: Int
    /// How it becomes features.
    public var kind: Kind

    /// The names of its features: `size`, or `color=red`, `color=blue`.
    public var featureNames: [String] {
      switch kind {
      case .number: [name]
      case .categories(let categories): categories.map { "\(name)=\($0)" }
      }
    }
  }

  /// How the target column becomes targets.
  public enum TargetKind: Hashable, Sendable {
    /// Class numbers, by these names. Where `areNumbers`, cells are compared as whole numbers.
    case classes([String], areNumbers: Bool)
    /// Numbers as they are.
    case values
  }

  /// The target column.
  public struct Target: Codable, Hashable, Sendable {
    /// The column's name in the header.
    public var name: String
    /// Its place in the training file, counted from 0.
    public var position: Int
    /// What its cells mean.
    public var kind: TargetKind
  }

  /// What becomes of a category that no training row has.
  public enum UnknownCategory: Sendable {
    /// An error that names it.
    case refused
    /// All zeros, as for a missing cell: for rows held back from training.
    case zeros
  }

  /// The columns of features, in the training file's order.
  public var columns: [Column]
  /// The target column; nil where all columns are features.
  public var target: Target?
  /// Whether columns are found by their names, or by their places.
  public var hasHeader: Bool
  /// The names of columns that are left out.
  public var ignored: [String]
  /// The number of columns of the training file.
  public var fileColumnCount: Int
  /// The number of rows that means and categories were learned from.
  public var rowCount: Int

  /// The names of all features, in their order.
  public var featureNames: [String] { columns.flatMap(\.featureNames) }

  /// The names of the classes; empty where the targets are values.
  public var classNames: [String] {
    if case .classes(let names, _)? = target?.kind { names } else { [] }
  }

  /// Notes on what was learned, one line each: cells that were filled in, and columns whose
  /// categories number more than half of the rows.
  public var notes: [String] {
    columns.compactMap { column in
      switch column.kind {
      case .number(let mean, let missing):
        if missing == 0 { return nil }
        let cells = missing == 1 ? "1 missing cell" : "\(missing) missing cells"
        let shown = String(format: "%.4g", mean)
        return "column \"\(column.name)\": \(cells) filled with the training mean \(shown)"
      case .categories(let names):
        // In a handful of rows even good categories hardly repeat.
        if rowCount < 10 || 2 * names.count <= rowCount { return nil }
        return "column \"\(column.name)\": \(names.count) categories in \(rowCount) training rows; "
          + "leave it out with --ignore \(Self.word(column.name)) where it names the rows"
      }
    }
  }
}

// MARK: - Encoding

extension TableEncoder {
  /// The features of a table's rows, Float64 of shape `[rows, featureNames.count]`.
  ///
  /// With a header, columns are found by name and may stand in any order; without one, by place.
  /// The target column may be absent.
  ///
  /// - Parameter rows: the rows to encode; nil: all.
  /// - Throws: `DatasetError` for a missing or an additional column, text or NaN in a column of
  ///   numbers, and an unknown category.
  public func features(
    of table: Table, rows: [Int]? = nil, unknown: UnknownCategory = .refused
  ) throws -> Tensor {
    let rows = rows ?? Array(0..<table.rowCount)
    let places = try positions(in: table).features
    let width = featureNames.count
    var values = [Double](repeating: 0, count: rows.count * width)
    var start = 0
    for (column, place) in zip(columns, places) {
      switch column.kind {
      case .number(let mean, _):
        for (index, row) in rows.enumerated() {
          values[index * width + start] =
            try table.finiteNumber(row: row, column: place) ?? mean
        }
      case .categories(let categories):
        let numbers = Dictionary(
          categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, row) in rows.enumerated() {
          if table.cell(row: row, column: place) == .missing { continue }
          let text = table.categoryText(row: row, column: place)
          if let number = numbers[text] {
            values[index * width + start + number] = 1
          } else if unknown == .refused {
            throw unknownText(text, among: categories, at: table.location(row: row, column: place))
          }
        }
      }
      start += column.featureNames.count
    }
    return Tensor(values, shape: [rows.count, width])
  }

  /// The targets of a table's rows, or nil where it has no target column.
  ///
  /// - Parameter rows: the rows to encode; nil: all.
  /// - Throws: `DatasetError` for a missing cell, an unknown class, or text where numbers are
  ///   expected.
  public func targets(of table: Table, rows: [Int]? = nil) throws -> Dataset.Targets? {
    guard let target, let place = try positions(in: table).target else { return nil }
    let rows = rows ?? Array(0..<table.rowCount)
    func failIfMissing(_ row: Int) throws {
      guard table.cell(row: row, column: place) != .missing else {
        throw DatasetError(
          at: table.location(row: row, column: place), found: "no target",
          expected: "a target in every row")
      }
    }
    switch target.kind {
    case .values:
      let values = try rows.map { row in
        try failIfMissing(row)
        return try table.finiteNumber(row: row, column: place) ?? 0
      }
      return .values(Tensor(values, shape: [rows.count, 1]), names: [target.name])
    case .classes(let names, let areNumbers):
      let numbers = Dictionary(
        names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
      let labels = try rows.map { row in
        try failIfMissing(row)
        let text =
          areNumbers
          ? try table.wholeNumberText(row: row, column: place)
          : table.text(row: row, column: place)
        guard let number = numbers[text] else {
          throw unknownText(text, among: names, at: table.location(row: row, column: place))
        }
        return number
      }
      return .classes(Tensor(labels), names: names)
    }
  }

  /// A dataset of a table's rows; without targets where the table has no target column.
  ///
  /// - Throws: see `features(of:rows:unknown:)` and `targets(of:rows:)`.
  public func dataset(
    of table: Table, rows: [Int]? = nil, unknown: UnknownCategory = .refused
  ) throws -> Dataset {
    let features = try features(of: table, rows: rows, unknown: unknown)
    let targets = try targets(of: table, rows: rows)
    var dataset = Dataset(
      name: table.name, features: features,
      targets: targets ?? .absent(rows: features.shape[0]), featureNames: featureNames,
      source: table.name)
    dataset.rowNumbers = rows?.map { $0 + 1 }
    return dataset
  }

  private func unknownText(
    _ text: String, among names: [String], at location: String
  ) -> DatasetError {
    let hint = nearestName(to: text, in: names).map { " – \"\($0)\"?" } ?? ""
    return DatasetError(
      at: location, found: "the unknown category \(quoted(text))",
      expected: "one of the training rows' \(names.count): \(shortList(names))\(hint)")
  }

  /// Where in a table each column of features and the target stand.
  private func positions(in table: Table) throws -> (features: [Int], target: Int?) {
    guard hasHeader && table.hasHeader else { return try positionsByPlace(in: table) }
    let places = Dictionary(
      table.columnNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let features = try columns.map { column in
      guard let place = places[column.name] else {
        throw DatasetError(
          at: table.name, found: "the columns \(shortList(table.columnNames))",
          expected: "a column \"\(column.name)\", as in the training data")
      }
      return place
    }
    let known = Set(columns.map(\.name) + ignored + [target?.name].compactMap { $0 })
    if let more = table.columnNames.first(where: { !known.contains($0) }) {
      throw DatasetError(
        at: table.name, found: "the additional column \"\(more)\"",
        expected: "only the \(columns.count) that the model was trained on: "
          + shortList(columns.map(\.name)))
    }
    return (features, target.flatMap { places[$0.name] })
  }

  private func positionsByPlace(in table: Table) throws -> (features: [Int], target: Int?) {
    if table.columnCount == fileColumnCount {
      return (columns.map(\.position), target?.position)
    }
    guard let target else {
      throw DatasetError(
        at: table.name, found: "\(table.columnCount) columns",
        expected: "\(fileColumnCount) (\(shortList(columns.map(\.name))))")
    }
    if table.columnCount == fileColumnCount - 1 {
      // Without the target, what stood behind it moves up.
      return (columns.map { $0.position > target.position ? $0.position - 1 : $0.position }, nil)
    }
    throw DatasetError(
      at: table.name, found: "\(table.columnCount) columns",
      expected: "\(fileColumnCount - 1) (\(shortList(columns.map(\.name)))), "
        + "or \(fileColumnCount) with the target \"\(target.name)\"")
  }
}
