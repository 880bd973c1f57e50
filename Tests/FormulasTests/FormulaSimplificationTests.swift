import Formulas
import Testing

private let (a, b, c, x): (Formula, Formula, Formula, Formula) = ("a", "b", "c", "x")
private let half: Formula = .quotient(1, 2)

/// A formula and how it is written when it is simplified.
private struct Row: Sendable, CustomTestStringConvertible {
  let formula: Formula
  let text: String
  var testDescription: String { formula.text }

  init(_ formula: Formula, _ text: String) {
    self.formula = formula
    self.text = text
  }
}

private let table: [Row] = [
  Row(.product([half, 2, x]), "x"),
  Row(.product([2, -1, x]), "−2 · x"),
  Row(1 * x, "x"),
  Row(0 * x, "0"),
  Row(0 + x, "x"),
  Row(x / 1, "x"),
  Row(-(-x), "x"),
  Row(-1 * x, "−x"),
  Row(x - 0, "x"),
  Row(0 - x, "−x"),
  Row(a - (-b), "a + b"),
  Row(.power(x, 1), "x"),
  Row(.power(x, 0), "1"),
  Row(.exp(.ln(x)), "x"),
  Row(.ln(.exp(x)), "x"),
  Row(0.5 * 2, "1"),
  Row(0.1 * 0.2, "0.1 · 0.2"),
  Row(.hadamard([1, a, 1, b]), "a ⊙ b"),
  Row(-1 * (a - b), "−(a − b)"),
  Row(-(a - b), "−(a − b)"),
  Row(-(-a - b), "a + b"),
  Row(-(-a + b), "a − b"),
  Row(.product([half, 2, .power("t" - "o", 2 - 1), -1]), "−(t − o)"),
  Row(.product([-("t" - "o"), "o", 1 - "o"]), "−(t − o) · o · (1 − o)"),
  Row(.sum([a, .sum([b, c - x]), -.sum([a, b])]), "a + b + c − x − (a + b)"),
  Row(a - (b - c), "a − (b − c)"),
  Row(a - (-b + c), "a + b − c"),
  Row(a + -3, "a − 3"),
  Row(.sum([x, 1, 2]), "x + 3"),
  Row(.sum([x, 1, -1]), "x"),
  Row(.sum([0.1, 0.2]), "0.1 + 0.2"),
  Row(.sum([]), "0"),
  Row(.product([]), "1"),
  Row(1 - 1, "0"),
  Row(1 - x, "1 − x"),
  Row(.sum([-a, b]), "−a + b"),
  Row(x * 2 * a, "2 · x · a"),
  Row(.product([half, half, x]), "1/4 · x"),
  Row(0.5 * 0.5 * x, "0.25 · x"),
  Row(.product([half, x, 6]), "3 · x"),
  Row(.product([1 / 3, 2, x]), "2/3 · x"),
  Row(.product([0.5, 1 / 3, x]), "1/6 · x"),
  Row(x * 0.1 * 0.2, "0.1 · 0.2 · x"),
  Row(a * (-b) * (-c), "a · b · c"),
  Row(a * (-b), "−a · b"),
  Row(.negation(2), "−2"),
  Row(-(0 * x), "0"),
  Row((-a) / b, "−a / b"),
  Row(a / (-b), "−a / b"),
  Row((-a) / (-b), "a / b"),
  Row(-1 / 2, "−1/2"),
  Row(2 * x / 2, "x"),
  Row(4 * x / (2 * a), "2 · x / a"),
  Row(2 * x / 4, "x / 2"),
  Row(6 / 4, "3/2"),
  Row(6 / 3, "2"),
  Row(1 / 0.5, "2"),
  Row(0.3 / 0.1, "0.3 / 0.1"),
  Row(0 / x, "0"),
  Row(.quotient(0, 0), "0/0"),
  Row(2 * (a - b) / 2, "a − b"),
  Row(.power(2, 3), "8"),
  Row(.power(0.1, 2), "0.1²"),
  Row(.power(x, 3 - 1), "x²"),
  Row(.squareRoot(4), "2"),
  Row(.squareRoot(2), "√2"),
  Row(.absolute(-x), "|x|"),
  Row(.call("max", [0, -3]), "0"),
  Row(.call("abs", [-2]), "2"),
  Row(.call("sign", [-2]), "−1"),
  Row(.exp(0 * x), "1"),
  Row(.exp(2), "e²"),
  Row(.digits("0.50") * .digits("2"), "0.50 · 2"),
  Row(x - .digits("-0.3"), "x − (−0.3)"),
  Row(.digits("1") * x, "1 · x"),
  Row(.piecewise([(a, .relation(2, .greater, 1))], b), "a"),
  Row(
    .piecewise([(a, .relation(0, .greater, 1)), (b, .relation(x, .greater, 0))], c),
    "{ b if x > 0; c otherwise }"),
  Row(
    .piecewise([
      (a, .relation(x, .greater, 0)), (b, .relation(1, .equal, 1)), (c, Formula.symbol("d")),
    ]), "{ a if x > 0; b otherwise }"),
  Row(.piecewise([(a, .relation(.digits("0.5"), .less, 0))], b), "b"),
  Row(.piecewise([(0, .relation(x, .less, 0))], 1 - 1), "0"),
  Row(.piecewise([(a, .relation(0, .less, 0))]), "{  }"),
  Row(0 * .number(.infinity), "0 · ∞"),
  Row(.equals(1 * a, b + 0), "a = b"),
  Row(.sum(of: 1 * .indexed(x, ["k" + 0]), over: "k", from: 1, to: "n" * 1), "Σₖ₌₁ⁿ xₖ₊₀"),
  Row(.partial(1 * a, b), "∂(1 · a)/∂b"),
  Row(1e8 * 1e8, "100000000 · 100000000"),
]

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

