import Documents
import Explanation
import Formulas
import Foundation
import Testing

@Suite("Marked hand derivations as documents")
struct MarkingDocumentTests {
  private func marking() throws -> Marking {
    try Marking(
      [
        claim("E_o1", "0.01545028", line: 3), claim("E_o2", "0.009833246", line: 4),
        claim("E_total", "0.025283526", line: 5),
      ], of: HandDerivation.cda)
  }

  private func plain(_ text: RichText) -> String {
    text.parts.map { part in
      switch part {
      case .text(let text), .strong(let text), .code(let text): text
      case .formula(let formula): formula.text
      }
    }.joined()
  }

  /// The document's lines, tables and equations included.
  private func lines(_ document: Document) -> [String] {
    document.blocks.flatMap { block -> [String] in
      switch block {
      case .heading(_, let text), .paragraph(let text), .remark(_, let text): [plain(text)]
      case .equations(let chain): [chain.map(\.text).joined(separator: " = ")]
      case .list(let items): items.map(plain)
      case .table(let table): table.rows.map { $0.map(plain).joined(separator: " | ") }
      case .picture: []
      }
    }
  }

  @Test("The English document names the first wrong step, the working and the slip")
  func english() throws {
    #expect(
      lines(try marking().document(language: .english, digits: 7)) == [
        "Of 3 numbers, 1 is right and 1 is wrong. 1 more follows from an earlier mistake."
          + " The first wrong step is E_o1 (line 3).",
        "E_o1 | 0.01545028 | 0.03090056 | wrong",
        "E_o2 | 0.009833246 | 0.009833246 | right to the digits given",
        "E_total | 0.025283526 | 0.04073381 | follows from E_o1",
        "E_o1",
        "Claimed: 0.01545028 (line 3). Right:",
        "E_o1 = 1/2 · (target_o1 − out_o1)² = 1/2 · (0.5 − 0.7485983)² = 0.03090056",
        "0.01545028 is what one gets when the factor 1/2 is taken twice.",
        "E_total",
        "The working is right; 0.025283526 follows from the mistake in E_o1."
          + " The right value is 0.04073381.",
        "E_total = E_o1 + E_o2 = 0.01545028 + 0.009833246 = 0.02528353",
      ])
  }

  @Test("The Chinese document says the same")
  func chinese() throws {
    let text = lines(try marking().document(language: .chinese, digits: 7))
    #expect(text[0].contains("共 3 个数，1 个正确，1 个错误。"))
    #expect(text.contains("得出 0.01545028 的可能原因：因子 1/2 乘了两次。"))
    #expect(text.count == 11)
    #expect(!text.joined().contains("right"))
  }

  @Test("A derivation without a mistake is told so")
  func allRight() throws {
    let marking = try Marking([claim("E_o2", "0.009833246")], of: HandDerivation.cda)
    #expect(lines(marking.document(language: .english))[0] == "The number is right.")
  }

  @Test("The report survives JSON")
  func json() throws {
    let report = try marking().report
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(MarkingReport.self, from: data) == report)
    #expect(report.firstWrong == "E_o1")
    #expect(report.marks.map(\.verdict) == ["wrong", "right-to-digits", "follows-from-mistake"])
    #expect(report.marks[0].slips.map(\.kind) == ["factor-twice"])
    #expect(report.marks[2].follows == ["E_o1"])
  }
}
