import Formulas
import Foundation
import Testing

private let x: Formula = "x"

@Suite struct FormulaEvaluationTests {
  @Test func sigmoid() throws {
    let value = try #require((1 / (1 + .exp(-x)) as Formula).evaluate(["x": 0.3775]))
    #expect(abs(value - 0.593269992107187) < 1e-14)
  }

  @Test(arguments: [
    ("exp", 0.5, 1.6487212707001282), ("ln", 2, 0.6931471805599453),
    ("tanh", 0.5, 0.46211715726000976), ("sqrt", 2.25, 1.5), ("abs", -2, 2),
    ("erf", 0.5, 0.5204998778130465), ("sin", 1, 0.8414709848078965),
    ("cos", 1, 0.5403023058681398), ("sign", -3, -1), ("sign", 0, 0),
  ])
  func functions(name: String, input: Double, expected: Double) throws {
    let value = try #require(Formula.call(name, [x]).evaluate(["x": input]))
    #expect(abs(value - expected) < 1e-14)
  }

  @Test func operators() {
    let values = ["a": 6.0, "b": 4.0, "w5⁺": 3]
    #expect(("a" - "b" as Formula).evaluate(values) == 2)
    #expect(("a" * "b" / 8 as Formula).evaluate(values) == 3)
    #expect((-Formula.power("a", 2)).evaluate(values) == -36)
    #expect(Formula.call("max", ["a", "b", 7]).evaluate(values) == 7)
    #expect(Formula.call("min", ["a", "b", 7]).evaluate(values) == 4)
    #expect(Formula.symbol("w5^+").evaluate(values) == 3)
    #expect(Formula.digits("−0.50").evaluate() == -0.5)
    #expect(Formula.symbol("π").evaluate() == .pi)
  }

  @Test func piecewiseTakesTheFirstThatHolds() {
    let inner = Formula.relation(.relation(-3, .less, x), .less, 3)
    let formula = Formula.piecewise([(x / 6 + 0.5, inner), (0, .relation(x, .lessOrEqual, -3))], 1)
    #expect(formula.evaluate(["x": 0]) == 0.5)
    #expect(formula.evaluate(["x": -3]) == 0)
    #expect(formula.evaluate(["x": 5]) == 1)
    #expect(formula.evaluate() == nil)
  }

  @Test func bigOperators() {
    let dot = Formula.sum(
      of: .indexed("w", ["k"]) * .indexed("x", ["k"]), over: "k", from: 1, to: "n")
    #expect(dot.evaluate(["n": 2, "w_1": 3, "w_2": 5, "x_1": 7, "x_2": 11]) == 76)
    #expect(dot.evaluate(["n": 2, "w_1": 3]) == nil)
    #expect(dot.evaluate(["n": 0]) == 0)
    #expect(Formula.indexed("a", [1, 2]).evaluate(["a_1,2": 9]) == 9)
    #expect(Formula.big(.maximum, index: "k", from: 1, to: 4, body: -"k").evaluate() == -1)
  }

  @Test func whatHasNoNumberIsNil() {
    let values = ["x": 1.0]
    for formula: Formula in [
      "y", .call("mystery", [x]), .partial(x, x), .transposed(x), .matrixProduct([x, x]),
      .norm(x), .equals(x, x), .call("ln", []), x + "y", .sum(of: x, over: "k"),
    ] {
      #expect(formula.evaluate(values) == nil, "\(formula)")
    }
  }

  @Test func substitutionParenthesizesNegatives() {
    let rule: Formula = "w" - "η" * "g"
    #expect(rule.substituting(["η": 0.5, "g": -0.2, "w": -1]).text == "−1 − 0.5 · (−0.2)")
    #expect(Formula.power(x, 2).substituting([x: -3]).text == "(−3)²")
    #expect((x * 2).substituting([x: -3]).text == "(−3) · 2")
    #expect((-x).substituting([x: -3]).text == "−(−3)")
    #expect(("a" / x as Formula).substituting([x: -3]).text == "a / (−3)")
    #expect((x / 2).substituting([x: -3]).text == "(−3) / 2")
    #expect((x * 2).substituting([x: "a" + "b"]).text == "(a + b) · 2")
  }

  @Test func substitutionReplacesTheOutermostMatch() {
    let chain = Formula.product([.partial("E", "o"), .partial("o", "w")])
    #expect(chain.substituting([.partial("E", "o"): 0.5, "o": 9]).text == "0.5 · ∂o/∂w")
    #expect(x.substituting([x: x + 1]) == x + 1)
    let sum = Formula.sum(of: "k" * "a", over: "k", from: 1, to: "n")
    #expect(sum.substituting(["k": 9, "n": 3, "a": 2]).text == "Σₖ₌₁³ k · 2")
  }

  @Test func substitutingNumbersKeepsTheValue() throws {
    let formula = .call("tanh", [x]) * ("a" - .power(x, 2)) / (-"a" + .exp(-x)) as Formula
    let values = ["x": -0.7, "a": -1.25]
    let expected = try #require(formula.evaluate(values))
    let numbers = formula.substituting([x: -0.7, "a": -1.25])
    #expect(numbers.evaluate() == expected)
  }
}

@Suite struct FormulaEvaluationFormsTests {
  @Test func normalDistribution() throws {
    let samples = [(0, 0.5), (1, 0.8413447460685429), (-3, 0.0013498980316300957)]
    for (input, expected) in samples {
      let value = try #require(Formula.call("Φ", [.number(Double(input))]).evaluate())
      #expect(abs(value - expected) < 1e-15)
    }
    // 1 + erf would be rounded to nothing here.
    let tail = try #require(Formula.call("Φ", [-10]).evaluate())
    #expect(abs(tail / 7.61985302416052e-24 - 1) < 1e-12)
  }

  @Test func symbolsAsKeys() {
    let formula: Formula = "w5⁺" * "π"
    #expect(formula.evaluate(symbols: [Symbol("w5^+"): 2]) == 2 * .pi)
    #expect(formula.evaluate(symbols: [Symbol("w_5^+"): 2]) == nil)
    #expect(formula.evaluate(symbols: [Symbol("w5^+"): 2, Symbol("π"): 3]) == 6)
  }

  @Test func derivativesAreReplacedAsAWhole() {
    let chain: Formula = "w" - "η" * .partial("E", "o") * .partial("o", "w")
    let numbers: [Formula: Formula] = [
      .partial("E", "o"): 0.5, .partial("o", "w"): .digits("-0.25"), "w": 1, "η": 2, "o": 99,
    ]
    #expect(chain.substituting(numbers).evaluate() == 1.25)
    #expect(chain.substituting(["o": 99]).evaluate(["w": 1, "η": 2]) == nil)
  }

  @Test func largeKeysAreReplacedToo() {
    let formula: Formula = .exp(-"x") / .power(1 + .exp(-"x"), 2)
    #expect(formula.substituting([.exp(-"x"): "u", "x": 9]).text == "u / (1 + u)²")
    #expect((3 * "x" as Formula).substituting([3: "a"]).text == "a · x")
  }
}
