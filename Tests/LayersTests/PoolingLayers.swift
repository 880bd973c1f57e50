import Execution
import GraphIR
import Layers
import Tensors
import Testing

/// Poolings, normalizations and layers that only move numbers: what they say, and what they heed.
struct PoolingLayers {
  func message(of layer: any Layer, input: Shape) -> String? {
    do {
      _ = try Sequential([layer]).outputShape(input: input)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func shapes() throws {
    let cases: [(any Layer, Shape, Shape)] = [
      (MaxPooling([2]), [28, 28, 32], [14, 14, 32]),
      (MaxPooling([3], strides: [2], padding: [1]), [28, 28, 4], [14, 14, 4]),
      (AveragePooling([2], roundsUp: true), [5, 3], [3, 3]),
      (AdaptiveAveragePooling([7]), [28, 20, 4], [7, 7, 4]),
      (AdaptiveMaxPooling([2, 3]), [28, 20, 4], [2, 3, 4]),
      (GlobalAveragePooling(), [28, 20, 4], [4]),
      (GlobalMaxPooling(), [28, 4], [4]),
      (UpSampling([2, 3]), [4, 5, 2], [8, 15, 2]),
      (UpSampling(sizes: [9]), [4, 2], [9, 2]),
      (ReshapeTo([28, 28, 1]), [28, 28], [28, 28, 1]),
      (ReshapeTo([-1, 7]), [28, 28], [112, 7]),
      (Permute([1, 2, 0]), [3, 8, 9], [8, 9, 3]),
      (DenseBlock { Dense(units: 4) }, [3, 5], [3, 9]),
    ]
    for (layer, input, output) in cases {
      #expect(try layer.outputShape(input: input) == output, "\(layer)")
    }
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(
      message(of: MaxPooling([2]), input: [28])
        == "maxPooling1: maxPooling: input has shape [2, 28], expected [batch, steps, channels] or "
        + "[batch, height, width, channels]; a layer reshape adds an axis")
    #expect(
      message(of: MaxPooling([2, 2]), input: [8, 3])
        == "maxPooling1: maxPooling: window has 2 numbers, expected 1 or 1 "
        + "for an input of shape [2, 8, 3]")
    #expect(
      message(of: AveragePooling([9]), input: [8, 3])?
        .contains("the window takes 9 places along axis 1, found 8 elements") == true)
    #expect(message(of: MaxPooling([0]), input: [8, 3])?.contains("window is 0") == true)
    #expect(message(of: MaxPooling([]), input: [8, 3])?.contains("has 0 numbers") == true)
    #expect(
      message(of: MaxPooling([2], strides: [.max]), input: [8, 3])?.contains("strides") == true)
    #expect(
      message(of: GroupNormalization(groups: 3), input: [4])
        == "groupNormalization1: groupNormalization: input has 4 channels, expected a multiple of "
        + "the 3 groups")
    #expect(
      message(of: LayerNormalization(axes: 3), input: [4])?.contains("expected 3 axes") == true)
    #expect(message(of: LayerNormalization(epsilon: -1), input: [4])?.contains("epsilon") == true)
    #expect(message(of: BatchNormalization(momentum: 2), input: [4])?.contains("momentum") == true)
    #expect(message(of: UpSampling([.max]), input: [4, 2])?.contains("factors") == true)
    #expect(
      message(of: ReshapeTo([10, 10]), input: [28, 28])
        == "reshape1: reshape: an example has 784 numbers (shape [28, 28]), "
        + "expected 100 for [10, 10]")
    #expect(message(of: ReshapeTo([-1, -1]), input: [4])?.contains("at most once") == true)
    #expect(message(of: ReshapeTo([.max, .max]), input: [4])?.contains("2⁴⁰") == true)
    #expect(message(of: Permute([0, 0]), input: [4, 2])?.contains("order") == true)
    #expect(
      message(of: DenseBlock { Flatten() }, input: [4, 2])?.contains("flatten1 turns") == true)
  }

  /// Marks steps as padding where their first feature is 0.
  struct MarkZeros: Layer {
    static let kind = "markZeros"
    var name: String?
    func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
      let first = input.slice(axis: 2, from: 0, to: 1)
      scope.mask = (first .!= 0).reshaped(Shape(Array(input.shape.dimensions.dropLast())))
      return input
    }
  }

  func run(_ layer: some Layer, _ input: Tensor, training: Bool = false) throws -> Trace {
    let builder = GraphBuilder()
    let x = builder.input("x", input.type)
    let applied = trace(layer, input: x, training: training)
    builder.output("y", applied.output)
    for (state, value) in applied.stateUpdates {
      builder.output("next " + builder.nodes[state.id].leafName, value)
    }
    var values = try layer.initialParameters(
      input: Shape(Array(input.shape.dimensions.dropFirst())), type: input.scalarType, seed: 1
    ).tensors
    values["x"] = input
    return try Trace(builder.finish(), values)
  }

  @Test func globalPoolingsHeedPadding() throws {
    let input = Tensor([1.0, -4, 3, -8, 0, 100, 0, 1, 0, 1, 0, 1], shape: [2, 3, 2])
    let mean = try run(Sequential([MarkZeros(), GlobalAveragePooling()]), input)
    #expect(mean["y"] == Tensor([2.0, -6, 0, 0], shape: [2, 2]))
    let largest = try run(Sequential([MarkZeros(), GlobalMaxPooling()]), input)
    #expect(largest["y"] == Tensor([3.0, -4, 0, 0], shape: [2, 2]))
    #expect(try run(GlobalMaxPooling(), input)["y"] == Tensor([3.0, 100, 0, 1], shape: [2, 2]))
  }

  @Test func batchNormalizationRemembers() throws {
    let input = Tensor([1.0, 3, 5, 7], shape: [4, 1])
    let found = try run(BatchNormalization(momentum: 0.5, epsilon: 0), input, training: true)
    // The mean is 4, the variance 5 and unbiased 20 / 3; before they were 0 and 1.
    #expect(found["next mean"] == Tensor([2.0]))
    let variance = try #require(found["next variance"]).scalar
    #expect(abs(variance - (0.5 + 10.0 / 3)) < 1e-12)
    // Outside training what is remembered counts: mean 0 and variance 1.
    #expect(try run(BatchNormalization(epsilon: 0), input)["y"] == input)
  }

  @Test func noiseActsInTrainingOnly() throws {
    let input = Tensor.ones([40, 50], type: .float64)
    #expect(try run(GaussianNoise(0.5), input)["y"] == input)
    let x = Tensor.ones([20, 3, 10], type: .float64)
    #expect(try run(SpatialDropout(0.5), x)["y"] == x)
  }
}
