import Documents
import Formulas
import Testing

@Suite struct DrawingTests {
  @Test func svgIsWellFormedAndTitled() {
    var drawing = Drawing(width: 120.5, height: 40, title: "A < B & C")
    drawing.line(from: .init(0, 0), to: .init(10, 10), .init(.bad, width: 2, isDashed: true))
    drawing.arrow(from: .init(10, 20), to: .init(110, 20))
    drawing.arrow(from: .init(5, 5), to: .init(5, 5))
    drawing.circle(at: .init(20, 20), radius: 9, stroke: nil, fill: .rgb(0x0012AB))
    drawing.rectangle(at: .init(1, 2), width: 30, height: 10, cornerRadius: 3)
    drawing.label(.text("<x> & \"y\""), at: .init(3, 4), anchor: .end, isBold: true)
    drawing.label(.formula("a" / ("b" + 1)), at: .init(.nan, .infinity))
    #expect(isWellFormed(drawing.svg))
    #expect(drawing.svg.contains("viewBox=\"0 0 120.5 40\""))
    #expect(drawing.svg.contains("<title>A &lt; B &amp; C</title>"))
    #expect(drawing.svg.contains("role=\"img\""))
    #expect(drawing.svg.contains("fill=\"#0012ab\""))
    #expect(drawing.svg.contains("/(<tspan font-style=\"italic\">b</tspan> + 1)"))
    #expect(!drawing.svg.contains("nan") && !drawing.svg.contains("inf\""))
  }

  @Test func formulasAreShiftedText() {
    var drawing = Drawing(width: 10, height: 10, title: "t")
    drawing.label("w5⁺", at: .init(0, 0), anchor: .start)
    #expect(
      drawing.svg.contains(
        "<tspan font-style=\"italic\">w</tspan><tspan font-size=\"72%\" dy=\"0.31em\">5</tspan>"
          + "<tspan font-size=\"72%\" dy=\"-0.83em\">+</tspan></text>"))
  }

  @Test func tikzTurnsTheAxisAndFitsThePage() {
    var drawing = Drawing(width: 880, height: 40, title: "t")
    drawing.line(from: .init(0, 0), to: .init(880, 20))
    drawing.label(.text("50% & a_b"), at: .init(10, 20), anchor: .start)
    drawing.label("E_total", at: .init(10, 20), hasHalo: true)
    let lines = drawing.tikz.split(separator: "\n")
    #expect(lines[0] == "\\path[draw=black, line width=0.5pt] (0pt,0pt) -- (440pt,-10pt);")
    #expect(lines[1].hasSuffix("at (5pt,-10pt) {50\\% \\& a\\_b};"))
    #expect(lines[1].contains("anchor=west"))
    #expect(lines[2].contains("fill=white"))
    #expect(lines[2].hasSuffix("{$E_{\\mathrm{total}}$};"))
  }

  @Test func pictureHasEveryForm() {
    let drawing = Drawing(width: 10, height: 10, title: "t")
    let picture = drawing.picture(text: "x", caption: "c")
    #expect(picture.svg == drawing.svg)
    #expect(picture.tikz == drawing.tikz)
    #expect(picture.text == "x")
  }
}
