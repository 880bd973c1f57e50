import Documents
import Formulas
import Testing

private func text(_ blocks: Block..., width: Int = 80, language: Language = .english) -> String {
  TextWriter(width: width).write(Document(title: "", language: language, blocks: blocks))
}

@Suite struct TextWriterTests {
  @Test func equationsAreAligned() {
    let net: Block = .equations([
      "net_h1", "w1" * "i1" + "b1", digits("0.15") * digits("0.05") + digits("0.35"),
      digits("0.3575"),
    ])
    #expect(
      text(net) == """
            net_h1 = w1 · i1 + b1
                   = 0.15 · 0.05 + 0.35
                   = 0.3575

        """)
  }

  @Test func aRelationIsAChainOfItsOwn() {
    let update: Block = .equations([.relation("w5⁺", .becomes, "w5" - "η" * "g"), digits("0.4")])
    #expect(text(update) == "    w5⁺ ← w5 − η · g\n        = 0.4\n")
    #expect(text(.equations(["x" + 1])) == "    x + 1\n")
    #expect(text(.equations([])) == "")
  }

  @Test func longFormulasBreakBeforeSigns() {
    let sum: Formula = "alpha" * "beta" + "gamma" * "delta" - "epsilon" * "zeta"
    #expect(
      text(.equations(["y", sum, digits("1")]), width: 36) == """
            y = alpha · beta + gamma · delta
                  − epsilon · zeta
              = 1

        """)
    // Sums in parentheses break only where nothing else does.
    #expect(
      text(.equations(["y", .call("f", [sum])]), width: 36) == """
            y = f(alpha · beta
                  + gamma · delta
                  − epsilon · zeta)

        """)
  }

  @Test func aLongLeftSideHasItsOwnLine() {
    let left: Formula = "first_long_name" + "second_long_name"
    #expect(
      text(.equations([left, digits("1"), digits("2")]), width: 48) == """
            first_long_name + second_long_name
              = 1
              = 2

        """)
  }

  @Test(arguments: [40, 60, 80, 120], Language.allCases)
  func noLineIsTooWide(width: Int, language: Language) {
    for line in TextWriter(width: width).write(sample(language)).split(separator: "\n") {
      #expect(displayWidth(String(line)) <= width, "\(line)")
    }
  }

  @Test func tablesAreAlignedByDisplayWidth() {
    let table = DocumentTable(
      columns: [("名称", .leading), ("旧值", .trailing), ("v̂", .center)],
      rows: [["净输入", "0.5", "1"], ["w", "−0.25"]], caption: "权重")
    #expect(
      text(.table(table)) == """
        权重
        名称     旧值  v̂
        ────────────────
        净输入    0.5  1
        w       −0.25

        """)
  }

  @Test func wideCellsGoOnInTheNextLine() {
    let table = DocumentTable(
      columns: [("a", .leading), ("b", .leading)],
      rows: [["x", "one two three four five"], ["y", "six"]])
    #expect(
      text(.table(table), width: 20) == """
        a  b
        ────────────────────
        x  one two three
           four five

        y  six

        """)
  }

  @Test func chineseBreaksBetweenCharacters() {
    let paragraph = text(.paragraph("净输入是输入的加权和，再加上偏置。"), width: 22)
    #expect(paragraph == "净输入是输入的加权\n和，再加上偏置。\n" || paragraph == "净输入是输入的加权和，\n再加上偏置。\n")
    #expect(
      text(.paragraph("净输入\("net" as Formula)，即\("a" as Formula)的和"), language: .chinese)
        == "净输入 net，即 a 的和\n")
  }

  @Test func otherBlocks() {
    #expect(text(.heading(level: 1, "净输入")) == "净输入\n──────\n")
    #expect(text(.heading(level: 2, "Layer 1")) == "── Layer 1\n")
    #expect(text(.list(["one", "two"])) == "• one\n• two\n")
    #expect(
      text(.remark(.good, "one two three four five six"), width: 20)
        == "✓ one two three four\n  five six\n")
    #expect(
      text(.remark(.bad, "x"), .remark(.doubtful, "y"), .remark(.neutral, "z"))
        == "✗ x\n\n? y\n\n· z\n")
    #expect(
      text(.picture(Picture(svg: "<svg/>", text: "\n  a ─▶ b\n", caption: "c")))
        == "  a ─▶ b\nc\n")
  }

  @Test func colorOnlyWhereWanted() {
    #expect(!TextWriter().write(sample(.english)).contains("\u{1B}"))
    let document = Document(
      title: "T", language: .english,
      blocks: [.equations(["x", 1 + 1, 2]), .remark(.bad, "no"), .paragraph("\(strong: "s")")])
    #expect(
      TextWriter(usesColor: true).write(document) == """
        \u{1B}[1mT\u{1B}[0m
        ═

            x = 1 + 1
              = \u{1B}[1;36m2\u{1B}[0m

        \u{1B}[31m✗ no\u{1B}[0m

        \u{1B}[1ms\u{1B}[0m

        """)
  }

  @Test func casesSpeakTheLanguage() {
    let cases: Block = .equations(["f", .piecewise([("x", .relation("x", .greater, 0))], 0)])
    #expect(text(cases, language: .chinese) == "    f = { x 若 x > 0; 0 否则 }\n")
  }
}
