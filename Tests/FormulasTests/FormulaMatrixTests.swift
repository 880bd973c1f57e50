import Formulas
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private let weights: Formula = .matrix([[0.15, 0.2], [0.25, 0.3]])

@Suite struct FormulaMatrixTests {
  @Test func isWrittenRowByRow() {
    #expect(weights.text == "[0.15, 0.2; 0.25, 0.3]")
    #expect(weights.latex == "\\begin{bmatrix} 0.15 & 0.2 \\\\ 0.25 & 0.3 \\end{bmatrix}")
    #expect(
      weights.mathML.contains(
        "<mrow><mo>[</mo><mtable><mtr><mtd><mn>0.15</mn></mtd><mtd><mn>0.2</mn></mtd></mtr>"
          + "<mtr><mtd><mn>0.25</mn></mtd><mtd><mn>0.3</mn></mtd></mtr></mtable><mo>]</mo></mrow>"))
  }

  @Test func columnVector() {
    let column = Formula.column(["a" + "b", -1])
    #expect(column == .matrix([["a" + "b"], [-1]]))
    #expect(column.text == "[a + b; −1]")
    #expect(column.latex == "\\begin{bmatrix} a + b \\\\ -1 \\end{bmatrix}")
  }

  @Test func standsInProductsWithoutParentheses() {
    let product = Formula.matrixProduct([.transposed(weights), .column(["x"])])
    #expect(product.text == "[0.15, 0.2; 0.25, 0.3]ᵀ [x]")
    #expect(
      product.latex == "\\begin{bmatrix} 0.15 & 0.2 \\\\ 0.25 & 0.3 \\end{bmatrix}^{\\top} "
        + "\\begin{bmatrix} x \\end{bmatrix}")
    #expect(("b" + weights as Formula).text == "b + [0.15, 0.2; 0.25, 0.3]")
    #expect(Formula.call("σ", [weights]).latex.contains("\\left(\\begin{bmatrix}"))
  }

  @Test func hasNoSingleValueButParts() {
    let symbolic = Formula.matrix([["a", "b"], ["c", 1 * "d"]])
    #expect(weights.evaluate() == nil)
    #expect(symbolic.substituting(["b": 2]).text == "[a, 2; c, 1 · d]")
    #expect(symbolic.simplified().text == "[a, b; c, d]")
    #expect(symbolic.symbols == ["a", "b", "c", "d"].map { Symbol($0) })
    #expect(symbolic.derivative(withRespectTo: Symbol("a")) == nil)
    #expect(symbolic.derivative(withRespectTo: Symbol("x")) == 0)
  }

  @Test(
    arguments: [weights, .matrix([]), .matrix([[]]), .matrix([["a", "<"], ["b"]])] as [Formula])
  func isWellFormed(_ formula: Formula) {
    #expect(XMLParser(data: Data(formula.mathML.utf8)).parse(), "\(formula.mathML)")
  }
}
