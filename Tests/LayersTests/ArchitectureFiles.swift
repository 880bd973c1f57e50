import Foundation
import GraphIR
import Layers
import Tensors
import Testing

// Foundation has an `Expression` of its own.
import struct GraphIR.Expression

/// Writing and reading layers and losses as JSON.
struct ArchitectureFiles {
  func layer(_ json: String, own: [any Layer.Type] = []) throws -> any Layer {
    let decoder = JSONDecoder()
    decoder.userInfo[.layerTypes] = own
    return try decoder.decode(LayerBox.self, from: Data(json.utf8)).layer
  }

  func message(_ json: String) -> String? {
    do {
      _ = try layer(json)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func everyLayerSurvives() throws {
    for type in Layers.all {
      for sample in type.samples {
        let box = LayerBox(sample.layer)
        let copy = try JSONDecoder().decode(LayerBox.self, from: JSONEncoder().encode(box))
        #expect(copy == box)
      }
    }
  }

  @Test func everyLossSurvives() throws {
    for type in Losses.all {
      for sample in type.samples {
        let box = LossBox(sample.loss)
        let copy = try JSONDecoder().decode(LossBox.self, from: JSONEncoder().encode(box))
        #expect(copy == box)
      }
    }
  }

  @Test func aLayerIsItsFieldsAndItsKind() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let box = LayerBox(
      Dense(units: 16, activation: .leakyReLU, weight: .normal(mean: 0, deviation: 0.5)))
    #expect(
      try String(decoding: encoder.encode(box), as: UTF8.self)
        == #"{"activation":"leakyReLU","bias":"zeros","hasBias":true,"kind":"dense","#
        + #""sharesBias":false,"units":16,"weight":{"normal":{"deviation":0.5,"mean":0}}}"#)
  }

  @Test func fieldsThatAreLeftOutTakeDefaults() throws {
    let dense = try #require(
      try layer(#"{"kind": "dense", "units": 3, "activation": "leaky-relu"}"#) as? Dense)
    #expect(dense == Dense(units: 3, activation: .leakyReLU))
  }

  @Test func initializersSurvive() throws {
    let all: [Initializer] = [
      .glorotUniform, .heNormal, .zeros, .constant(0.1), .uniform(low: -1, high: 2),
      .normal(mean: 1, deviation: 0), .values([1, 2.5]),
    ]
    let data = try JSONEncoder().encode(all)
    #expect(try JSONDecoder().decode([Initializer].self, from: data) == all)
  }

  @Test func slipsOfThePenAreNamed() {
    #expect(
      message(#"{"kind": "dens", "units": 3}"#)
        == "there is no layer of kind \"dens\"; the nearest is dense")
    #expect(
      message(#"{"kind": "dense", "unitz": 3}"#)
        == "dense: there is no field \"unitz\"; the nearest is units")
    #expect(message(#"{"kind": "dense"}"#) == "dense: units is missing")
    #expect(
      message(#"{"kind": "dense", "units": 0}"#) == "dense: units is 0, expected at least 1")
    for (found, words) in [
      ("3.5", "3.5"), ("1e300", "1e+300"), (#""3""#, #""3""#), ("[3]", "a list"),
      (#"{"a": 1}"#, "an object"), ("true", "true"),
    ] {
      #expect(
        message(#"{"kind": "dense", "units": \#(found)}"#)
          == "dense: units: found \(words), expected a whole number")
    }
    #expect(
      message(#"{"kind": "dropout", "rate": "half"}"#)
        == "dropout: rate: found \"half\", expected a number")
    #expect(
      message(#"{"kind": "dense", "units": 1, "hasBias": 1}"#)
        == "dense: hasBias: found 1, expected true or false")
    #expect(message(#"{"units": 3}"#)?.hasPrefix("a layer has no kind; expected") == true)
    #expect(message("3")?.hasPrefix("a layer has no kind; expected") == true)
    #expect(
      message(#"{"kind": "dense", "units": 1, "activation": "sigmiod"}"#)
        == "activation: there is no activation \"sigmiod\"; the nearest is sigmoid")
    #expect(
      message(#"{"kind": "dense", "units": 1, "weight": "heNorml"}"#)
        == "weight: there is no initializer \"heNorml\" without numbers; the nearest is heNormal")
    #expect(
      message(#"{"kind": "dense", "units": 1, "weight": {"uniform": {"low": 2, "high": 1}}}"#)
        == "weight: uniform from 2.0 to 1.0, expected a lower and a higher number")
    #expect(
      message(
        #"{"kind": "sequential", "layers": [{"kind": "flatten"}, {"kind": "dropout","rate":2}]}"#)
        == "layers[1]: dropout: rate is 2.0, expected at least 0 and less than 1")
  }

  struct Double2: Layer {
    static let kind = "double"
    var name: String?
    func callAsFunction(_ input: Expression, in scope: Scope) -> Expression { input * 2 }
  }

  @Test func layersOfOnesOwnAreRead() throws {
    let json = #"{"kind": "sequential", "layers": [{"kind": "double"}]}"#
    #expect(throws: LayerError.self) { try layer(json) }
    let model = try #require(try layer(json, own: [Double2.self]) as? Sequential)
    #expect(model == Sequential { Double2() })
  }

  @Test func activationsGoByManyNames() {
    for activation in Activation.allCases {
      #expect(Activation(named: activation.rawValue.uppercased()) == activation)
    }
    #expect(Activation(named: "leaky-relu") == .leakyReLU)
    #expect(Activation(named: "swish") == .silu)
    #expect(Activation(named: "logistic") == .sigmoid)
    #expect(Activation(named: "identity") == .linear)
    #expect(Activation(named: "none") == .linear)
    #expect(Activation(named: "sigmiod") == nil)
  }

  @Test func lossesGoByManyNames() throws {
    for type in Losses.all { #expect(try Swift.type(of: Losses.named(type.kind)) == type) }
    #expect(try Losses.named("cross-entropy") is CrossEntropy)
    #expect(try Losses.named("MSE") is MeanSquaredError)
    do {
      _ = try Losses.named("crossentropie")
      Issue.record("an unknown loss was found")
    } catch {
      #expect(
        "\(error)" == "there is no loss \"crossentropie\"; the nearest is crossEntropy")
    }
  }
}
