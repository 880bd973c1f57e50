import Formulas
import Testing

@Suite struct FormulaSymbolsTests {
  @Test func standInOrderOfAppearance() {
    let formula: Formula = .quotient(1, 2) * .power("t" - "o", "p") + "o" * .exp("net_h1")
    #expect(formula.symbols == ["t", "o", "p", "net_h1"].map { Symbol($0) })
    #expect((2 * "π" as Formula).symbols.isEmpty)
  }

  @Test func indicesAreBound() {
    let dot = Formula.sum(
      of: .indexed("w", ["j", "k"]) * .indexed("x", ["k"]), over: "k", from: 1, to: "n")
    #expect(dot.symbols == ["n", "w", "j", "x"].map { Symbol($0) })
    #expect((dot + "k" as Formula).symbols.map(\.name) == ["n", "w", "j", "x", "k"])
    #expect(("k" + dot as Formula).symbols.map(\.name) == ["k", "n", "w", "j", "x"])
    let over = Formula.big(
      .maximum, index: .relation("i", .elementOf, "S"), from: nil, to: nil, body: "a" * "i")
    #expect(over.symbols.map(\.name) == ["S", "a"])
  }

  @Test func derivativesAreNames() {
    let chain: Formula = "η" * .partial("E", "w") + "w"
    #expect(chain.symbols.map(\.name) == ["η", "w"])
  }

  @Test func casesGiveValueAndCondition() {
    let formula = Formula.piecewise([("b", .relation("a", .greater, "c"))], .norm("d"))
    #expect(formula.symbols.map(\.name) == ["b", "a", "c", "d"])
  }
}
