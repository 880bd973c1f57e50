import Foundation
import GraphIR
import Layers
import Tensors
import Testing

/// Names, counts and summaries of models made of layers.
struct ModelNaming {
  let digits = Sequential {
    Dense(units: 16, activation: .sigmoid, name: "hidden")
    Dense(units: 10)
  }

  @Test func parametersAreNamedByPath() throws {
    let names = try digits.declarations(input: [784]).map(\.name)
    #expect(names == ["hidden.weight", "hidden.bias", "dense2.weight", "dense2.bias"])
    let weights = try digits.declarations(input: [784]).filter(\.isWeight).map(\.name)
    #expect(weights == ["hidden.weight", "dense2.weight"])
  }

  @Test func kindsAreNumberedOneByOne() {
    let model = Sequential {
      Dense(units: 2)
      Dropout(0.1)
      Dense(units: 2)
      Dropout(0.2, name: "last")
    }
    #expect(model.layerNames == ["dense1", "dropout1", "dense2", "last"])
  }

  @Test func nestedLayersHaveLongerPaths() throws {
    let model = Sequential {
      Sequential(name: "encoder") {
        Dense(units: 4, name: "hidden")
        Residual { Dense(units: 4) }
      }
    }
    #expect(
      try model.declarations(input: [3]).map(\.name) == [
        "encoder.hidden.weight", "encoder.hidden.bias", "encoder.residual1.dense1.weight",
        "encoder.residual1.dense1.bias",
      ])
  }

  @Test func aBuilderTakesConditionsAndLoops() {
    func model(deep: Bool) -> Sequential {
      Sequential {
        if deep { Flatten() }
        for units in [8, 4] { Dense(units: units) }
        if deep { Dropout(0.5) } else { Activate(.tanh) }
      }
    }
    #expect(model(deep: true).layerNames == ["flatten1", "dense1", "dense2", "dropout1"])
    #expect(model(deep: false).layerNames == ["dense1", "dense2", "activate1"])
  }

  @Test func parametersAreCounted() throws {
    #expect(try digits.parameterCount(input: [784]) == 12_730)
    #expect(try digits.outputShape(input: [784]) == [10])
    #expect(try Dense(units: 3, hasBias: false).parameterCount(input: [5]) == 15)
    #expect(try Dense(units: 3).outputShape(input: [7, 5]) == [7, 3])
    #expect(try Flatten().outputShape(input: [3, 4, 2]) == [24])
  }

  @Test func aSummaryIsATable() throws {
    #expect(
      try digits.summary(input: [784]).description == """
        layer   kind                      output  parameters
        hidden  dense, 16 units, sigmoid  [16]        12,560
        dense2  dense, 10 units           [10]           170
        12,730 parameters
        """)
  }

  @Test func aSummaryIndentsWhatIsInside() throws {
    let model = Sequential {
      Residual(name: "block") { Dense(units: 2, name: "inner") }
      Dense(units: 1, hasBias: false)
    }
    let summary = try model.summary(input: [2])
    #expect(
      summary.description == """
        layer          kind                    output  parameters
        block          residual, 1 layer       [2]              6
          block.inner  dense, 2 units          [2]              6
        dense1         dense, 1 unit, no bias  [1]              2
        8 parameters
        """)
    let copy = try JSONDecoder().decode(ModelSummary.self, from: JSONEncoder().encode(summary))
    #expect(copy == summary)
  }

  @Test func aModelOfOneLayerIsARow() throws {
    let summary = try Dense(units: 1).summary(input: [2])
    #expect(summary.rows.map(\.path) == [""])
    #expect(summary.description.hasSuffix("\n3 parameters"))
  }

  @Test func aModelAppliedTwiceSharesItsParameters() throws {
    let builder = GraphBuilder()
    let a = builder.input("a", TensorType([3, 4], .float32))
    let b = builder.input("b", TensorType([5, 4], .float32))
    let model = Sequential {
      Dense(units: 2)
      Dropout(0.5)
    }
    let first = trace(model, input: a, training: true)
    let second = trace(model, input: b, training: true)
    let graph = try builder.finish()
    #expect(graph.variables.map(\.name) == ["dense1.weight", "dense1.bias"])
    #expect(graph.inputs.map(\.name) == ["a", "b", "random key"])
    #expect(first.declarations == second.declarations)
    #expect(first.weights.map(\.id) == second.weights.map(\.id))
    let streams = graph.nodes.compactMap { ($0.operation as? UniformNoise)?.stream }
    #expect(streams == [0, 1])
  }

  @Test func nodesCarryTheirLayersPath() throws {
    let builder = GraphBuilder()
    _ = trace(digits, input: builder.input("x", TensorType([2, 4], .float32)), training: false)
    let paths = Set(try builder.finish().nodes.map(\.path))
    #expect(paths == ["", "hidden", "dense2"])
  }
}
