import Backprop
import Foundation

/// What is to be said of data.
struct DataInformation {
  /// One column or feature.
  private struct Column {
    var name: String
    var kind: String
    var low: Double?
    var high: Double?
    var missing = 0
    var notes = ""
  }

  /// The most lines of the table of columns.
  private static let shownColumns = 80

  private let path: String
  private let source: DatasetSource
  private let columnTable: [Column]

  /// Reads the data.
  ///
  /// - Throws: `DatasetError`, as training would.
  init(_ path: String, _ options: ReadOptions) throws {
    self.path = path
    source = try Dataset.read(path, options: options)
    columnTable =
      if let form = source.train.form {
        [Self.described(source.train, form)]
      } else if let encoder = source.encoder {
        Self.described(try Table.read(path, hasHeader: options.hasHeader), encoder)
      } else {
        Self.described(source.train)
      }
  }

  private static func described(_ table: Table, _ encoder: TableEncoder) -> [Column] {
    let categorical = encoder.columns.filter {
      if case .categories = $0.kind { true } else { false }
    }
    let names = Set(categorical.map(\.name))
    return (0..<table.columnCount).map { place in
      var column = Column(name: table.columnNames[place], kind: "number")
      var texts: Set<String> = []
      for row in 0..<table.rowCount {
        switch table.cell(row: row, column: place) {
        case .missing: column.missing += 1
        case .number(let value):
          column.low = min(column.low ?? value, value)
          column.high = max(column.high ?? value, value)
        case .notFinite, .text: break
        }
        if texts.count < 1000 { texts.insert(table.text(row: row, column: place)) }
      }
      if names.contains(column.name) { column.kind = "category" }
      if encoder.ignored.contains(column.name) { column.kind = "left out" }
      if let target = encoder.target, column.name == target.name {
        column.kind = if case .values = target.kind { "target" } else { "target, class" }
      }
      let isText = column.low == nil
      if isText || column.kind == "category" { column.notes = listed(texts.sorted(), most: 5) }
      return column
    }
  }

  private static func described(_ data: Dataset, _ form: RowForm) -> Column {
    switch form {
    case .text(let context, let stride):
      var column = Column(name: "character number", kind: "text, target", low: 0)
      column.high = Double(data.classNames.count - 1)
      column.notes = "rows of \(context), \(stride) apart"
      return column
    case .series(let name, let window, let horizon):
      let values = data.features.doubles + data.targets.tensor.doubles
      var column = Column(name: name, kind: "series, target", low: values.min(), high: values.max())
      column.notes = "rows of \(window), the target \(counted(horizon, "step")) after"
      return column
    }
  }

  private static func described(_ data: Dataset) -> [Column] {
    guard data.inputShape.rank == 1 else {
      let values = data.features.doubles
      return [
        Column(
          name: "image \(data.inputShape)", kind: "numbers", low: values.min(), high: values.max())
      ]
    }
    let (values, width) = (data.features.doubles, data.inputShape.count)
    return (0..<width).map { place in
      let name = place < data.featureNames.count ? data.featureNames[place] : "x\(place + 1)"
      let column = stride(from: place, to: values.count, by: width).lazy.map { values[$0] }
      return Column(name: name, kind: "number", low: column.min(), high: column.max())
    }
  }

  /// Everything, in words and tables.
  var text: String {
    let data = source.train
    var lines = [["data", "\(data.name): \(counted(data.count, "row"))"]]
    if let test = source.test { lines[0][1] += ", and \(test.count.grouped) to test on" }
    lines.append(["", "\(counted(data.inputShape.count, "feature")) of shape \(data.inputShape)"])
    if !data.source.isEmpty { lines.append(["source", data.source]) }
    if !data.attribution.isEmpty { lines.append(["", data.attribution]) }
    var rows = [["column", "kind", "lowest", "highest", "missing", ""]]
    rows += columnTable.prefix(Self.shownColumns).map { column in
      [
        column.name, column.kind, column.low.map(short) ?? "", column.high.map(short) ?? "",
        "\(column.missing)", column.notes,
      ]
    }
    if columnTable.count > Self.shownColumns {
      rows.append(["… and \(columnTable.count - Self.shownColumns) more"])
    }
    var text = alignedTable(lines) + "\n\n" + alignedTable(rows, numbers: [2, 3, 4])
    switch data.targets {
    case .classes(_, let names):
      let total = data.targets.tensor.count
      let shown = data.form?.shown(names) ?? names
      let counts = zip(shown, data.classCounts).map { name, count in
        [name, count.grouped, "\(fixed(100 * Double(count) / Double(max(1, total)), 1)) %"]
      }
      let heads = data.form == nil ? ["class", "rows", "share"] : ["character", "times", "share"]
      text += "\n\n" + alignedTable([heads] + counts, numbers: [1, 2])
    case .values(let values, let names) where !names.isEmpty:
      let all = values.doubles
      let rows = names.indices.map { place in
        let column = stride(from: place, to: all.count, by: names.count).map { all[$0] }
        let mean = column.reduce(0, +) / Double(max(1, column.count))
        return [names[place], short(column.min() ?? 0), short(mean), short(column.max() ?? 0)]
      }
      text +=
        "\n\n"
        + alignedTable([["target", "lowest", "mean", "highest"]] + rows, numbers: [1, 2, 3])
    case .values: text += "\n\nno targets"
    }
    return text
  }

  /// Everything, for programs.
  var json: JSON {
    let data = source.train
    var members: [(String, JSON)] = [
      ("path", .string(path)), ("kind", "data"), ("name", .string(data.name)),
      ("rows", .integer(data.count)), ("testRows", .integer(source.test?.count)),
      ("inputShape", .array(data.inputShape.dimensions.map { .integer($0) })),
      ("source", .string(data.source)), ("attribution", .string(data.attribution)),
    ]
    if let form = data.form { members.append(("form", .string(form.words))) }
    members.append(
      (
        "columns",
        .array(
          columnTable.map { column in
            .object([
              ("name", .string(column.name)), ("kind", .string(column.kind)),
              ("lowest", .number(column.low)), ("highest", .number(column.high)),
              ("missing", .integer(column.missing)),
            ])
          })
      ))
    switch data.targets {
    case .classes(_, let names):
      members.append(
        (
          "classes",
          .object(zip(names, data.classCounts).map { ($0, .integer($1)) })
        ))
    case .values(_, let names): members.append(("values", .strings(names)))
    }
    return .object(members)
  }
}
