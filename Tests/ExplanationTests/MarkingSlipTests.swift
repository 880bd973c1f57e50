import Documents
import Explanation
import Formulas
import Testing

@Suite("Slips in hand derivations")
struct MarkingSlipTests {
  private func slips(
    _ name: String, _ text: String, _ others: [Claim] = [],
    of derivation: Derivation = HandDerivation.mazur
  ) throws -> [Slip] {
    try Marking(others + [claim(name, text)], of: derivation).marks.last?.slips ?? []
  }

  private func partial(_ a: String, _ b: String) -> Formula {
    .partial(.symbol(a), .symbol(b))
  }

  @Test("The halved error of a published table is found out, and what follows from it is not")
  func halvedTwice() throws {
    let marking = try Marking(
      [
        claim("E_o1", "0.01545028"), claim("E_o2", "0.009833246"),
        claim("E_total", "0.025283526"), claim("dE/dw6", "0.028133669"),
        claim("w6+", "0.347186633"),
      ], of: HandDerivation.cda)
    #expect(marking.marks[0].verdict == .wrong([.factorTwice(.quotient(1, 2))]))
    #expect(marking.marks[1].verdict == .rightToDigits)
    #expect(marking.marks[2].verdict == .followsFromMistake(of: ["E_o1"]))
    #expect(marking.marks[3].verdict == .rightToDigits)
    #expect(marking.marks[4].verdict == .rightToDigits)
    #expect(marking.firstWrong?.quantity == "E_o1")
  }

