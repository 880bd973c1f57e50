import Documents
import Formulas
import Testing

private func body(_ blocks: Block..., language: Language = .english) -> String {
  let document = Document(title: "", language: language, blocks: blocks)
  let parts = LaTeXWriter().write(document).split(separator: "{6pt plus 2pt}\n")
  return String(parts.last ?? "").replacing("\\end{document}", with: "")
    .trimmingPrefix(while: \.isNewline).description
}

/// The depth of braces at the end; nil where it falls below zero.
private func braces(_ latex: String) -> Int? {
  var depth = 0
  var isEscaped = false
  for character in latex {
    if isEscaped {
      isEscaped = false
    } else if character == "\\" {
      isEscaped = true
    } else if character == "{" {
      depth += 1
    } else if character == "}" {
      depth -= 1
      if depth < 0 { return nil }
    }
  }
  return depth
}

@Suite struct LaTeXWriterTests {
  @Test func chains() {
    let chain = body(.equations(["net_h1", "w1" * "i1" + "b", digits("-0.4")]))
    #expect(
      chain.contains(
        """
        \\begin{align*}
        \\mathrm{net}_{h1} &= w_{1} \\cdot i_{1} + b \\\\
        &= -0.4
        \\end{align*}
        """))
  }

  @Test func longSumsBreak() {
    let chain = body(.equations(["y", longSum, digits("1.5")]))
    let lines = chain.split(separator: "\n").filter { $0.hasPrefix("&\\qquad {}+ ") }
    #expect(lines.count >= 3)
    // No line has more than a page holds: about 75 digits and signs.
    for line in lines { #expect(line.replacing("\\cdot", with: "·").count < 90) }
    #expect(!chain.contains("\\fit"))
  }

  @Test func wideFractionsAndRootsAreWrittenOtherwise() {
    let fraction = body(.equations(["y", longSum / 24]))
    #expect(fraction.contains("&= \\frac{1}{24} \\cdot (0.1001"))
    let root = body(.equations(["y", .squareRoot(longSum)]))
    #expect(!root.contains("\\sqrt"))
    #expect(root.contains(")^{\\frac{1}{2}}"))
    #expect(body(.equations(["y", .squareRoot("x") / 24])).contains("\\frac{\\sqrt{x}}{24}"))
  }

  @Test func growingParenthesesPairOnEachLine() {
    let tall = Formula.sum((1...30).map { .quotient(.symbol("abc_\($0)"), "d") })
    let chain = body(.equations(["y", 2 * tall]))
    for line in chain.split(separator: "\\\\\n") {
      let left = line.split(separator: "\\left", omittingEmptySubsequences: false).count
      let right = line.split(separator: "\\right", omittingEmptySubsequences: false).count
      #expect(left == right, "\(line)")
    }
    #expect(chain.contains("\\left.{} + "))
  }

  @Test func textIsEscaped() {
    #expect(
      body(.paragraph("<a> & 50% $5 a_b x|y \\ # {} ~ ^ \"")).hasPrefix(
        "\\textless{}a\\textgreater{} \\& 50\\% \\$5 a\\_b x\\textbar{}y \\textbackslash{} \\# "
          + "\\{\\} \\textasciitilde{} \\textasciicircum{} \\textquotedbl{}\n"))
    #expect(body(.paragraph("\(code: "a.b")")).hasPrefix("\\texttt{a.\\allowbreak{}b}\n"))
  }

  /// Every character that formulas and texts of this project use, in text.
  @Test(
    arguments: Array(
      "αβγδεϵζηθϑικλμνξπρστυφϕχψωΓΔΘΛΞΠΣΦΨΩ∂∇∞ℓ⊤′←→⇒≈≠≤≥∈∝−·×⊙⊗√Σ‖½¼¾✓✗…⋯⋮⋱—–“”°±"
        + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₗₘₙₚᵣₛₜᵤᵥₓŷĥôŵĝṽñōv̂m̂θ̂éü"))
  func charactersPrintWithPDFLaTeX(character: Character) {
    let document = Document(
      title: "", language: .english, blocks: [.paragraph("a\(String(character))b")])
    let latex = LaTeXWriter().write(document)
    #expect(latex.hasPrefix("% !TEX program = pdflatex\n"))
    // What is left beyond Latin letters must be punctuation that LaTeX declares itself.
    let rest = latex.unicodeScalars.filter { $0.value >= 0x180 }
    #expect(rest.allSatisfy { "–—“”‘’…".unicodeScalars.contains($0) }, "\(character)")
  }

  @Test func whatPDFLaTeXLacksIsForXeLaTeX() {
    let english = Document(title: "列名", language: .english)
    #expect(LaTeXWriter().write(english).hasPrefix("% !TEX program = xelatex\n"))
    #expect(LaTeXWriter().write(english).contains("scheme=plain,fontset=fandol"))
    let chinese = LaTeXWriter().write(sample(.chinese))
    #expect(chinese.contains("scheme=chinese,fontset=fandol"))
    #expect(!chinese.contains("inputenc"))
  }

  @Test func tables() {
    let columns: [(title: RichText, alignment: DocumentTable.Alignment)] = [
      ("a", .leading), ("b", .trailing),
    ]
    let short = body(.table(DocumentTable(columns: columns, rows: [["[1]", "2"], ["3"]])))
    #expect(short.contains("\\begin{tabular}{@{}lr@{}}"))
    #expect(short.contains("{}[1] & {}2 \\\\\n{}3 & {} \\\\"))
    let rows: [[RichText]] = (0..<60).map { ["\($0)", "x"] }
    let long = body(.table(DocumentTable(columns: columns, rows: rows)))
    #expect(long.contains("\\begin{longtable}"))
    #expect(long.contains("\\endhead"))
    let wide = String(repeating: "many words ", count: 30)
    let broken = body(.table(DocumentTable(columns: columns, rows: [[RichText(wide), "2"]])))
    #expect(broken.contains("\\raggedright\\arraybackslash}p{"))
  }

  @Test(arguments: Language.allCases) func samplesBalance(language: Language) {
    let latex = LaTeXWriter().write(sample(language))
    #expect(braces(latex) == 0)
    let begins = latex.split(separator: "\\begin{").dropFirst().map { $0.prefix { $0 != "}" } }
    let ends = latex.split(separator: "\\end{").dropFirst().map { $0.prefix { $0 != "}" } }
    #expect(begins.sorted() == ends.sorted())
    #expect(latex.contains("\\usepackage{tikz}"))
  }
}
