import Formulas
import Testing

/// A formula and how it must be written.
private struct Sample: Sendable, CustomTestStringConvertible {
  let formula: Formula
  let text: String
  let latex: String
  var testDescription: String { text }

  init(_ formula: Formula, _ text: String, _ latex: String) {
    self.formula = formula
    self.text = text
    self.latex = latex
  }
}

private let x: Formula = "x"

private let samples: [Sample] = [
  Sample(1 / (1 + .exp(-x)), "1 / (1 + e⁻ˣ)", "\\frac{1}{1 + e^{-x}}"),
  Sample(
    .equals("w5⁺", "w5" - "η" * .partial("E_total", "w5")),
    "w5⁺ = w5 − η · ∂E_total/∂w5",
    "w_{5}^{+} = w_{5} - \\eta \\cdot \\frac{\\partial E_{\\mathrm{total}}}{\\partial w_{5}}"),
  Sample(
    .equals("net_h1", "w1" * "i1" + "b"), "net_h1 = w1 · i1 + b",
    "\\mathrm{net}_{h1} = w_{1} \\cdot i_{1} + b"),
  Sample(
    .piecewise([(x, .relation(x, .greater, 0))], 0), "{ x if x > 0; 0 otherwise }",
    "\\begin{cases} x & \\text{if } x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}"),
  Sample(
    .hadamard([.matrixProduct([.transposed("W"), "δ"]), .call("σ′", ["z"])]),
    "Wᵀ δ ⊙ σ′(z)", "W^{\\top} \\delta \\odot \\sigma'(z)"),
  Sample(
    .sum(of: .indexed("w", ["j", "k"]) * .indexed("x", ["k"]), over: "k", from: 1, to: "n"),
    "Σₖ₌₁ⁿ wⱼₖ · xₖ", "\\sum_{k = 1}^{n} w_{jk} \\cdot x_{k}"),
  Sample(.power(x + 1, 2), "(x + 1)²", "(x + 1)^{2}"),
  Sample(.power(-2, 2), "(−2)²", "(-2)^{2}"),
  Sample(.power(.exp(x), 2), "(eˣ)²", "(e^{x})^{2}"),
  Sample(.power("net_h1", 2), "net_h1²", "\\mathrm{net}_{h1}^{2}"),
  Sample(.exp(.call("max", [x, 0])), "e^(max(x, 0))", "e^{\\max(x, 0)}"),
  Sample("a" + -3, "a + (−3)", "a + (-3)"),
  Sample("a" + .negation("b"), "a − b", "a - b"),
  Sample("a" - ("b" - "c"), "a − (b − c)", "a - (b - c)"),
  Sample("a" + ("b" - "c"), "a + b − c", "a + b - c"),
  Sample(
    -("t" - "o") * "o" * (1 - "o"), "−(t − o) · o · (1 − o)", "-(t - o) \\cdot o \\cdot (1 - o)"),
  Sample("a" - (-x) / 2, "a − (−x / 2)", "a - \\frac{-x}{2}"),
  Sample(.negation(.negation(x)), "−(−x)", "-(-x)"),
  Sample(
    .quotient(1, 2) * .power("t" - "o", 2), "1/2 · (t − o)²", "\\frac{1}{2} \\cdot (t - o)^{2}"),
  Sample("a" * ("b" / "c"), "a · (b / c)", "a \\cdot \\frac{b}{c}"),
  Sample(("a" / "b") / ("c" * "d"), "a / b / (c · d)", "\\frac{\\frac{a}{b}}{c \\cdot d}"),
  Sample(
    .absolute(x) + .norm(x, order: 2), "|x| + ‖x‖₂", "\\lvert x\\rvert + \\lVert x\\rVert_{2}"),
  Sample(.squareRoot("v̂" + "ε"), "√(v̂ + ε)", "\\sqrt{\\hat{v} + \\varepsilon}"),
  Sample(.call("sqrt", [x]), "√x", "\\sqrt{x}"),
  Sample(.indexed("W_h", ["i", "j"]), "(W_h)ᵢⱼ", "(W_{h})_{ij}"),
  Sample(.indexed("a", ["i" + 1, "j"]), "a_(i + 1, j)", "a_{i + 1, j}"),
  Sample(
    .relation(.relation(0, .less, x), .lessOrEqual, 6), "0 < x ≤ 6", "0 < x \\leq 6"),
  Sample(.number(1e-5) * x, "1×10⁻⁵ · x", "1\\times10^{-5} \\cdot x"),
  Sample(.digits("0.750") * .digits("-0.30"), "0.750 · (−0.30)", "0.750 \\cdot (-0.30)"),
  Sample(.number(-.infinity), "−∞", "-\\infty"),
  Sample(.symbol("Δw"), "Δw", "\\Delta w"),
  Sample(.call("softmax", [x]), "softmax(x)", "\\operatorname{softmax}(x)"),
  Sample(
    .sum(of: x, over: "i") * "a", "(Σᵢ x) · a", "\\left(\\sum_{i} x\\right) \\cdot a"),
  Sample("a" * .sum(of: x, over: "i"), "a · Σᵢ x", "a \\cdot \\sum_{i} x"),
  Sample(.symbol("50%", subscript: nil), "50%", "\\text{50\\%}"),
  Sample(.sum([]) + .product([]), "1", "1"),
]

@Suite struct FormulaRenderingTests {
  @Test(arguments: samples) fileprivate func textAndLaTeX(_ sample: Sample) {
    #expect(sample.formula.text == sample.text)
    #expect(sample.formula.latex == sample.latex)
  }

  @Test(arguments: samples) fileprivate func bracketsBalance(_ sample: Sample) {
    for (open, close) in [("{", "}"), ("(", ")")] as [(Character, Character)] {
      var depth = 0
      for character in sample.formula.latex {
        if character == open { depth += 1 }
        if character == close { depth -= 1 }
        #expect(depth >= 0)
      }
      #expect(depth == 0)
    }
  }

  @Test func numbersAreShortest() {
    #expect(Formula.number(0.1).text == "0.1")
    #expect(Formula.number(3).text == "3")
    #expect(Formula.number(-2.5).text == "−2.5")
    #expect(Formula.number(.nan).text == "NaN")
  }

  @Test func symbolNotations() {
    let expected = Symbol(name: "w", subscript: "5", superscript: "+")
    #expect(Symbol("w_5^+") == expected)
    #expect(Symbol("w_{5}^{+}") == expected)
    #expect(Symbol("w₅⁺") == expected)
    #expect(Symbol("net_h1") == Symbol(name: "net", subscript: "h1"))
    #expect(Symbol("_x") == Symbol(name: "_x"))
    #expect(Symbol("x_") == Symbol(name: "x_"))
    #expect(Symbol("") == Symbol(name: ""))
  }

  @Test func operatorsFlatten() {
    let a: Formula = "a"
    let b: Formula = "b"
    #expect(a + b + x == .sum([a, b, x]))
    #expect(a * (b * x) == .product([a, b, x]))
  }
}
