import Datasets
import Tensors
import Testing

@Suite("CSV tables")
struct TableTests {
  private func cells(_ text: String, header: Bool? = nil) throws -> [[String]] {
    let table = try Table(csv: text, name: "t.csv", hasHeader: header)
    let rows = (0..<table.rowCount).map { row in
      (0..<table.columnCount).map { table.text(row: row, column: $0) }
    }
    return (table.hasHeader ? [table.columnNames] : []) + rows
  }

  @Test("quotes, doubled quotes, quoted delimiters and line ends (RFC 4180)")
  func quoting() throws {
    let text = "name,note\r\n\"Smith, J.\",\"said \"\"no\"\"\"\r\n\"two\nlines\", plain \r\n"
    #expect(
      try cells(text) == [
        ["name", "note"], ["Smith, J.", "said \"no\""], ["two\nlines", "plain"],
      ])
  }

  @Test(
    "line ends, byte-order mark, blank lines and a missing last line end do not matter",
    arguments: [
      "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r", "\u{FEFF}a,b\n\n1,2\n\n3,4\n\n",
      "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n", " a , b \n 1 , 2 \n 3 , 4 ",
    ])
  func variants(_ text: String) throws {
    #expect(try cells(text) == [["a", "b"], ["1", "2"], ["3", "4"]])
  }

  @Test("a header is found by its cells, or as told")
  func headers() throws {
    #expect(try Table(csv: "x,y\n1,2\n", name: "t").columnNames == ["x", "y"])
    #expect(try Table(csv: "1,2\n3,4\n", name: "t").columnNames == ["column 1", "column 2"])
    #expect(try Table(csv: ",x\n0,2\n", name: "t").columnNames == ["column 1", "x"])
    #expect(try Table(csv: "2019,2020\n3,4\n", name: "t", hasHeader: true).rowCount == 1)
    #expect(try Table(csv: "red,big\nblue,small\n", name: "t", hasHeader: false).rowCount == 2)
  }

  @Test("empty last cells count")
  func emptyCells() throws {
    #expect(try cells("a,b\n1,\n,\n,4") == [["a", "b"], ["1", ""], ["", ""], ["", "4"]])
    #expect(try cells("a,b\n1,2\n3,") == [["a", "b"], ["1", "2"], ["3", ""]])
  }

  @Test(
    "decimal numbers are read to the last bit",
    arguments: [
      "0", "-0.0", "1", "+7", "-12.5", ".5", "5.", "1e3", "1E-5", "0.1", "3.141592653589793",
      "123456789012345678901234567890", "2.2250738585072014e-308", "5e-324",
      "1.7976931348623157e308",
      "0.000001234567890123", "9007199254740993", "1e22", "1e23", "123456789012345e-22",
    ])
  func numbers(_ text: String) throws {
    let table = try Table(csv: "\(text),x\n", name: "t", hasHeader: false)
    let value = try #require(table.number(row: 0, column: 0))
    let expected = try #require(Double(text))
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test(
    "what is no decimal number is none",
    arguments: ["0x10", "1_000", "1,5", "e5", "1e", "--1", "."])
  func noNumbers(_ text: String) throws {
    #expect(
      try Table(csv: "\"\(text)\";x\n", name: "t", hasHeader: false).number(row: 0, column: 0)
        == nil)
  }

  @Test("what is wrong is named with its line")
  func errors() {
    func error(_ text: String) -> String { message { try Table(csv: text, name: "t.csv") } }
    #expect(
      error("a,b,c\n1,2,3\n\"x\ny\",2,3\n1,2\n")
        == "t.csv, line 5: found 2 cells; expected 3, as in line 1")
    #expect(
      error("") == "t.csv: found an empty table; expected a header line and at least one row")
    #expect(error("\n\n \n") == error(""))
    #expect(
      error("a,b\n") == "t.csv: found a header without rows; expected at least one row of 2 cells")
    #expect(
      error("a,b\n1,\"2\n3,4\n").hasPrefix("t.csv, line 2: found a quote that is never closed"))
    #expect(error("a,b\n\"1\"x,2\n").hasPrefix("t.csv, line 2: found text after a closing quote"))
    #expect(error("a,a\n1,2\n").hasPrefix("t.csv, line 1: found the column name \"a\" twice"))
    #expect(error("a,b\n1,\0\n").hasPrefix("t.csv, line 2: found a zero byte"))
    #expect(message { try Table.read("/nowhere/t.csv") }.contains("found no such file"))
    #expect(message { try Dataset.read("/nowhere/t.csv") }.contains("found no such file"))
  }

  @Test("text that is not UTF-8 is refused with its line")
  func encoding() throws {
    func error(_ text: [UInt8]) throws -> String {
      let folder = try TemporaryFolder()
      let path = try folder.write(Array("a,b\r\n1,x\r2,".utf8) + text + Array("\n".utf8), "t.csv")
      return message { try Table.read(path) }.replacing(folder.path + "/", with: "")
    }
    #expect(
      try error([0x63, 0xE9])
        == "t.csv, line 3: found bytes that are not UTF-8 (0xE9); expected UTF-8 text")
    for text in ["é", "€", "𝄞", "\u{10FFFF}", "\u{D7FF}", "\u{800}", "\u{10000}"] {
      #expect(try error(Array(text.utf8)) == "no error")
      #expect(try error(text.utf8.dropLast()).contains("not UTF-8"))
    }
    // A stray tail, overlong forms, a surrogate, and what lies beyond Unicode.
    for bytes: [UInt8] in [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
      [0xE2, 0x82, 0x28],
    ] {
      #expect(try error(bytes).contains("not UTF-8"))
    }
  }

  @Test("line numbers do not lose count in lines that end in CR alone or hold quoted ones")
  func lineNumbers() throws {
    let table = try Table(csv: "a,b\r1,2\r\r\"x\r\ny\",4\r5,6\r", name: "t")
    #expect((0..<3).map(table.line) == [2, 4, 6])
  }
}
