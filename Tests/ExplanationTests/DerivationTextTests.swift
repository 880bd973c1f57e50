import Explanation
import Testing

/// The numbers that the published hand derivations print, to the digits that they print.
@Suite("Derivations beside the published ones")
struct DerivationTextTests {
  private func check(
    _ example: String, order: UpdateOrder = .simultaneous, _ expected: [(String, String)]
  ) throws {
    var problem = try Derivations.problem(example)
    problem.order = order
    let derivation = try Derivation(of: problem)
    for (name, text) in expected {
      let quantity = try #require(derivation[name], "\(name)")
      let printed = try #require(Double(text))
      let decimals = text.split(separator: ".")[1].count
      var unit = 1.0
      for _ in 0..<decimals { unit /= 10 }
      // Rounded or cut off to the digits printed, as texts do.
      #expect(
        abs(quantity.value - printed) < unit, "\(example), \(name): found \(quantity.value)")
    }
  }

  @Test func `mazur, the whole step`() throws {
    try check(
      "mazur",
      [
        ("net_h1", "0.3775"), ("out_h1", "0.593269992"), ("out_h2", "0.596884378"),
        ("net_o1", "1.105905967"), ("out_o1", "0.75136507"), ("out_o2", "0.772928465"),
        ("E_o1", "0.274811083"), ("E_o2", "0.023560026"), ("E_total", "0.298371109"),
        ("dE_total/dout_o1", "0.74136507"), ("dout_o1/dnet_o1", "0.186815602"),
        ("dnet_o1/dw5", "0.593269992"), ("delta_o1", "0.138498562"),
        ("dE_total/dw5", "0.082167041"), ("dE_o1/dout_h1", "0.055399425"),
        ("dE_o2/dout_h1", "-0.019049119"), ("dE_total/dout_h1", "0.036350306"),
        ("dout_h1/dnet_h1", "0.241300709"), ("dnet_h1/dw1", "0.05"),
        ("dE_total/dw1", "0.000438568"), ("w5+", "0.35891648"), ("w6+", "0.408666186"),
        ("w7+", "0.511301270"), ("w8+", "0.561370121"), ("w1+", "0.149780716"),
        ("w2+", "0.19956143"), ("w3+", "0.24975114"), ("w4+", "0.29950229"),
        ("E_total+", "0.29102777369359933"),
      ])
  }

  @Test func `mazur, updated layer by layer`() throws {
    try check(
      "mazur", order: .sequential,
      [("w5+", "0.35891648"), ("E_total", "0.298371109"), ("E_total+", "0.2910279239")])
  }

  @Test func `cda-2018, the whole step`() throws {
    try check(
      "cda-2018",
      [
        ("E_total", "0.0407338056927284"), ("E_o2", "0.009833246"),
        ("dE_total/dw6", "0.0281336688604"), ("w6+", "0.347186633114"), ("w1+", "0.249998180881"),
      ])
  }

  /// The article's own numbers.
  static let claims = [
    ("E_o1", "0.01545028"), ("E_o2", "0.009833246"), ("E_total", "0.025283526"),
    ("∂E/∂w6", "0.028133669"), ("w6⁺", "0.347186633"),
  ]

  static func claims(_ claims: [(String, String)]) throws -> [Claim] {
    try claims.map { name, text in
      Claim(name: name, text: text, value: try #require(Double(text)))
    }
  }

  @Test func `the claims of cda-2018: one mistake, and what follows from it`() throws {
    let marking = try Marking(
      Self.claims(Self.claims), of: WorkedExamples.named("cda-2018").worksheet())
    #expect(
      marking.marks.map(\.quantity) == ["E_o1", "E_o2", "E_total", "dE_total/dw6", "w6+"])
    guard case .wrong(let slips) = marking.marks[0].verdict else {
      Issue.record("E_o1 is \(marking.marks[0].verdict)")
      return
    }
    #expect(slips.first == .factorTwice(.quotient(1, 2)), "\(slips)")
    #expect(abs(marking.marks[0].rightValue - 2 * 0.01545028) < 1e-8)
    #expect(marking.marks[1].verdict == .rightToDigits)
    #expect(marking.marks[2].verdict == .followsFromMistake(of: ["E_o1"]))
    #expect(marking.marks[3].verdict == .rightToDigits)
    #expect(marking.marks[4].verdict == .rightToDigits)
    #expect(marking.wrongCount == 1 && marking.followingCount == 1 && marking.rightCount == 3)
    #expect(marking.firstWrong?.quantity == "E_o1")
  }

  @Test func `mazur's net_o2 with the wrong neuron's output`() throws {
    let worksheet = try WorkedExamples.named("mazur").worksheet()
    let derivation = try Derivation(of: Derivations.problem(worksheet))
    func value(_ name: String) throws -> Double { try #require(derivation[name]).value }
    let wrong =
      try value("w7") * value("out_h2") + value("w8") * value("out_h2") + value("b2")
    let marking = try Marking(
      [Claim(name: "net_o2", text: "\(wrong)", value: wrong)], of: worksheet)
    let mark = try #require(marking.marks.first)
    guard case .wrong(let slips) = mark.verdict else {
      Issue.record("net_o2 is \(mark.verdict)")
      return
    }
    #expect(
      slips.first
        == .replaced(
          .symbol("out", subscript: "h1", superscript: nil),
          by: .symbol("out", subscript: "h2", superscript: nil)), "\(slips)")
  }
}
