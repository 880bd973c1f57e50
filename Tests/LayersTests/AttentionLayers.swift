import Execution
import GraphIR
import Layers
import Tensors
import Testing

/// What embeddings, attention and transformers compute, and what they refuse.
struct AttentionLayers {
  private func run(_ layer: some Layer, _ input: Tensor) throws -> Tensor {
    try LayerBehavior().run(layer, input)
  }

  private func message(of layer: some Layer, input: Shape) -> String? {
    ModelErrors().message(of: layer, input: input)
  }

  @Test func anEmbeddingLooksTokensUp() throws {
    let layer = Embedding(vocabulary: 3, units: 2, weight: .values([1, 2, 3, 4, 5, 6]))
    let expected = Tensor([5.0, 6, 1, 2, 0, 0], shape: [1, 3, 2])
    #expect(try run(layer, Tensor([2.0, 0, 7], shape: [1, 3])) == expected)
    #expect(try run(layer, Tensor([2.9, 0, -4], shape: [1, 3])) == expected)
  }

  @Test func paddingIsZeroAndToldOf() throws {
    struct Told: Layer {
      static let kind = "told"
      var name: String?
      func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
        scope.mask ?? input
      }
    }
    let layer = Embedding(
      vocabulary: 3, units: 1, paddingIndex: 1, weight: .values([4, 5, 6]))
    let tokens = Tensor([0.0, 1, 2, 1], shape: [2, 2])
    #expect(try run(layer, tokens) == Tensor([4.0, 0, 6, 0], shape: [2, 2, 1]))
    let both = Sequential {
      layer
      Told()
    }
    #expect(try run(both, tokens) == Tensor([1.0, 0, 1, 0], shape: [2, 2]))
  }

  /// A change of one step: which steps of the output it reaches.
  private func reached(_ layer: some Layer, steps: Int, features: Int, by step: Int) throws
    -> [Int]
  {
    let count = steps * features
    let values = (0..<count).map { Double($0 * 7 % 11) / 11 - 0.4 }
    let changed = values.enumerated().map { place, value in
      place == step * features ? value + 0.5 : value
    }
    let outputs = try [values, changed].map {
      try run(layer, Tensor($0, shape: [1, steps, features])).doubles
    }
    let width = outputs[0].count / steps
    return (0..<steps).filter { place in
      (place * width..<(place + 1) * width).contains { outputs[0][$0] != outputs[1][$0] }
    }
  }

  @Test func causalStepsDoNotSeeLaterOnes() throws {
    for isRotary in [false, true] {
      let causal = MultiHeadAttention(heads: 2, isCausal: true, isRotary: isRotary)
      #expect(try reached(causal, steps: 5, features: 4, by: 2) == [2, 3, 4])
      let free = MultiHeadAttention(heads: 2, isRotary: isRotary)
      #expect(try reached(free, steps: 5, features: 4, by: 2) == [0, 1, 2, 3, 4])
    }
    let block = TransformerEncoderBlock(heads: 1, isCausal: true)
    #expect(try reached(block, steps: 4, features: 4, by: 3) == [3])
  }

  @Test func whereAllIsPaddingAllWeighsTheSame() throws {
    let layer = Sequential {
      Embedding(vocabulary: 2, units: 2, paddingIndex: 0)
      MultiHeadAttention(heads: 1)
    }
    let output = try run(layer, Tensor([0.0, 0, 1, 0], shape: [2, 2]))
    #expect(output.doubles.allSatisfy { $0.isFinite })
  }

  @Test func aTiedOutputSharesItsParameter() throws {
    let model = Sequential {
      Embedding(vocabulary: 5, units: 3, name: "tokens")
      Sequential(name: "head") { TiedOutput(to: "tokens", hasBias: true) }
    }
    let names = try model.declarations(input: [4]).map(\.name)
    #expect(names == ["tokens.weight", "head.tiedOutput1.bias"])
    #expect(try model.outputShape(input: [4]) == [4, 5])
    // A model inside another still finds its own embedding.
    let nested = Sequential { Sequential([LayerBox(model)], name: "inner") }
    #expect(try nested.outputShape(input: [4]) == [4, 5])
  }

  @Test func whatDoesNotFitIsSaid() {
    #expect(
      message(of: MultiHeadAttention(heads: 3), input: [4, 10])
        == "multiHeadAttention: 10 units cannot be shared evenly by 3 heads")
    #expect(
      message(of: Sequential { MultiHeadAttention(heads: 3, units: 10) }, input: [4, 6])
        == "multiHeadAttention1: multiHeadAttention: 10 units cannot be shared evenly by 3 heads")
    #expect(
      message(of: Sequential { MultiHeadAttention(heads: 4, keyValueHeads: 3) }, input: [4, 8])
        == "multiHeadAttention1: multiHeadAttention: 4 heads cannot share 3 heads of keys and "
        + "values evenly")
    #expect(
      message(of: MultiHeadAttention(heads: 2, isRotary: true), input: [4, 6])
        == "multiHeadAttention: a head has 3 features, expected an even number, to turn them in "
        + "pairs")
    #expect(
      message(of: MultiHeadAttention(heads: 2), input: [4])
        == "multiHeadAttention: input has shape [2, 4], expected [batch, steps, features]")
    #expect(
      message(of: TransformerEncoderBlock(heads: 3), input: [4, 8])
        == "transformerEncoderBlock: 8 features cannot be shared evenly by 3 heads")
    #expect(
      message(of: TransformerDecoderBlock(heads: 1, memorySteps: 4), input: [4, 8])
        == "transformerDecoderBlock: input has 4 steps, expected more than the 4 of the memory")
    #expect(
      message(of: PositionEmbedding(longest: 3), input: [4, 8])
        == "positionEmbedding: input has 4 steps, expected at most 3 (longest)")
    #expect(
      message(of: Sequential { TiedOutput() }, input: [4])
        == "tiedOutput1: tiedOutput: there is no embedding \"embedding1\" before this layer; "
        + "there are none")
    #expect(
      message(of: GatedLinearUnit(), input: [3])?.contains("an even number of features") == true)
    #expect(
      message(of: Sequential { Embedding(vocabulary: 4, units: 2, paddingIndex: 4) }, input: [3])
        == "embedding1: embedding: paddingIndex is 4, expected 0 to 3")
  }

  /// Sizes as a file may have them: refused with words, never trapped on.
  @Test func hugeSizesAreRefused() {
    for units in [1 << 31, Int.max] {
      let layers: [(any Layer, Shape)] = [
        (MultiHeadAttention(heads: 1, units: units), [2, 4]),
        (MultiHeadAttention(heads: 2, units: units & ~3, isRotary: true), [2, 4]),
        (Embedding(vocabulary: units, units: units), [2]),
        (TransformerEncoderBlock(heads: 1, feedForward: units), [2, 4]),
        (Transformer(vocabulary: units, units: units & ~1, heads: 2, sourceSteps: 1), [3]),
        (Transformer(vocabulary: 3, units: 2, heads: 2, sourceSteps: units), [3]),
      ]
      for (layer, input) in layers {
        #expect(message(of: Sequential([layer]), input: input) != nil, "\(layer)")
      }
    }
  }
}
