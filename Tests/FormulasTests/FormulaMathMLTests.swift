import Formulas
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private let head = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">"

@Suite struct FormulaMathMLTests {
  @Test func sigmoid() {
    let sigmoid = 1 / (1 + .exp(-"x")) as Formula
    #expect(
      sigmoid.mathML == head
        + "<mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo><msup><mi>e</mi>"
        + "<mrow><mo>−</mo><mi>x</mi></mrow></msup></mrow></mfrac></math>")
  }

  @Test func scripts() {
    #expect(
      Formula.symbol("w5⁺").mathML == head
        + "<msubsup><mi>w</mi><mn>5</mn><mo>+</mo></msubsup></math>")
    #expect(
      Formula.symbol("E_total").mathML == head
        + "<msub><mi>E</mi><mi>total</mi></msub></math>")
  }

  @Test func namesAreEscaped() {
    let formula = Formula.relation(.symbol("<a&\"b\">"), .less, "c")
    #expect(
      formula.mathML == head
        + "<mrow><mi>&lt;a&amp;&quot;b&quot;&gt;</mi><mo>&lt;</mo><mi>c</mi></mrow></math>")
  }

  @Test func blockDisplay() {
    #expect(Formula.symbol("x").mathML(isBlock: true).contains(" display=\"block\">"))
  }

  @Test(
    arguments: [
      .sum(of: .indexed("w", ["j", "k"]) * "x", over: "k", from: 1, to: "n"),
      .piecewise(
        [("x", .relation("x", .lessOrEqual, 0)), (1, .relation("x", .greater, 6))], "x<y"),
      .equals("δ", .hadamard([.matrixProduct([.transposed("W"), "δ"]), .call("f", ["z", "&"])])),
      .big(.maximum, index: "k", from: nil, to: nil, body: .absolute(.squareRoot("x_k"))),
      .big(.product, index: nil, from: nil, to: "n", body: .norm("x", order: 2)),
      .partial(.power("a" + "b", 2), "w_(1,2)"), .number(-1e-30) * .digits("2.50e8"),
      .sum([]), .branches([], otherwise: nil), .hadamard([]), .indexed("x", []),
    ] as [Formula])
  func isWellFormed(_ formula: Formula) {
    let parser = XMLParser(data: Data(formula.mathML.utf8))
    #expect(parser.parse(), "\(formula.mathML)")
  }
}
