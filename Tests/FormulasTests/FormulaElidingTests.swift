import Formulas
import Testing

private func dot(_ count: Int) -> Formula {
  .sum((1...count).map { .symbol("w\($0)") * .symbol("x\($0)") })
}

@Suite struct FormulaElidingTests {
  @Test func keepsTheFirstTermsAndTheLast() {
    let (formula, count) = dot(784).eliding(longerThan: 8)
    #expect(count == 784)
    #expect(formula.text == "w1 · x1 + w2 · x2 + w3 · x3 + … + w784 · x784")
    #expect(
      formula.latex == "w_{1} \\cdot x_{1} + w_{2} \\cdot x_{2} + w_{3} \\cdot x_{3} + \\dots"
        + " + w_{784} \\cdot x_{784}")
    #expect(formula.mathML.contains("<mo>+</mo><mo>…</mo><mo>+</mo>"))
    #expect(formula.evaluate(symbols: [:]) == nil)
  }

  @Test func shortSumsStay() {
    #expect(dot(8).eliding(longerThan: 8).formula == dot(8))
    #expect(dot(8).eliding(longerThan: 8).termCount == nil)
    // The dots would stand for nothing.
    #expect(dot(4).eliding(longerThan: 2, keeping: 3).formula == dot(4))
    #expect(
      dot(4).eliding(longerThan: 2, keeping: 2).formula.text == "w1 · x1 + w2 · x2 + … + w4 · x4")
    #expect(dot(4).eliding(longerThan: 2, keeping: -1).formula.text == "… + w4 · x4")
  }

  @Test func reachesInside() {
    let inner: Formula = 1 / (1 + .exp(-dot(20)))
    let outer: Formula = .sum([inner] + (1...9).map { .symbol("a\($0)") } + [-.power(dot(12), 2)])
    let (formula, count) = outer.eliding(longerThan: 5, keeping: 1)
    #expect(count == 20)
    #expect(
      formula.text == "1 / (1 + e^(−(w1 · x1 + … + w20 · x20))) + … − (w1 · x1 + … + w12 · x12)²")
  }
}
