import Charts
import Testing

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0, "0"), (1, "1"), (-2.5, "−2.5"), (0.1, "0.1"), (1.0 / 3, "0.3333"), (9.9996, "10"),
      (123456, "123456"), (999_999.7, "1e6"), (1.5e-7, "1.5e−7"), (0.0001, "0.0001"),
      (6.02214076e23, "6.022e23"), (-1e300, "−1e300"), (.leastNonzeroMagnitude, "4.941e−324"),
      (.infinity, "∞"), (-.infinity, "−∞"), (.nan, "NaN"),
    ] as [(Double, String)])
  func compact(value: Double, expected: String) {
    #expect(NumberText.compact(value) == expected)
  }

  @Test func fixedDecimals() {
    #expect(NumberText.fixed(0.05, decimals: 2) == "0.05")
    #expect(NumberText.fixed(2.5, decimals: 0) == "3")
    #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.fixed(-1.25, decimals: 1) == "−1.3")
  }

  @Test func percentages() {
    #expect(NumberText.percent(0.934) == "93\u{A0}%")
    #expect(NumberText.percent(1) == "100\u{A0}%")
    #expect(NumberText.percent(.nan) == "–")
  }
}
