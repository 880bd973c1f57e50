import Formulas
import Testing

private let x: Formula = "x"
private let (up, down): (Formula, Formula) = (.exp(x), .exp(-x))
private let sigmoid: Formula = 1 / (1 + .exp(-x))

/// Formulas of x, with a = 1.3.
private let formulas: [Formula] = [
  sigmoid, (up - down) / (up + down), .call("tanh", [x]), .ln(1 + .exp(x)),
  x / (1 + .absolute(x)), x / (1 + .exp(-x)), x * (1 + .call("erf", [x / .squareRoot(2)])) / 2,
  x * .call("Φ", [x]), .piecewise([(x, .relation(x, .greater, 0))], 0.7 * (.exp(x) - 1)),
  .call("max", [0, x]), .call("max", [x, 0.01 * x]), .call("min", [.call("max", [0, x]), 6]),
  .call("max", [x, "a", .power(x, 2), -x]), .call("min", [x, .power(x, 2)]),
  .piecewise(
    [
      (0, .relation(x, .lessOrEqual, -2.5)), (1, .relation(x, .greaterOrEqual, 2.5)),
    ], 0.2 * x + 0.5),
  .quotient(1, 2) * .power("a" - x, 2), .power(.exp(x) + 2, -3), .power("a", x),
  .power(2, .power(x, 2)), .power(1 + .power(x, 2), x), .squareRoot(1 + .power(x, 2)),
  .call("sqrt", [x + 5]), .call("abs", [.power(x, 3)]), .call("sin", [x * "a"]),
  .call("cos", [.power(x, 2)]), .call("sinh", [x]), .call("cosh", [2 * x]),
  .call("log", [.power(x, 2) + 1]), .exp(-.power(x, 2) / 2) / .squareRoot(2 * "π"),
  x * .call("sin", [x]) * .exp(x) * 3, -(-x), .negation(.power(x, 3)), x / 4 - "a" / (x + 9),
  .sum(of: .power("k" * x, 2) / "k", over: "k", from: 1, to: 4), .call("sign", [x]) * x,
  .exp(.exp(-.call("tanh", [x]))), .call("floor", ["a"]) * x, x * .norm2, "a" * "a",
  x * .call("tanh", [.ln(1 + .exp(x))]),
]

extension Formula {
  /// Something without x that has a value.
  fileprivate static var norm2: Formula { .squareRoot(.power("a", 2) + 1) }
}

/// A formula, the rule that is applied first, and what it makes before and after simplification.
private struct Row: Sendable, CustomTestStringConvertible {
  let formula: Formula
  let rule: DerivativeRule
  let first: String
  let last: String
  var testDescription: String { formula.text }

  init(_ formula: Formula, _ rule: DerivativeRule, _ first: String, _ last: String) {
    self.formula = formula
    self.rule = rule
    self.first = first
    self.last = last
  }
}

private let table: [Row] = [
  Row(.quotient(1, 2) * .power("a" - x, 2), .chain, "1/2 · 2 · (a − x)²⁻¹ · (−1)", "−(a − x)"),
  Row(.power("a" - x, 2) / 2, .chain, "2 · (a − x)²⁻¹ · (−1) / 2", "−(a − x)"),
  Row(.power(x, 3), .power, "3 · x³⁻¹", "3 · x²"),
  Row(.exp(-x), .chain, "e⁻ˣ · (−1)", "−e⁻ˣ"),
  Row(.ln(1 + .exp(x)), .chain, "1 / (1 + eˣ) · eˣ", "eˣ / (1 + eˣ)"),
  Row(.call("tanh", [x]), .function, "1 − tanh(x)²", "1 − tanh(x)²"),
  Row(x * .exp(x), .product, "1 · eˣ + x · eˣ", "eˣ + x · eˣ"),
  Row(.exp(x), .exponential, "eˣ", "eˣ"),
  Row("w" * x + "b", .sum, "w + 0", "w"),
  Row("w" * x, .constantMultiple, "w · 1", "w"),
  Row(
    .call("max", [0, x]), .branches, "{ 1 if x > 0; 0 otherwise }", "{ 1 if x > 0; 0 otherwise }"),
  Row(x, .identity, "1", "1"),
  Row("b" * .call("f", ["b"]), .constant, "0", "0"),
  Row(.squareRoot(x), .function, "1 / (2 · √x)", "1 / (2 · √x)"),
  Row(.power(x, x), .generalPower, "xˣ · (1 · ln(x) + x · 1 / x)", "xˣ · (ln(x) + x / x)"),
  Row(.indexed("v", [2]) * x, .constantMultiple, "v₂ · 1", "v₂"),
]

