import Tensors

extension TableEncoder {
  /// The most categories of a column, and classes of a target.
  static let categoryLimit = 1000

  /// Learns how to encode a table.
  ///
  /// Whether a column holds numbers is found over the whole table; means and categories are
  /// learned from `trainingRows` alone. The classes are those of the whole table, so that a rare
  /// one has its number wherever its rows have gone.
  ///
  /// - Parameters:
  ///   - trainingRows: the rows to learn from; nil: all.
  ///   - options: the target's name and what is said of the columns.
  /// - Throws: `DatasetError` for an unknown column name, text or NaN among numbers, a target
  ///   with a single class, a column of nothing, or one with a text of its own in every row.
  public static func learn(
    from table: Table, trainingRows: [Int]? = nil, options: ReadOptions = ReadOptions()
  ) throws -> TableEncoder {
    let rows = trainingRows ?? Array(0..<table.rowCount)
    let targetPlace = options.hasTarget ? try place(of: options.target, in: table) : nil
    let categorical = Set(try options.categorical.map { try place(of: $0, in: table) })
    let ignored = Set(try options.ignored.map { try place(of: $0, in: table) })
    if let targetPlace, ignored.contains(targetPlace) {
      throw DatasetError(
        at: table.name, found: "the target \"\(table.columnNames[targetPlace])\" left out",
        expected: "a target that is not among the columns to leave out")
    }
    var columns: [Column] = []
    for place in 0..<table.columnCount where place != targetPlace && !ignored.contains(place) {
      let isNumeric =
        try !categorical.contains(place)
        && table.isNumeric(
          column: place,
          hint: "if they are categories: --categorical \(word(table.columnNames[place])); "
            + "to leave them out: --ignore \(word(table.columnNames[place]))")
      columns.append(
        Column(
          name: table.columnNames[place], position: place,
          kind: isNumeric
            ? try numberKind(table, place, rows) : try categoryKind(table, place, rows)))
    }
    guard !columns.isEmpty else {
      throw DatasetError(
        at: table.name,
        found: targetPlace == nil ? "no column" : "no column besides the target",
        expected: "at least one column of features")
    }
    return TableEncoder(
      columns: columns, target: try targetPlace.map { try target(table, $0, options) },
      hasHeader: table.hasHeader, ignored: ignored.sorted().map { table.columnNames[$0] },
      fileColumnCount: table.columnCount, rowCount: rows.count)
  }

  /// The place of a column by name, or by number in a table without header; nil: the last.
  private static func place(of name: String?, in table: Table) throws -> Int {
    guard let name else { return table.columnCount - 1 }
    if let place = table.columnNames.firstIndex(of: name) { return place }
    if !table.hasHeader, let number = Int(name), (1...table.columnCount).contains(number) {
      return number - 1
    }
    let hint = nearestName(to: name, in: table.columnNames).map { " – \"\($0)\"?" } ?? ""
    throw DatasetError(
      at: table.name, found: "no column \(quoted(name))",
      expected: "one of \(shortList(table.columnNames))\(hint)")
  }

  /// A column's name as one word of a command line.
  static func word(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "-"), 0x80...:
        true
      default: false
      }
    }
    return isPlain ? name : "'\(name)'"
  }

  private static func numberKind(_ table: Table, _ place: Int, _ rows: [Int]) throws -> Kind {
    var sum = 0.0
    var count = 0
    for row in rows {
      guard let value = try table.finiteNumber(row: row, column: place) else { continue }
      sum += value
      count += 1
    }
    guard count > 0 else { throw emptyColumn(table, place) }
    var mean = sum / Double(count)
    if !mean.isFinite { mean = 0 }
    return .number(mean: mean, missing: rows.count - count)
  }

  private static func categoryKind(_ table: Table, _ place: Int, _ rows: [Int]) throws -> Kind {
    var categories: Set<String> = []
    var filled = 0
    for row in rows where table.cell(row: row, column: place) != .missing {
      categories.insert(table.categoryText(row: row, column: place))
      filled += 1
    }
    guard filled > 0 else { throw emptyColumn(table, place) }
    guard categories.count <= categoryLimit && !(filled >= 20 && categories.count == filled) else {
      throw DatasetError(
        at: "\(table.name), column \"\(table.columnNames[place])\"",
        found: "\(categories.count) different texts in \(filled) rows",
        expected:
          "categories that repeat, or --ignore \(word(table.columnNames[place])) where they are "
          + "names or numbers of the rows")
    }
    return .categories(categories.sorted())
  }

  private static func emptyColumn(_ table: Table, _ place: Int) -> DatasetError {
    DatasetError(
      at: "\(table.name), column \"\(table.columnNames[place])\"",
      found: "nothing but missing cells in the training rows",
      expected: "at least one value, or --ignore \(word(table.columnNames[place]))")
  }

  private static func target(
    _ table: Table, _ place: Int, _ options: ReadOptions
  ) throws -> Target {
    let isText =
      try options.targetKind == .classes
      ? false
      : !table.isNumeric(column: place, hint: "if they are classes: --targets classes")
    let name = table.columnNames[place]
    if options.targetKind == .values || (options.targetKind == .automatic && !isText) {
      for row in 0..<table.rowCount { _ = try table.finiteNumber(row: row, column: place) }
      return Target(name: name, position: place, kind: .values)
    }
    let cells = (0..<table.rowCount).map { table.cell(row: $0, column: place) }
    let areNumbers = !cells.contains(.text)
    var names: Set<String> = []
    for row in 0..<table.rowCount where cells[row] != .missing {
      names.insert(
        areNumbers
          ? try table.wholeNumberText(row: row, column: place)
          : table.text(row: row, column: place))
    }
    let location = "\(table.name), column \"\(name)\""
    guard names.count >= 2 else {
      throw DatasetError(
        at: location, found: "only the class \(shortList(Array(names)))",
        expected: "at least two classes")
    }
    guard names.count <= categoryLimit else {
      throw DatasetError(
        at: location, found: "\(names.count) classes", expected: "at most \(categoryLimit)")
    }
    let sorted =
      areNumbers ? names.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) } : names.sorted()
    return Target(name: name, position: place, kind: .classes(sorted, areNumbers: areNumbers))
  }
}
