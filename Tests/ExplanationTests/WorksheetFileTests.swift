import Explanation
import Foundation
import Testing

/// A file in the temporary folder, for as long as the closure runs.
private func withFile(_ bytes: Data, _ body: (String) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("worksheet-\(UUID().uuidString).yaml")
  try bytes.write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url.path)
}

@Suite struct WorksheetFileTests {
  /// What a text is refused with; nil where it is accepted.
  private func refusal(of yaml: String) -> String? {
    do {
      _ = try Worksheet(yaml: yaml, name: "t.yaml")
      return nil
    } catch { return "\(error)" }
  }

  @Test func readsFiles() throws {
    try withFile(Data(sheet("title: 一步").utf8)) { path in
      let worksheet = try Worksheet(contentsOf: path)
      #expect(worksheet.title == "一步")
    }
  }

  @Test func refusesOtherFiles() throws {
    func message(_ path: String) -> String {
      do {
        _ = try Worksheet(contentsOf: path)
        return "accepted"
      } catch { return "\(error)" }
    }
    let folder = FileManager.default.temporaryDirectory.path
    #expect(message(folder) == "\(folder): is a folder; expected a file")
    let missing = "\(folder)/worksheet-\(UUID().uuidString)"
    #expect(message(missing) == "\(missing): cannot open the file: No such file or directory")
    try withFile(Data("title: a\nb".utf8) + [0xFF, 0x0A]) { path in
      #expect(message(path) == "\(path):2: found bytes that are not UTF-8, expected UTF-8 text")
    }
    try withFile(Data(count: 10_000_001)) { path in
      #expect(message(path) == "\(path): has 10000001 bytes, expected at most 10000000")
    }
  }

  @Test func refusesWhatIsTooMuch() {
    let long = String(repeating: "#", count: 10_000_001)
    #expect(refusal(of: long) == "t.yaml: has 10000001 bytes, expected at most 10000000")
    let many = "title: [" + String(repeating: "1,", count: 2_000_000) + "1]"
    #expect(refusal(of: many) == "t.yaml: has more than 2000000 values")
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000),
    "title: " + String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    "title: " + String(repeating: "{a: ", count: 65) + String(repeating: "}", count: 65),
  ]) func refusesDeepLists(_ yaml: String) {
    #expect(refusal(of: yaml) == "t.yaml:1: found more than 64 levels of lists within lists")
  }

  @Test func refusesDeepBlocks() {
    #expect(
      refusal(of: "title:\n" + String(repeating: "- ", count: 100_000) + "1")
        == "t.yaml:2: found a line that starts after column 200, expected less")
    let stairs = (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(
      refusal(of: stairs) == "t.yaml:202: found a line that starts after column 200, expected less")
  }

  @Test func bracketsInTextsAndRemarksAreNoLists() {
    let opened = String(repeating: "[ ", count: 100)
    #expect(refusal(of: sheet("title: \"\(opened)\" # \(opened)")) == nil)
    #expect(refusal(of: sheet("title: '\(opened) it''s'")) == nil)
  }

  @Test func refusesAliasBombs() {
    func bomb(_ levels: Int, _ width: Int) -> String {
      "a0: &a0 [1, 1]\n"
        + (1...levels).map { level in
          let aliases = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
          return "a\(level): &a\(level) [\(aliases)]\n"
        }.joined()
    }
    #expect(refusal(of: bomb(9, 9)) == "t.yaml:4: found more than 20 aliases (*name)")
    #expect(
      refusal(of: bomb(2, 2) + "title: " + String(repeating: "x", count: 100_000))
        == "t.yaml:2: found an alias in a file of 100060 bytes, expected no aliases in files of "
        + "more than 100000")
    // Within the limits it is only unknown.
    let small = refusal(of: bomb(6, 3))
    #expect(small?.hasPrefix("t.yaml:1: there is no \"a0\" here; ") == true)
  }
}

@Suite struct ClaimReadingTests {
  @Test func readsCSV() throws {
    let text =
      "\u{FEFF}Name , value\r\n# forward\r\n\r\nnet_h1,0.3775\r\n \"hidden.weight[1,2]\" , \"-2e-1\"\r\n"
      + "\"a \"\"b\"\"\",.5\r\nname,5."
    #expect(
      try Claim.read(csv: text, name: "c.csv") == [
        Claim(name: "net_h1", text: "0.3775", value: 0.3775, line: 4),
        Claim(name: "hidden.weight[1,2]", text: "-2e-1", value: -0.2, line: 5),
        Claim(name: "a \"b\"", text: ".5", value: 0.5, line: 6),
        Claim(name: "name", text: "5.", value: 5, line: 7),
      ])
    #expect(try Claim.read(csv: "", name: "c.csv").isEmpty)
    #expect(try Claim.read(csv: "name,value", name: "c.csv").isEmpty)
  }

  @Test(arguments: [
    ("a,1\nb", "c.csv:2: found 1 field, expected 2: name,value"),
    ("a,1,2", "c.csv:1: found 3 fields, expected 2: name,value"),
    (",1", "c.csv:1: the name is missing; expected name,value"),
    ("a,", "c.csv:1: a: found nothing, expected a decimal number such as 0.15"),
    ("a,nan", "c.csv:1: a: found \"nan\", expected a decimal number such as 0.15"),
    ("a,1_0", "c.csv:1: a: found \"1_0\", expected a decimal number such as 0.15"),
    ("a,.", "c.csv:1: a: found \".\", expected a decimal number such as 0.15"),
    ("a,1e", "c.csv:1: a: found \"1e\", expected a decimal number such as 0.15"),
    ("a,-1e400", "c.csv:1: a: found -1e400, which is too large, expected less than 1.8e308"),
    ("a,1\n\n a ,2", "c.csv:3: a is claimed twice, first in line 1; expected one claim"),
    (
      "name,value\nname,value",
      "c.csv:2: name: found \"value\", expected a decimal number such as 0.15"
    ),
    ("\"a,1", "c.csv:1: found a quotation mark out of place, expected \"name\",value"),
    ("\"a\"b,1", "c.csv:1: found a quotation mark out of place, expected \"name\",value"),
    ("a\"b,1", "c.csv:1: found a quotation mark out of place, expected \"name\",value"),
  ]) func refusesWrongCSV(_ text: String, _ message: String) {
    do {
      _ = try Claim.read(csv: text, name: "c.csv")
      Issue.record("accepted: \(text)")
    } catch { #expect("\(error)" == message) }
  }

  @Test func readsFiles() throws {
    try withFile(Data("net_h1,0.3775\n".utf8)) { path in
      let claims = try Claim.read(contentsOf: path)
      #expect(claims == [Claim(name: "net_h1", text: "0.3775", value: 0.3775, line: 1)])
    }
  }
}
