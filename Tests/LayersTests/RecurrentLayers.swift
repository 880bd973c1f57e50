import Differentiation
import Foundation
import GraphIR
import Layers
import Tensors
import Testing

// Foundation has an `Expression` of its own.
import struct GraphIR.Expression

/// Recurrent layers: their files, what they refuse, and the size of their graphs.
struct RecurrentLayers {
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

  private func message(of model: some Layer, input: Shape) -> String? {
    do {
      _ = try model.parameterCount(input: input)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func filesHoldWhatDiffersFromThePlainCase() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ layer: any Layer) throws -> String {
      try String(decoding: encoder.encode(LayerBox(layer)), as: UTF8.self)
    }
    #expect(try text(GRU(units: 3)) == #"{"hasBias":true,"kind":"gru","units":3}"#)
    let recurrence = Recurrence(
      layers: 2, dropout: 0.25, output: .last, segment: 10, isTruncated: true, carriesState: true)
    let full =
      #"{"carriesState":true,"dropout":0.25,"forgetBias":1,"hasBias":true,"isTruncated":true,"#
      + #""kind":"lstm","layers":2,"output":"last","segment":10,"units":3}"#
    let lstm = LSTM(units: 3, forgetBias: 1, recurrence: recurrence)
    #expect(try text(lstm) == full)
    #expect(try layer(full) as? LSTM == lstm)
    for kind in ["elman", "gru", "lstm"] {
      let json = #"{"kind": "\#(kind)", "units": 2, "isBidirectional": true, "layers": 3}"#
      let read = try #require(try layer(json) as? any RecurrentLayer)
      #expect(read.recurrence == Recurrence(layers: 3, isBidirectional: true))
    }
    #expect(
      lstm.description == "lstm, 3 units, 2 layers, dropout 0.25, last step, segments of 10, "
        + "truncated, carries its state")
  }

  @Test func slipsOfThePenAreNamed() {
    for kind in ["elman", "gru", "lstm"] {
      #expect(
        message(#"{"kind": "\#(kind)", "unitz": 3}"#)
          == "\(kind): there is no field \"unitz\"; the nearest is units")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 3, "isBidirectionl": true}"#)
          == "\(kind): there is no field \"isBidirectionl\"; the nearest is isBidirectional")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 0}"#)
          == "\(kind): units is 0, expected at least 1")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 4611686018427387904}"#)
          == "\(kind): units is 4611686018427387904, expected at most 32768")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 1, "isTruncated": true}"#)
          == "\(kind): isTruncated is true without a segment, "
          + "expected segment to say after how many steps")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 1, "segment": 0}"#)
          == "\(kind): segment is 0, expected at least 1")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 1, "layers": 0}"#)
          == "\(kind): layers is 0, expected 1 to 1000")
      #expect(
        message(#"{"kind": "\#(kind)", "units": 1, "dropout": 1}"#)
          == "\(kind): dropout is 1.0, expected at least 0 and less than 1")
      #expect(
        message(
          #"{"kind": "\#(kind)", "units": 1, "carriesState": true, "isBidirectional": true}"#)
          == "\(kind): carriesState is true with two directions, "
          + "expected one: the other starts from the end")
    }
    #expect(
      message(#"{"kind": "jordan", "units": 3}"#) == "jordan: outputs is missing")
    #expect(
      message(#"{"kind": "jordan", "units": 3, "outputs": 0}"#)
        == "jordan: outputs is 0, expected at least 1")
    #expect(
      message(#"{"kind": "lstm", "units": 3, "output": "lst"}"#)
        == "output: there is no output \"lst\"; the nearest is last")
    #expect(
      message(#"{"kind": "lstm", "units": 3, "segment": "many"}"#)
        == "lstm: segment: found \"many\", expected a whole number")
  }

  @Test(arguments: ["elman", "jordan", "gru", "lstm"])
  func wrongInputsAreRefused(kind: String) throws {
    let json = #"{"kind": "\#(kind)", "units": 3, "name": "reader""#
    let reader = try layer(json + (kind == "jordan" ? #", "outputs": 2}"# : "}"))
    let model = Sequential([reader])
    for (input, found) in [([5], "[2, 5]"), ([2, 3, 4], "[2, 2, 3, 4]"), ([0, 3], "[2, 0, 3]")] {
      #expect(
        message(of: model, input: Shape(input))
          == "reader: \(kind): input has shape \(found), expected [batch, steps, features]")
    }
    let builder = GraphBuilder()
    _ = trace(
      model, input: builder.input("x", TensorType([2, 4, 3], .int32)), training: false)
    #expect(
      builder.firstError?.description == "reader: \(kind): input is int32 [2, 4, 3], "
        + "expected float32 numbers")
  }

  @Test func aMaskOfOtherStepsIsRefused() {
    let pooled = [MaxPooling([2])] as [any Layer]
    for (kind, reader) in [
      ("lstm", LSTM(units: 3)), ("multiHeadAttention", MultiHeadAttention(heads: 1)),
      ("globalMaxPooling", GlobalMaxPooling()), ("globalAveragePooling", GlobalAveragePooling()),
    ] as [(String, any Layer)] {
      #expect(
        message(of: Sequential([Masking() as any Layer] + pooled + [reader]), input: [6, 2])
          == "\(kind)1: \(kind): the mask of padded steps has shape [2, 6], expected [2, 3], as the "
          + "input has; a layer before changes the number of steps")
      #expect(message(of: Sequential(pooled + [reader]), input: [6, 2]) == nil)
    }
  }

  @Test func maskingRefusesWhatHasNoSteps() {
    let model = Sequential { Masking(name: "padding") }
    #expect(
      message(of: model, input: [5])
        == "padding: masking: input has shape [2, 5], expected [batch, steps, features]")
    #expect(
      message(#"{"kind": "masking", "valeu": 0}"#)
        == "masking: there is no field \"valeu\"; the nearest is value")
    #expect(
      message(of: Masking(value: .infinity), input: [3, 1])
        == "masking: value is inf, expected a finite number")
  }

  /// All nodes of a training step, those of the loops' bodies among them.
  private func nodes(steps: Int, _ recurrence: Recurrence) throws -> Int {
    func count(_ graph: Graph) -> Int {
      graph.nodes.reduce(0) { sum, node in
        sum + 1 + ((node.operation as? Loop).map { count($0.body.graph) } ?? 0)
      }
    }
    let builder = GraphBuilder()
    let model = LSTM(units: 3, recurrence: recurrence)
    let input = builder.input("x", TensorType(Shape([2, steps, 2]), .float32))
    let traced = trace(model, input: input, training: true)
    let gradients = gradient(of: traced.output.sum(), withRespectTo: traced.parameters)
    for (index, gradient) in gradients.enumerated() { builder.output("\(index)", gradient) }
    return count(try builder.finish())
  }

  @Test func graphsDoNotGrowWithTheSteps() throws {
    for recurrence in [
      Recurrence(), Recurrence(layers: 2, isBidirectional: true), Recurrence(segment: 10),
      Recurrence(segment: 10, isTruncated: true),
    ] {
      #expect(try nodes(steps: 20, recurrence) == nodes(steps: 100_000, recurrence))
    }
  }

  @Test func statesAreCarriedInTrainingOnly() throws {
    let model = Sequential {
      LSTM(units: 3, recurrence: Recurrence(layers: 2, carriesState: true), name: "reader")
    }
    func traced(training: Bool) throws -> (ModelTrace, Graph) {
      let builder = GraphBuilder()
      let input = builder.input("x", TensorType([2, 4, 1], .float64))
      let traced = trace(model, input: input, training: training)
      builder.output("y", traced.output)
      return (traced, try builder.finish())
    }
    let (inTraining, graph) = try traced(training: true)
    #expect(
      inTraining.carried.map(\.name)
        == (1...4).map { "carried/reader.state\($0) [2, 3]" })
    #expect(inTraining.carried.allSatisfy { $0.variable.id != $0.value.id })
    #expect(inTraining.declarations.map(\.name).allSatisfy { !$0.contains("carried") })
    #expect(graph.variables.count == inTraining.declarations.count + 4)
    let (outside, plain) = try traced(training: false)
    #expect(outside.carried.isEmpty)
    #expect(plain.variables.count == outside.declarations.count)
  }
}