private let values = ["a": 1.37, "b": 0.59, "c": -0.83, "x": 2.21]

/// The formula, or x where dividing by it has no finite result: 0 · (a / 0) is simplified to 0.
private func divisor(_ formula: Formula) -> Formula {
  guard let value = formula.evaluate(values), value.isFinite, abs(value) > 1e-2 else { return x }
  return formula
}

/// A tree full of what simplification looks for.
private func tree(_ depth: Int, _ random: inout SplitMix) -> Formula {
  let leaves: [Formula] = [
    a, b, c, x, 0, 1, -1, 2, 0.5, 3, 0.1, -0.7, half, .digits("0.250"), .digits("-1"), 4, -2,
  ]
  if depth == 0 { return leaves.randomElement(using: &random) ?? a }
  func next() -> Formula { tree(Int.random(in: 0..<depth, using: &random), &random) }
  // No tree has this very value, which rounding could put on either side.
  let bound: Formula = Bool.random(using: &random) ? 0.3137 : -0.3137
  func several() -> [Formula] { (0..<Int.random(in: 0...4, using: &random)).map { _ in next() } }
  switch Int.random(in: 0..<16, using: &random) {
  case 0, 1: return .sum(several())
  case 2, 3: return .product(several())
  case 4, 5: return .difference(next(), next())
  case 6, 7: return .negation(next())
  case 8, 9: return .quotient(next(), divisor(next()))
  case 10: return .power(divisor(next()), [0, 1, 2, 3, -1].randomElement(using: &random) ?? 1)
  case 11: return .absolute(next())
  case 12:
    return .call(["exp", "tanh", "cos", "erf"].randomElement(using: &random) ?? "", [next()])
  case 13:
    return .piecewise([(next(), .relation(next(), .greater, bound))], next())
  case 14: return .ln(.exp(next()))
  default: return .call("max", [next(), next()])
  }
}

@Suite struct FormulaSimplificationTests {
  @Test(arguments: table) fileprivate func isWritten(_ row: Row) {
    let simplified = row.formula.simplified()
    #expect(simplified.text == row.text)
    #expect(simplified.simplified() == simplified)
  }

  @Test func keepsTheValue() throws {
    var random = SplitMix(state: 1)
    var (checked, smaller) = (0, 0)
    for _ in 0..<4000 {
      let formula = tree(6, &random)
      guard let before = formula.evaluate(values), before.isFinite, abs(before) < 1e6 else {
        continue
      }
      let simplified = formula.simplified()
      let after = try #require(simplified.evaluate(values), "\(formula) → \(simplified)")
      #expect(
        abs(after - before) <= 1e-12 * max(1, abs(before)), "\(formula) → \(simplified)")
      checked += 1
      if simplified != formula { smaller += 1 }
    }
    #expect(checked > 2000)
    #expect(smaller > 1500)
  }

  @Test func isIdempotent() {
    var random = SplitMix(state: 2)
    for _ in 0..<4000 {
      let formula = tree(6, &random)
      let once = formula.simplified()
      let twice = once.simplified()
      #expect(twice == once, "\(formula): \(once) → \(twice)")
    }
  }
}
