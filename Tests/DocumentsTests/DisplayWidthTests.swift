import Documents
import Testing

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("net_h1", 6), ("净输入", 6), ("v̂ = 净输入", 10), ("w5⁺ ← ½", 7), ("ŷ", 1),
    ("✓ ✗", 3), ("，。", 4), ("\u{1B}[1;36m0.5\u{1B}[0m", 3), ("a\u{200B}b", 2), ("🙂", 2),
  ])
  func columns(text: String, expected: Int) { #expect(displayWidth(text) == expected) }
}
