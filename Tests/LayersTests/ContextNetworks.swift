import Foundation
import Layers
import Tensors
import Testing

/// Elman's and Jordan's networks: their parts, files, and what they refuse. Their numbers are compared
/// with loops by hand among the references of layers.
struct ContextNetworks {
  private func layer(_ json: String) throws -> any Layer {
    try JSONDecoder().decode(LayerBox.self, from: Data(json.utf8)).layer
  }

  private func message(_ json: String) -> String? {
    do {
      _ = try layer(json)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func partsHaveNames() throws {
    let elman = ElmanNetwork(hidden: 10, outputs: 1)
    #expect(try elman.parameterCount(input: [4, 1]) == 131)
    #expect(try elman.outputShape(input: [4, 1]) == [4, 1])
    #expect(
      try elman.initialParameters(input: [4, 2], type: .float64, seed: 0).names.sorted() == [
        "hidden.bias", "hidden.inputWeight", "hidden.recurrentWeight", "output.bias",
        "output.weight",
      ])
    let jordan = JordanNetwork(hidden: 10, outputs: 2, output: .last)
    #expect(try jordan.parameterCount(input: [4, 1]) == 10 + 10 + 20 + 20 + 2)
    #expect(try jordan.outputShape(input: [4, 1]) == [2])
  }

  @Test func filesAreReadWithDefaults() throws {
    #expect(
      try layer(#"{"kind": "elmanNetwork", "hidden": 4, "outputs": 2}"#) as? ElmanNetwork
        == ElmanNetwork(hidden: 4, outputs: 2))
    #expect(
      try layer(#"{"kind": "jordanNetwork", "hidden": 4, "outputs": 2, "decay": 0.25}"#)
        as? JordanNetwork == JordanNetwork(hidden: 4, outputs: 2, decay: 0.25))
    let networks: [any Layer] = [
      ElmanNetwork(
        hidden: 2, outputs: 3, activation: .tanh, outputActivation: .linear,
        learnsThroughTime: true, output: .last, carriesState: true, name: "reader"),
      JordanNetwork(hidden: 2, outputs: 3, decay: 0, output: .last, carriesState: true),
      Jordan(units: 2, outputs: 3, decay: 0.75),
    ]
    for network in networks {
      let text = String(decoding: try JSONEncoder().encode(LayerBox(network)), as: UTF8.self)
      #expect(LayerBox(try layer(text)) == LayerBox(network))
    }
    // A Jordan layer without a decay is written as it was before there was one.
    let plain = String(
      decoding: try JSONEncoder().encode(LayerBox(Jordan(units: 1, outputs: 1))), as: UTF8.self)
    #expect(!plain.contains("decay"))
  }

  @Test func slipsAreNamed() {
    #expect(
      message(#"{"kind": "elmanNetwork", "hidden": 0, "outputs": 1}"#)
        == "elmanNetwork: hidden is 0, expected at least 1")
    #expect(
      message(#"{"kind": "elmanNetwork", "hiden": 3, "outputs": 1}"#)
        == "elmanNetwork: there is no field \"hiden\"; the nearest is hidden")
    #expect(
      message(#"{"kind": "jordanNetwork", "hidden": 3}"#) == "jordanNetwork: outputs is missing")
    for decay in ["1", "-0.5"] {
      #expect(
        message(#"{"kind": "jordanNetwork", "hidden": 3, "outputs": 1, "decay": \#(decay)}"#)?
          .hasSuffix("expected at least 0 and less than 1") == true)
    }
    do {
      _ = try ElmanNetwork(hidden: 2, outputs: 1, name: "net").parameterCount(input: [3])
      Issue.record("rows without steps were taken")
    } catch {
      #expect(
        "\(error)".contains("elman: input has shape [2, 3], expected [batch, steps, features]"))
    }
  }
}
