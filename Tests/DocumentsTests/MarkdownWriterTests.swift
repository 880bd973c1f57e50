import Documents
import Formulas
import Testing

private func markdown(_ blocks: Block..., language: Language = .english) -> String {
  MarkdownWriter().write(Document(title: "", language: language, blocks: blocks))
}

@Suite struct MarkdownWriterTests {
  @Test func everyLineOfAChainEndsInItsBreak() {
    let chain: Block = .equations(["net_h1", "w1" * "i1" + "b", digits("0.3"), digits("0.4")])
    #expect(
      markdown(chain) == """
        $$
        \\begin{aligned}
        \\mathrm{net}_{h1} &= w_{1} \\cdot i_{1} + b \\\\
        &= 0.3 \\\\
        &= 0.4
        \\end{aligned}
        $$

        """)
    #expect(markdown(.equations(["x", 1])) == "$$\nx = 1\n$$\n")
    #expect(markdown(.equations(["x"])) == "$$\nx\n$$\n")
  }

  @Test func whatGitHubCannotReadIsAvoided() {
    let cases = Formula.piecewise([(.call("softmax", ["x"]), .relation("x", .less, 0))], 0)
    let text = markdown(.equations(["f", cases]))
    #expect(text.contains("\\mathrm{softmax}(x) & \\text{if } x \\lt  0 \\cr 0"))
    #expect(!text.contains("operatorname"))
    #expect(!text.contains("\\\\"))
  }

  @Test func textIsEscaped() {
    #expect(
      markdown(.paragraph("a_b *c* <d> & $5 | \\ [x] `y` #"))
        == "a\\_b \\*c\\* \\<d\\> \\& \\$5 \\| \\\\ \\[x\\] \\`y\\` \\#\n")
    #expect(markdown(.paragraph("1. one")) == "1\\. one\n")
    #expect(markdown(.paragraph("- one")) == "\\- one\n")
    #expect(markdown(.paragraph("+ one\ntwo")) == "\\+ one two\n")
    #expect(markdown(.paragraph("\(code: "a`b")\(strong: "*")")) == "``a`b``**\\***\n")
  }

  @Test func formulasStandApart() {
    let x: Formula = "x"
    #expect(markdown(.paragraph("净输入\(x)，是(\(x))或\(x)\(x).")) == "净输入 $x$ ，是($x$)或 $x$ $x$.\n")
    #expect(markdown(.paragraph("\(x) costs $5")) == "$x$ costs <span>$</span>5\n")
  }

  @Test func tables() {
    let table = DocumentTable(
      columns: [("a|b", .leading), ("c", .trailing), ("d", .center)],
      rows: [["\(code: "x|y")", "\(Formula.absolute("x"))"]], caption: "All.")
    #expect(
      markdown(.table(table)) == """
        All.

        | a\\|b | c | d |
        | :--- | ---: | :---: |
        | `x\\|y` | $\\lvert x\\rvert$ |  |

        """)
  }

  @Test func otherBlocks() {
    #expect(markdown(.heading(level: 2, "Layer 1")) == "### Layer 1\n")
    #expect(markdown(.list(["one", "two"])) == "- one\n- two\n")
    #expect(markdown(.remark(.bad, "no")) == "> **✗** no\n")
    #expect(markdown(.remark(.neutral, "so")) == "> so\n")
    #expect(
      markdown(.picture(Picture(svg: "<svg/>", caption: "A [b]")))
        == "![A \\[b\\]](data:image/svg+xml;base64,PHN2Zy8+)\n\nA \\[b\\]\n")
  }
}
