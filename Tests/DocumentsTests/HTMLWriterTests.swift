import Documents
import Formulas
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func html(_ blocks: Block..., language: Language = .english) -> String {
  HTMLWriter().write(Document(title: "T", language: language, blocks: blocks))
}

/// Whether the text is one well-formed element.
func isWellFormed(_ xml: String) -> Bool { XMLParser(data: Data(xml.utf8)).parse() }

@Suite struct HTMLWriterTests {
  @Test(arguments: Language.allCases) func pagesAreWellFormed(language: Language) throws {
    let page = HTMLWriter().write(sample(language))
    #expect(
      page.hasPrefix("<!doctype html>\n<html lang=\"\(language == .chinese ? "zh-Hans" : "en")\">"))
    // MathML's invisible signs are the only entities that XML itself does not name.
    #expect(isWellFormed(String(page.dropFirst("<!doctype html>".count))))
    #expect(page.contains("name=\"viewport\""))
    #expect(!page.contains("<script"))
    #expect(!page.contains("http://www.w3.org/2000/svg\" src") && !page.contains("https://"))
  }

  @Test func textIsEscaped() {
    let page = html(.paragraph("a < b & \"c\" \(code: "<i>")\(strong: "&")"))
    #expect(
      page.contains(
        "<p>a &lt; b &amp; &quot;c&quot; <code>&lt;i&gt;</code><strong>&amp;</strong></p>"))
  }

  @Test func headingsDescendOneLevelAtATime() {
    let page = html(
      .heading(level: 3, "a"), .heading(level: 3, "b"), .heading(level: 1, "c"),
      .heading(level: 2, "d"))
    #expect(page.contains("<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n<h3>d</h3>"))
  }

  @Test func chainsAreGrids() {
    let page = html(.equations(["x", 1 + 1, 2]))
    #expect(page.contains("<div class=\"chain\">\n<div class=\"lead\"><math"))
    #expect(page.contains("<div class=\"side\"><math displaystyle=\"true\""))
    #expect(page.contains("<div class=\"side result\"><math"))
    #expect(page.components(separatedBy: "<mo>=</mo>").count == 3)
  }

  @Test func shortFormulasStayWholeAndLongOnesBreak() {
    let short = html(.equations(["y", "a" + "b"]))
    #expect(!short.contains("<wbr/>"))
    let long = html(.equations(["y", longSum]))
    #expect(long.components(separatedBy: "<wbr/><math").count == 24)
    #expect(long.contains("<mo form=\"infix\">+</mo>"))
    let tall = Formula.sum((1...30).map { .quotient(.symbol("abc_\($0)"), "d") })
    #expect(html(.equations(["y", 2 * tall])).components(separatedBy: "<wbr/>").count == 30)
    let inside = html(.equations(["y", .call("tanh", [longSum])]))
    #expect(inside.components(separatedBy: "<wbr/><math").count == 24)
  }

  @Test func parenthesesGrowOnlyAroundWhatIsTall() {
    let flat = html(.paragraph("\(2 * ("a" + "b") as Formula)"))
    #expect(flat.contains("<mo stretchy=\"false\">(</mo>"))
    let tall = html(.paragraph("\(2 * ("a" + "b" / "c") as Formula)"))
    #expect(tall.contains("<mo>(</mo>"))
    #expect(!tall.contains("stretchy"))
  }

  @Test func tablesAndPicturesAreAccessible() {
    let table = DocumentTable(
      columns: [("a", .leading), ("b", .trailing)], rows: [["w1", "2"]], caption: "All < 1")
    let page = html(.table(table), .picture(Picture(svg: "<svg/>", caption: "c")))
    #expect(page.contains("<th scope=\"col\" class=\"n\">b</th>"))
    #expect(page.contains("<th scope=\"row\">w1</th><td class=\"n\">2</td>"))
    #expect(page.contains("aria-label=\"All &lt; 1\""))
    #expect(page.contains("<figcaption>c</figcaption>"))
  }

  @Test func remarks() {
    let page = html(.remark(.doubtful, "why"))
    #expect(
      page.contains("<div class=\"remark doubtful\" role=\"note\"><span class=\"mark\">?</span>"))
  }
}
