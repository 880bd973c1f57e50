import Tensors

/// Numbers in the order of time.
package struct TimeSeries: Sendable {
  /// The file or the built-in set.
  package var name: String
  /// The column's name.
  package var column: String
  /// The values, the earliest first.
  package var values: [Double]
  /// The cell of each row by which its time is known – a date, a year – and what that column is
  /// called; nil where there are only values.
  package var times: (column: String, cells: [String])?
  /// The file, the formula or the publication that the values come from.
  package var source: String
  /// The authors and the license, where the source asks for them to be named; else empty.
  package var attribution = ""
  /// The scaling that suits the values, unless the user says otherwise.
  package var suggestedScaling = Scaling.Kind.standard

  /// The rows: `[window, 1]` values x₍ₜ₋window₊₁₎ … x₍ₜ₎, the target x₍ₜ₊horizon₎. A row has the number
  /// of its target's row, so that predictions are found in the table again.
  ///
  /// - Throws: `DatasetError` where the series is too short for two rows, or there is no such place
  ///   for the test to begin.
  func source(_ options: SeriesOptions) throws -> DatasetSource {
    let (window, horizon) = (options.window, options.horizon)
    for (what, size) in [("window", window), ("horizon", horizon)]
    where !(1...SeriesOptions.longest).contains(size) {
      throw DatasetError(
        at: name, found: "a \(what) of \(size)", expected: "1 to \(SeriesOptions.longest)")
    }
    let fewest = options.reachesBeyond ? window : window + horizon + 1
    guard values.count >= fewest else {
      throw DatasetError(
        at: name, found: "\(values.count) values",
        expected: "at least \(fewest), for a window of \(window)"
          + (options.reachesBeyond ? "" : " and a horizon of \(horizon)"))
    }
    let data = dataset(options)
    guard let text = options.testFrom else { return DatasetSource(train: data) }
    let first = try row(text)
    // Row r is the target of the window that ends `horizon` rows before it.
    let trained = first - window - horizon
    guard (1..<data.count).contains(trained) else {
      throw DatasetError(
        at: name, found: "a test that begins at row \(first)",
        expected: "a row from \(window + horizon + 1) to \(values.count), so that there are rows "
          + "on both sides")
    }
    return DatasetSource(
      train: data.rows(Array(0..<trained)), test: data.rows(Array(trained..<data.count)))
  }

  private func dataset(_ options: SeriesOptions) -> Dataset {
    let (window, horizon) = (options.window, options.horizon)
    let rows = values.count - window + 1 - (options.reachesBeyond ? 0 : horizon)
    let features = Tensor(shape: [rows, window, 1], type: .float64) { memory in
      let out = memory.bindMemory(to: Double.self)
      for row in 0..<rows {
        for place in 0..<window { out[row * window + place] = values[row + place] }
      }
    }
    let targets: Dataset.Targets =
      options.reachesBeyond
      ? .absent(rows: rows)
      : .values(
        Tensor(Array(values[(window + horizon - 1)...]), shape: [rows, 1]), names: [column])
    var data = Dataset(
      name: name, features: features, targets: targets,
      featureNames: (1..<max(window, 1)).reversed().map { "t−\($0)" } + ["t"], source: source,
      attribution: attribution, suggestedScaling: suggestedScaling)
    data.rowNumbers = (0..<rows).map { $0 + window + horizon }
    data.form = .series(column: column, window: window, horizon: horizon)
    return data
  }

  /// The number, from 1, of the row that a cell or a number names.
  private func row(_ text: String) throws -> Int {
    if let times, let place = times.cells.firstIndex(of: text) { return place + 1 }
    if let number = Int(text), (1...values.count).contains(number) { return number }
    throw DatasetError(
      at: name, found: "no row \(quoted(text)) for the test to begin at",
      expected: (times.map { "a cell of the column \(quoted($0.column)), or " } ?? "")
        + "the number of a row, 1 to \(values.count)")
  }
}

extension TimeSeries {
  /// The series in a column of a table. The first other column names the times.
  ///
  /// - Throws: `DatasetError` where there is no such column, or a cell holds no finite number.
  init(_ table: Table, column: String) throws {
    guard let place = table.columnNames.firstIndex(of: column) else {
      let hint = nearestName(to: column, in: table.columnNames).map { " – \"\($0)\"?" } ?? ""
      throw DatasetError(
        at: table.name, found: "no column \(quoted(column))",
        expected: "one of \(shortList(table.columnNames))\(hint)")
    }
    let values = try (0..<table.rowCount).map { row in
      guard let value = try table.finiteNumber(row: row, column: place) else {
        throw DatasetError(
          at: table.location(row: row, column: place), found: "an empty cell",
          expected: "a number: a series has no gaps")
      }
      return value
    }
    let other = table.columnNames.indices.first { $0 != place }
    self.init(
      name: table.name, column: column, values: values,
      times: other.map { other in
        (
          table.columnNames[other],
          (0..<table.rowCount).map { table.text(row: $0, column: other) }
        )
      }, source: table.name)
  }
}

extension Scaling {
  /// The same numbers for each value of a window: a series has one unit, whenever it is seen.
  static func learnForSeries(_ kind: Kind, from training: Tensor) throws -> Scaling {
    let columns = training.shape.dimensions.dropFirst().reduce(1, *)
    func spread(_ values: [Double]) -> [Double] { Array(repeating: values[0], count: columns) }
    switch try learn(kind, from: training.reshaped([training.count, 1])) {
    case .standard(let mean, let deviation):
      return .standard(mean: spread(mean), deviation: spread(deviation))
    case .minMax(let low, let high): return .minMax(low: spread(low), high: spread(high))
    case let other: return other
    }
  }
}