  @Test("The wrong hidden neuron in a net input is named")
  func neighbor() throws {
    // out_h2 · w7 + out_h2 · w8 + b2
    let found = try slips(
      "net_o2", "1.226728597",
      [claim("out_h1", "0.593269992"), claim("out_h2", "0.596884378")])
    #expect(found == [.replaced("out_h1", by: "out_h2")])
    #expect(
      found.first.map { plain($0.sentence(.english)) } == "out_h2 stands where out_h1 belongs")
    #expect(found.first.map { plain($0.sentence(.chinese)) } == "该用 out_h1 的地方误用了 out_h2")
  }

  /// Each wrong number is worked out by hand from mazur's values.
  @Test("Each kind of slip is recognized by the number it gives")
  func kinds() throws {
    let out = 0.7513650695523157
    let h1 = 0.5932699921071872
    let h2 = 0.596884378259767
    let delta = 0.13849856162855698
    let cases: [(String, Double, Slip)] = [
      ("dE/dout_o1", -0.7413650695523157, .sign),
      ("net_h1", 0.3375, .termSign("w2" * "i2")),
      ("E_o1", 0.5496221663, .factorForgotten(.quotient(1, 2))),
      ("delta_o1", 0.7413650695523157, .factorForgotten(partial("out_o1", "net_o1"))),
      ("dE/dw5", 0.7413650695523157 * h1, .factorForgotten(partial("out_o1", "net_o1"))),
      ("dE/dw5", delta, .factorForgotten("out_h1")),
      ("w5+", 0.4 - delta * h1, .factorForgotten("η")),
      ("w5+", 0.4 + 0.5 * delta * h1, .termSign("η" * partial("E_total", "w5"))),
      ("net_h1", 0.0275, .termForgotten("b1")),
      (
        "E_o1", -0.3706825348,
        .powerForgotten(.power(.difference("target_o1", "out_o1"), 2))
      ),
      ("net_o2", 0.45 * h1 + 0.55 * h2 + 0.6, .replaced("w7", by: "w6")),
      ("net_h1", 0.6275, .replaced("b1", by: "b2")),
      ("net_o1", 0.45 * h1 + 0.4 * h2 + 0.6, .exchanged("w5", "w6")),
      ("dout_o1/dnet_o1", 1.105905967 * (1 - 1.105905967), .replaced("out_o1", by: "net_o1")),
      ("out_h1", 0.3775, .activationForgotten("net_h1")),
      ("out_h1", 0.6441150815, .activationTwice("net_h1")),
      ("out_o2", out, .replaced("net_o2", by: "net_o1")),
      ("E_total+", 0.298371108760003, .otherQuantity("E_total")),
    ]
    for (name, value, slip) in cases {
      let text = String((value * 1e8).rounded() / 1e8)
      let found = try slips(name, String(text.prefix(11)))
      #expect(found.contains(slip), "\(name) = \(text): \(found)")
    }
  }

  @Test("Weights replaced layer by layer are told by the other derivation")
  func sequential() throws {
    let wrong = try #require(HandDerivation.sequentialMazur["w1+"])
    let marking = try Marking(
      [claim("w1+", String(wrong.value))], of: HandDerivation.mazur,
      alternatives: [(.sequentialUpdate, HandDerivation.sequentialMazur)])
    #expect(marking.marks[0].slips == [.sequentialUpdate])
  }

  @Test("A slip in a number that was not written down is found")
  func inside() throws {
    // out_h1 from net_h1 without its bias, 0.0275.
    #expect(try slips("out_h1", "0.50687457") == [.inside("net_h1", .termForgotten("b1"))])
  }

  @Test("Numbers rounded on the way, exchanged digits and a moved point are last resorts")
  func lastResorts() throws {
    // E_o1 from out_o1 = 0.75: ½ · 0.74².
    #expect(try slips("E_o1", "0.273800") == [.roundedToDecimals(2)])
    #expect(try slips("out_h1", "0.5923") == [.digitsExchanged(right: "0.5932")])
    #expect(try slips("out_h1", "0.953270") == [.digitsExchanged(right: "0.593270")])
    #expect(try slips("out_h1", "5.93270") == [.decimalPoint(1)])
  }

  @Test("No slip is made up for a number that none gives, or that has too few digits")
  func none() throws {
    #expect(try slips("net_o1", "1.37194225") == [])
    #expect(try slips("net_o1", "3") == [])
  }

  @Test("The number of examples, and weights read by column, are told as such")
  func examplesAndColumns() throws {
    var quantities: [Quantity] = []
    func add(
      _ name: String, _ value: Double, _ kind: Quantity.Kind, _ place: Quantity.Place,
      _ uses: [String] = [], _ forms: [Formula] = []
    ) {
      quantities.append(
        Quantity(
          name: name, symbol: .symbol(name), value: value, kind: kind, place: place,
          forms: forms, uses: uses))
    }
    for k in 1...3 { add("i\(k)", [0.13, -0.57, 0.91][k - 1], .input, .init(layer: 0, unit: k)) }
    let weights = [0.11, 0.23, -0.37, 0.41, 0.53, 0.67, -0.71, 0.83, 0.97]
    for (k, w) in weights.enumerated() {
      add("w\(k + 1)", w, .weight, .init(layer: 1, unit: k / 3 + 1))
    }
    for unit in 1...3 {
      let names = (1...3).map { ("w\(3 * (unit - 1) + $0)", "i\($0)") }
      let value =
        0.13 * weights[3 * unit - 3] - 0.57 * weights[3 * unit - 2] + 0.91 * weights[3 * unit - 1]
      add(
        "net_h\(unit)", value, .netInput, .init(layer: 1, unit: unit),
        names.flatMap { [$0.0, $0.1] }, [.sum(names.map { .symbol($0.0) * .symbol($0.1) })])
    }
    for k in 1...2 {
      add("E\(k)", 0.31 * Double(k), .exampleError, .init(layer: 1, unit: 0, example: k))
    }
    add(
      "E_total", 0.465, .totalError, .init(layer: 1, unit: 0), ["E1", "E2"],
      [.quotient(1, 2) * .sum(["E1", "E2"])])
    let derivation = Derivation(quantities: quantities, sections: [])
    #expect(try slips("E_total", "0.930", of: derivation) == [.examplesForgotten(2)])
    #expect(try slips("E_total", "0.2325", of: derivation) == [.examplesTwice(2)])
    // 0.13 · 0.11 − 0.57 · 0.41 + 0.91 · (−0.71)
    #expect(try slips("net_h1", "-0.8655", of: derivation) == [.weightsTransposed])
  }

  @Test("A wide layer is marked without trying everything")
  func wide() throws {
    let count = 400
    var quantities: [Quantity] = []
    for k in 1...count {
      for (name, kind) in [("i\(k)", Quantity.Kind.input), ("w\(k)", .weight)] {
        quantities.append(
          Quantity(
            name: name, symbol: .symbol(name), value: Double((k * 7919) % 1000) / 997 - 0.31,
            kind: kind, place: .init(layer: kind == .input ? 0 : 1, unit: k)))
      }
    }
    let terms = (1...count).map { Formula.symbol("w\($0)") * .symbol("i\($0)") }
    let value = stride(from: 0, to: 2 * count, by: 2).reduce(0.0) {
      $0 + quantities[$1].value * quantities[$1 + 1].value
    }
    quantities.append(
      Quantity(
        name: "net_h1", symbol: "net_h1", value: value, kind: .netInput,
        place: .init(layer: 1, unit: 1), forms: [.sum(terms)],
        uses: (1...count).flatMap { ["w\($0)", "i\($0)"] }))
    let derivation = Derivation(quantities: quantities, sections: [])
    let forgotten = quantities[20].value * quantities[21].value
    let found = try slips("net_h1", String(value - forgotten), of: derivation)
    #expect(found.first == .termForgotten("w11" * "i11"))
  }

  private func plain(_ text: RichText) -> String {
    text.parts.map { part in
      switch part {
      case .text(let text), .strong(let text), .code(let text): text
      case .formula(let formula): formula.text
      }
    }.joined()
  }
}
