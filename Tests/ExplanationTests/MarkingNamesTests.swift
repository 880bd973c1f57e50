import Explanation
import Testing

@Suite("Names in hand derivations")
struct MarkingNamesTests {
  private let names = QuantityNames(HandDerivation.mazur)

  @Test(
    "What people write is found",
    arguments: [
      ("net_o2", "net_o2"), ("neto2", "net_o2"), ("net_{o2}", "net_o2"), ("Net_o2", "net_o2"),
      ("net o2", "net_o2"), ("outh1", "out_h1"), ("\\mathrm{out}_{h1}", "out_h1"),
      ("E_total", "E_total"), ("Etotal", "E_total"), ("E", "E_total"),
      ("total error", "E_total"), ("Loss", "E_total"), ("总误差", "E_total"), ("E1", "E_o1"),
      ("dE/dw5", "dE_total/dw5"), ("∂E_total/∂w5", "dE_total/dw5"),
      ("∂E/∂w₅", "dE_total/dw5"), ("dEtotal/dw5", "dE_total/dw5"),
      ("\\frac{\\partial E}{\\partial w_5}", "dE_total/dw5"), ("grad_w5", "dE_total/dw5"),
      ("dw5", "dE_total/dw5"), ("w5⁺", "w5+"), ("w₅⁺", "w5+"), ("w5_new", "w5+"),
      ("new w5", "w5+"), ("w5'", "w5+"), ("w5′", "w5+"), ("w_5^{+}", "w5+"), ("δ_o1", "delta_o1"),
      ("δo1", "delta_o1"), ("delta o1", "delta_o1"), ("dE/dnet_o1", "delta_o1"),
      ("dout_o1/dnet_o1", "dout_o1/dnet_o1"), ("∂out_o1/∂net_o1", "dout_o1/dnet_o1"),
      ("dE/dout_h1", "dE_total/dout_h1"), ("dneto1 / dw5", "dnet_o1/dw5"), ("x1", "i1"),
      ("t1", "target_o1"), ("t_o1", "target_o1"), ("η", "eta"), ("\\eta", "eta"),
      ("learning rate", "eta"), ("E_new", "E_total+"), ("net_h1⁺", "net_h1+"),
      ("NET_H1", "net_h1"), ("W5", "w5"),
    ])
  func found(_ written: String, _ meant: String) throws {
    #expect(try names.resolve(written) == meant)
  }

  @Test("Examples, steps and layers keep apart what differs by a digit")
  func suffixes() throws {
    let quantities = [
      "net_h1(2)", "net_h12", "net_h1+(2)", "net_h2.3", "net_h23", "dE(2)/dw5", "dE_total/dw5",
      "w_i1,h2",
    ].map { Quantity(name: $0, symbol: .symbol($0), value: 0, kind: .netInput) }
    let names = QuantityNames(Derivation(quantities: quantities, sections: []))
    #expect(try names.resolve("neth1(2)") == "net_h1(2)")
    #expect(try names.resolve("net_h1^{(2)}") == "net_h1(2)")
    #expect(try names.resolve("neth12") == "net_h12")
    #expect(try names.resolve("net_h1(2)+") == "net_h1+(2)")
    #expect(try names.resolve("neth2.3") == "net_h2.3")
    #expect(try names.resolve("∂E(2)/∂w5") == "dE(2)/dw5")
    #expect(try names.resolve("w_{i1,h2}") == "w_i1,h2")
  }

  @Test("An unknown name is refused with the nearest")
  func unknown() {
    let error = #expect(throws: MarkingError.self) { try names.resolve("net_o3", line: 7) }
    #expect(
      error?.description == "line 7: there is no quantity \"net_o3\"; the nearest is net_o1")
  }

  @Test("Two names of one quantity are refused")
  func twice() {
    let error = #expect(throws: MarkingError.self) {
      try Marking(
        [claim("dE/dw5", "0.1", line: 3), claim("∂E/∂w5", "0.2", line: 9)],
        of: HandDerivation.mazur)
    }
    #expect(
      error?.description
        == "line 9: \"∂E/∂w5\" is dE_total/dw5, which has a number already on line 3 as \"dE/dw5\"")
  }
}
