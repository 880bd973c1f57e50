/// Splits the bytes of a CSV file into cells.
///
/// RFC 4180, with what real files add to it: line ends CRLF, LF or CR; a byte-order mark; a
/// semicolon or a tab for the comma; blanks around cells; blank lines, which are skipped.
struct TableParser {
  let name: String
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [UInt32] = []
  private(set) var lines: [Int] = []
  /// Cells of the first row, and so of every row.
  private(set) var width = 0

  init(name: String) { self.name = name }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Takes in the whole file.
  ///
  /// - Throws: `DatasetError` with the line of a ragged row, of a quote out of place or of
  ///   bytes that are not UTF-8.
  mutating func parse(_ input: UnsafeBufferPointer<UInt8>) throws {
    var position = input.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if input.starts(with: [0xFF, 0xFE]) || input.starts(with: [0xFE, 0xFF]) {
      throw DatasetError(at: name, found: "UTF-16 text", expected: "UTF-8 text")
    }
    if let stray = UTF8Check.firstStray(in: input) {
      let hexadecimal = String(input[stray], radix: 16, uppercase: true)
      throw DatasetError(
        at: "\(name), line \(Self.line(of: stray, in: input))",
        found: "bytes that are not UTF-8 (0x\(hexadecimal))", expected: "UTF-8 text")
    }
    let delimiter = Self.delimiter(of: input, from: position)
    bytes.reserveCapacity(input.count)
    var line = 1
    var rowLine = 1
    var cells = 0
    var cellStart = 0

    func isBlank(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && delimiter != byte)
    }

    while position < input.count {
      // One turn takes one cell and what ends it.
      while position < input.count, isBlank(input[position]) { position += 1 }
      if position < input.count, input[position] == Self.quote {
        try parseQuoted(input, &position, &line)
        while position < input.count, isBlank(input[position]) { position += 1 }
        guard position == input.count || input[position] == delimiter || isLineEnd(input[position])
        else {
          throw DatasetError(
            at: "\(name), line \(line)", found: "text after a closing quote",
            expected: "a delimiter or the end of the line (a quote within quotes is doubled)")
        }
      } else {
        while position < input.count, input[position] != delimiter, !isLineEnd(input[position]) {
          guard input[position] != 0 else {
            throw DatasetError(
              at: "\(name), line \(line)", found: "a zero byte", expected: "text, not binary data")
          }
          bytes.append(input[position])
          position += 1
        }
        while bytes.count > cellStart, let last = bytes.last, isBlank(last) { bytes.removeLast() }
      }
      let endsRow = position == input.count || isLineEnd(input[position])
      if endsRow && cells == 0 && bytes.count == cellStart && !wasQuoted {
        // A blank line is no row.
      } else {
        ends.append(UInt32(bytes.count))
        cells += 1
        if endsRow { try endRow(cells: cells, line: rowLine) }
      }
      wasQuoted = false
      cellStart = bytes.count
      if position < input.count, !endsRow {
        position += 1
        // A delimiter at the very end of the file opens one more, empty cell.
        if position == input.count {
          ends.append(UInt32(bytes.count))
          try endRow(cells: cells + 1, line: rowLine)
        }
        continue
      }
      skipLineEnd(input, &position)
      line += 1
      rowLine = line
      cells = 0
    }
  }

  /// Whether the cell just read stood in quotes: `""` alone on a line is a row.
  private var wasQuoted = false

  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == Self.lineFeed || byte == Self.carriageReturn
  }

  private func skipLineEnd(_ input: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
    guard position < input.count else { return }
    let first = input[position]
    position += 1
    if first == Self.carriageReturn, position < input.count, input[position] == Self.lineFeed {
      position += 1
    }
  }

  /// Takes in a quoted cell; `position` stands on its opening quote.
  private mutating func parseQuoted(
    _ input: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ line: inout Int
  ) throws {
    let opened = line
    position += 1
    while position < input.count {
      let byte = input[position]
      if byte == Self.quote {
        position += 1
        guard position < input.count, input[position] == Self.quote else {
          wasQuoted = true
          return
        }
      } else if byte == Self.lineFeed {
        line += 1
      }
      bytes.append(byte)
      position += 1
    }
    throw DatasetError(
      at: "\(name), line \(opened)", found: "a quote that is never closed",
      expected: "a closing quote before the end of the file")
  }

  private mutating func endRow(cells: Int, line: Int) throws {
    if lines.isEmpty { width = cells }
    guard cells == width else {
      throw DatasetError(
        at: "\(name), line \(line)", found: "\(cells) cell\(cells == 1 ? "" : "s")",
        expected: "\(width), as in line \(lines[0])")
    }
    lines.append(line)
  }

  /// The line on which a byte stands, counted from 1.
  private static func line(of place: Int, in input: UnsafeBufferPointer<UInt8>) -> Int {
    1
      + (0..<place).count { index in
        // A line ends with its line feed, or with a carriage return that none follows.
        input[index] == lineFeed || (input[index] == carriageReturn && input[index + 1] != lineFeed)
      }
  }

  /// The comma, semicolon or tab, whichever the first line that is not blank has most of.
  private static func delimiter(
    of input: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var inQuotes = false
    var seen = false
    for byte in input[min(start, input.count)...] {
      if byte == quote { inQuotes.toggle() }
      if inQuotes { continue }
      if byte == lineFeed || byte == carriageReturn {
        if seen { break }
        continue
      }
      seen = true
      if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    var best = 0
    for index in 1..<3 where counts[index] > counts[best] { best = index }
    return candidates[best]
  }
}
