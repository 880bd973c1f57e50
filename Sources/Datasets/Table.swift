import Tensors

/// A table of text cells as its CSV file holds them, not yet turned into numbers.
///
/// Cells lie one after another in one block of bytes, so that a file of a million rows does not
/// become a million times so many strings.
public struct Table: Sendable {
  /// The file's name, for messages.
  public let name: String
  /// The names in the header line, or `column 1`, `column 2`, … where there is none.
  public let columnNames: [String]
  /// Whether the names come from the file.
  public let hasHeader: Bool
  /// The number of rows, without the header.
  public let rowCount: Int

  let bytes: [UInt8]
  /// Where each cell ends in `bytes`, row by row.
  let ends: [UInt32]
  /// The line of the file on which each row starts, counted from 1.
  let lines: [Int]

  /// The number of columns.
  public var columnCount: Int { columnNames.count }

  /// The text of a cell, without its quotes and the blanks around it.
  public func text(row: Int, column: Int) -> String {
    withCell(row: row, column: column) { String(decoding: $0, as: UTF8.self) }
  }

  /// The number in a cell, or nil where it holds none (or one that is not finite).
  public func number(row: Int, column: Int) -> Double? {
    if case .number(let value) = cell(row: row, column: column) { value } else { nil }
  }

  /// The line of the file on which a row starts.
  public func line(ofRow row: Int) -> Int { lines[row] }

  /// What a cell holds.
  package func cell(row: Int, column: Int) -> TableCell {
    withCell(row: row, column: column) { TableCell(parsing: $0) }
  }

  /// Where a cell stands, for messages.
  func location(row: Int, column: Int) -> String {
    "\(name), line \(lines[row]), column \"\(columnNames[column])\""
  }

  private func withCell<R>(
    row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R
  ) -> R {
    let index = row * columnCount + column
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return bytes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[start..<Int(ends[index])]))
    }
  }
}

extension Table {
  /// Reads a file of comma-, semicolon- or tab-separated values (RFC 4180).
  ///
  /// - Parameter hasHeader: whether the first line holds names; nil: it does where none of its
  ///   cells is a number.
  /// - Throws: `DatasetError` for a missing or empty file, rows of different length, quotes
  ///   out of place, or bytes that are not UTF-8.
  public static func read(_ path: String, hasHeader: Bool? = nil) throws -> Table {
    let file = try FileBytes(path: path)
    guard file.remaining < Int(UInt32.max) else {
      throw DatasetError(
        at: path, found: "\(file.remaining) bytes",
        expected: "less than 4 GiB of text; store larger tables as .npy")
    }
    let bytes = try file.readAll()
    return try Table(bytes: bytes, name: path, hasHeader: hasHeader)
  }

  /// A table from text in the form of a CSV file; see `read(_:hasHeader:)`.
  ///
  /// - Throws: `DatasetError`, naming `name` and the line.
  public init(csv text: String, name: String, hasHeader: Bool? = nil) throws {
    try self.init(bytes: Array(text.utf8), name: name, hasHeader: hasHeader)
  }

  init(bytes: [UInt8], name: String, hasHeader: Bool?) throws {
    var parser = TableParser(name: name)
    try bytes.withUnsafeBufferPointer { try parser.parse($0) }
    guard !parser.lines.isEmpty else {
      throw DatasetError(
        at: name, found: "an empty table", expected: "a header line and at least one row")
    }
    let width = parser.width
    func firstRow(_ column: Int) -> ArraySlice<UInt8> {
      parser.bytes[(column == 0 ? 0 : Int(parser.ends[column - 1]))..<Int(parser.ends[column])]
    }
    let first = (0..<width).map { String(decoding: firstRow($0), as: UTF8.self) }
    let header =
      hasHeader
      ?? (0..<width).allSatisfy { column in
        firstRow(column).withUnsafeBufferPointer {
          switch TableCell(parsing: $0) {
          case .number, .notFinite: false
          // An index column has no name.
          case .missing: $0.isEmpty && width > 1
          case .text: true
          }
        }
      }
    guard header else {
      self.init(
        name: name, columnNames: (1...width).map { "column \($0)" }, hasHeader: false,
        rowCount: parser.lines.count, bytes: parser.bytes, ends: parser.ends, lines: parser.lines)
      return
    }
    let names = first.enumerated().map { $1.isEmpty ? "column \($0 + 1)" : $1 }
    if let twice = Dictionary(grouping: names, by: { $0 }).filter({ $1.count > 1 }).keys.min() {
      throw DatasetError(
        at: "\(name), line \(parser.lines[0])", found: "the column name \"\(twice)\" twice",
        expected: "different names, or a file without a header")
    }
    guard parser.lines.count > 1 else {
      throw DatasetError(
        at: name, found: "a header without rows",
        expected: "at least one row of \(width) cells")
    }
    let start = parser.ends[width - 1]
    self.init(
      name: name, columnNames: names, hasHeader: true, rowCount: parser.lines.count - 1,
      bytes: Array(parser.bytes[Int(start)...]),
      ends: parser.ends[width...].map { $0 - start }, lines: Array(parser.lines.dropFirst()))
  }
}
