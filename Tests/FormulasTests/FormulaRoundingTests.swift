import Formulas
import Testing

@Suite struct FormulaRoundingTests {
  @Test(
    arguments: [
      (0.3775, 9, "0.3775"), (0.751365069552, 8, "0.75136507"),
      (0.29837110876, 9, "0.298371109"), (1.5e-12, 9, "1.5×10⁻¹²"), (0, 9, "0"), (-0.0, 3, "0"),
      (-0.5, 9, "−0.5"), (1e-4, 3, "0.0001"), (9.9999e-5, 3, "0.0001"), (9.99e-5, 3, "9.99×10⁻⁵"),
      (999_999_999, 9, "999999999"), (999_999_999.9, 9, "1×10⁹"), (123_456_789, 3, "123000000"),
      (12.5, 2, "12"), (13.5, 2, "14"), (100, 1, "100"), (-2.5e9, 5, "−2.5×10⁹"), (7, 0, "7"),
      (0.1, 99, "0.10000000000000001"), (1.0 / 3, 17, "0.33333333333333331"),
      (.leastNonzeroMagnitude, 3, "4.94×10⁻³²⁴"),
      (.infinity, 3, "∞"), (-.infinity, 3, "−∞"), (.nan, 3, "NaN"),
    ] as [(Double, Int, String)])
  func hasThatManyDigits(value: Double, digits: Int, text: String) {
    #expect(Formula.rounded(value, digits: digits).text == text)
  }

  @Test func isReadBack() throws {
    for value in [0.1, -1.0 / 3, 2.5e-300, 1.7e308, 123456.789, 99999.5] {
      #expect(Formula.rounded(value, digits: 17).evaluate() == value)
      let short = try #require(Formula.rounded(value, digits: 6).evaluate())
      #expect(abs(short - value) <= 5e-6 * abs(value))
    }
    #expect(Formula.rounded(-.infinity, digits: 3).evaluate() == -.infinity)
    #expect(Formula.digits("−∞").evaluate() == -.infinity)
  }

  @Test func negativeAndLongNumbersGetParentheses() {
    #expect(("a" * .rounded(-0.25, digits: 3) as Formula).text == "a · (−0.25)")
    #expect(Formula.power(.rounded(1e-9, digits: 3), 2).text == "(1×10⁻⁹)²")
  }
}