@Suite struct FormulaDerivativeTests {
  @Test(arguments: formulas) func agreesWithCentralDifferences(_ formula: Formula) throws {
    let derivative = try #require(formula.derivative(withRespectTo: Symbol("x")))
    let steps = try #require(formula.derivativeSteps(withRespectTo: Symbol("x")))
    #expect(steps.last?.formula.simplified() == derivative)
    func value(_ formula: Formula, _ x: Double) throws -> Double {
      try #require(formula.evaluate(["x": x, "a": 1.3]), "\(formula)")
    }
    let h = 1e-3
    for point in [-2.13, -0.71, 0.37, 1.61, 2.9] {
      let outer = try value(formula, point - 2 * h) - value(formula, point + 2 * h)
      let inner = try value(formula, point + h) - value(formula, point - h)
      let expected = (outer + 8 * inner) / (12 * h)
      for candidate in steps.map(\.formula) + [derivative] {
        let found = try value(candidate, point)
        #expect(abs(found - expected) <= 1e-8 * max(1, abs(expected)), "\(candidate) at \(point)")
      }
    }
  }

  @Test func sigmoidInSteps() throws {
    let steps = try #require(sigmoid.derivativeSteps(withRespectTo: Symbol("x")))
    #expect(steps.map(\.rule) == [.quotient, .simplification])
    #expect(
      steps.map(\.formula.text) == [
        "(0 · (1 + e⁻ˣ) − 1 · (−e⁻ˣ)) / (1 + e⁻ˣ)²", "e⁻ˣ / (1 + e⁻ˣ)²",
      ])
  }

  @Test(arguments: table) fileprivate func rules(_ row: Row) throws {
    let steps = try #require(row.formula.derivativeSteps(withRespectTo: Symbol("x")))
    #expect(steps.first?.rule == row.rule)
    #expect(steps.first?.formula.text == row.first)
    #expect(steps.last?.formula.text == row.last)
    #expect(steps.count == (row.first == row.last ? 1 : 2))
  }

  @Test func whatCannotBeDifferentiatedIsNil() {
    for formula: Formula in [
      .call("f", [x]), x * .call("f", [x]), .norm(x), .equals(x, 1), .transposed(x),
      .big(.product, index: "k", from: 1, to: 3, body: x), .indexed("v", [x]),
      .sum(of: x, over: "k", from: 1, to: x), .call("max", [.call("f", [x]), 1]),
    ] {
      #expect(formula.derivative(withRespectTo: Symbol("x")) == nil, "\(formula)")
      #expect(formula.derivativeSteps(withRespectTo: Symbol("x")) == nil)
    }
  }

  @Test func elementsAndBoundIndices() {
    let first = Symbol("x_1")
    #expect(Formula.indexed("x", [1]).derivative(withRespectTo: first) == 1)
    #expect(Formula.indexed("x", [2]).derivative(withRespectTo: first) == 0)
    #expect(Formula.indexed("y", [1]).derivative(withRespectTo: first) == 0)
    #expect(Formula.indexed("x", ["k"]).derivative(withRespectTo: first) == nil)
    let sum = Formula.sum(of: .indexed("x", ["k"]), over: "k", from: 1, to: 3)
    #expect(sum.derivative(withRespectTo: first) == nil)
    #expect(sum.derivative(withRespectTo: Symbol("k")) == 0)
    #expect(Formula.partial("E", x).derivative(withRespectTo: Symbol("x")) == 0)
  }

  @Test func deepChainsStaySmall() throws {
    // 30 levels: work that doubled at each would never end.
    var formula = x
    for _ in 0..<30 { formula = 0.5 * .call("tanh", [formula]) / 2 }
    let slope = try #require(formula.derivative(withRespectTo: Symbol("x")))
    #expect(abs(try #require(slope.evaluate(["x": 0])) / 8.673617379884035e-19 - 1) < 1e-12)
  }
}
