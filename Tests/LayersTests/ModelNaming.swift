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
        layer   kind                      output  parameters   FLOPs
        hidden  dense, 16 units, sigmoid  [16]        12,560  25,168
        dense2  dense, 10 units           [10]           170     330
        12,730 parameters; 25,498 FLOPs forward for one example (a multiply-add counts as two)
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
        layer          kind                    output  parameters  FLOPs
        block          residual, 1 layer       [2]              6     12
          block.inner  dense, 2 units          [2]              6     10
        dense1         dense, 1 unit, no bias  [1]              2      4
        8 parameters; 16 FLOPs forward for one example (a multiply-add counts as two)
        """)
    let copy = try JSONDecoder().decode(ModelSummary.self, from: JSONEncoder().encode(summary))
    #expect(copy == summary)
  }

  /// 28 steps of four gates of 3 units that see 5 inputs and 3 units, two operations a multiply-add.
  @Test func aLoopsOperationsCountInEveryStep() throws {
    func flops(steps: Int) throws -> Int {
      let model = LSTM(units: 3, recurrence: Recurrence(output: .last))
      return try #require(try model.summary(input: [steps, 5]).flops)
    }
    let products = 28 * 4 * 3 * (5 + 3) * 2
    let counted = try flops(steps: 28)
    // Biases, gates and cell states beside: 5 operations of each gate's units and more.
    #expect(counted > products + 28 * 4 * 3 && counted < 2 * products)
    #expect(try flops(steps: 56) == 2 * counted)
  }

  @Test func whatIsForTrainingOrLeadsNowhereIsNotCounted() throws {
    struct Wasteful: Layer {
      var name: String?
      static var kind: String { "wasteful" }
      func callAsFunction(_ input: GraphIR.Expression, in scope: Scope) -> GraphIR.Expression {
        _ = exp(input)
        return Dense(units: 2)(input, in: scope)
      }
    }
    #expect(try Wasteful().summary(input: [3]).flops == 2 * 3 * 2 + 2)
    let model = Sequential {
      Dense(units: 2)
      Dropout(0.5)
    }
    #expect(try model.summary(input: [3]).rows.map(\.flops) == [14, 0])
  }

  @Test func aSummaryFromBeforeOperationsWereCountedIsRead() throws {
    let old = """
      {"input": [2], "parameterCount": 3, "rows": [{"path": "", "depth": 0,
      "layer": "dense, 1 unit", "output": [1], "parameterCount": 3}]}
      """
    let summary = try JSONDecoder().decode(ModelSummary.self, from: Data(old.utf8))
    #expect(summary.flops == nil && summary.rows[0].flops == nil)
    #expect(
      summary.description == """
        layer  kind           output  parameters
        –      dense, 1 unit  [1]              3
        3 parameters
        """)
  }

  @Test func aModelOfOneLayerIsARow() throws {
    let summary = try Dense(units: 1).summary(input: [2])
    #expect(summary.rows.map(\.path) == [""])
    #expect(summary.description.contains("\n3 parameters; 5 FLOPs forward"))
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

  @Test func nodesOfLoopsCarryTheirLayersPathToo() throws {
    let builder = GraphBuilder()
    let model = Sequential {
      LSTM(units: 3, recurrence: Recurrence(segment: 2), name: "memory")
      Dense(units: 1)
    }
    let x = builder.input("x", TensorType([2, 6, 5], .float32))
    _ = trace(model, input: x, training: true)
    func check(_ graph: Graph) {
      for case let loop as Loop in graph.nodes.compactMap(\.operation) {
        #expect(Set(loop.body.graph.nodes.map(\.path)) == ["memory"])
        check(loop.body.graph)
      }
    }
    let graph = try builder.finish()
    #expect(graph.nodes.contains { $0.operation is Loop })
    check(graph)
  }
}
