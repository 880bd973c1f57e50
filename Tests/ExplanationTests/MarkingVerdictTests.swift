import Explanation
import Testing

@Suite("Verdicts on hand derivations")
struct MarkingVerdictTests {
  private func verdicts(_ claims: [Claim]) throws -> [Marking.Verdict] {
    try Marking(claims, of: HandDerivation.mazur).marks.map(\.verdict)
  }

  @Test("All of Mazur's printed numbers are right")
  func mazur() throws {
    let marking = try Marking(
      [
        claim("net_h1", "0.3775"), claim("out_h1", "0.593269992"), claim("out_h2", "0.596884378"),
        claim("net_o1", "1.105905967"), claim("out_o1", "0.75136507"),
        claim("out_o2", "0.772928465"), claim("E_o1", "0.274811083"),
        claim("E_o2", "0.023560026"), claim("E_total", "0.298371109"),
        claim("dE_total/dout_o1", "0.74136507"), claim("dout_o1/dnet_o1", "0.186815602"),
        claim("dnet_o1/dw5", "0.593269992"), claim("dE_total/dw5", "0.082167041"),
        claim("w5+", "0.35891648"), claim("w6+", "0.408666186"), claim("w7+", "0.511301270"),
        claim("w8+", "0.561370121"), claim("dE_total/dout_h1", "0.036350306"),
        claim("dout_h1/dnet_h1", "0.241300709"), claim("dE_total/dw1", "0.000438568"),
        claim("w1+", "0.149780716"), claim("w4+", "0.29950229"),
      ], of: HandDerivation.mazur)
    #expect(marking.isAllRight)
    #expect(marking.firstWrong == nil)
    #expect(marking.marks[0].verdict == .right)
    #expect(marking.marks[1].verdict == .rightToDigits)
  }

  @Test("Digits given: rounded or cut off, with zeros at the end")
  func digits() throws {
    // out_o1 is 0.7513650695523157.
    #expect(
      try [
        "0.7513650695523157", "0.751365", "0.75136507", "0.75136506", "0.7514", "0.7513", "0.75",
      ]
      .map { try verdicts([claim("out_o1", $0)])[0] }
        == [.right] + Array(repeating: .rightToDigits, count: 6))
    for text in ["0.7512", "0.7515", "0.7510", "0.750", "0.75136500", "1", "0"] {
      guard case .wrong = try verdicts([claim("out_o1", text)])[0] else {
        Issue.record("\(text) passes")
        continue
      }
    }
    let small = Claim(name: "dE/dw1", text: "4.386×10^-4", value: 4.386e-4)
    #expect(try verdicts([small]) == [.rightToDigits])
  }

  @Test("Rounded numbers carried on are no mistake")
  func rounding() throws {
    // With 0.74 and 0.19 for 0.7414 and 0.1868, δ comes out as 0.1406 for 0.1385.
    #expect(
      try verdicts([
        claim("dE/dout_o1", "0.74"), claim("dout_o1/dnet_o1", "0.19"), claim("δ_o1", "0.1406"),
      ]) == [.rightToDigits, .rightToDigits, .rightWithRounding])
    // Where nothing was rounded before it, it is.
    #expect(try verdicts([claim("δ_o1", "0.1406")])[0] != .rightWithRounding)
    // And rounding goes only so far: ±0.5 % and ±2.7 % of the two.
    let far = try verdicts([
      claim("dE/dout_o1", "0.74"), claim("dout_o1/dnet_o1", "0.19"), claim("δ_o1", "0.1500"),
    ])
    guard case .wrong = far[2] else {
      Issue.record("0.1500 passes as rounding: \(far[2])")
      return
    }
  }

  @Test("A given number written down again is exact, not rounded")
  func exactGiven() throws {
    let marks = try verdicts([
      claim("w5", "0.40"), claim("out_h1", "0.593269992"), claim("net_o1", "1.1075"),
    ])
    guard case .wrong = marks[2] else {
      Issue.record("net_o1 passes: \(marks[2])")
      return
    }
  }

  @Test("What follows from a mistake is not wrong again")
  func follows() throws {
    // net_o1 without the bias: 0.505905967; all that comes after it is made from that.
    let marking = try Marking(
      [
        claim("net_o1", "0.505905967", line: 4), claim("out_o1", "0.623846"),
        claim("E_o1", "0.18840", line: 6), claim("w5+", "0.3573", line: 9),
        claim("out_o2", "0.7729"), claim("E_total", "0.2120"),
      ], of: HandDerivation.mazur)
    guard case .wrong(let slips) = marking.marks[0].verdict else {
      Issue.record("net_o1: \(marking.marks[0].verdict)")
      return
    }
    #expect(slips.first == .termForgotten("b2"))
    #expect(marking.marks[1].verdict == .followsFromMistake(of: ["net_o1"]))
    #expect(marking.marks[2].verdict == .followsFromMistake(of: ["net_o1"]))
    #expect(marking.marks[3].verdict == .followsFromMistake(of: ["net_o1"]))
    #expect(marking.marks[4].verdict == .rightToDigits)
    #expect(marking.marks[5].verdict == .followsFromMistake(of: ["net_o1"]))
    #expect(marking.firstWrong?.quantity == "net_o1")
    #expect(marking.wrongCount == 1 && marking.followingCount == 4 && marking.rightCount == 1)
  }

  @Test("The first wrong step is the first of the derivation, not of the page")
  func first() throws {
    let marking = try Marking(
      [claim("w5+", "0.9123"), claim("net_h1", "0.1234")], of: HandDerivation.mazur)
    #expect(marking.firstWrong?.quantity == "net_h1")
  }
}
