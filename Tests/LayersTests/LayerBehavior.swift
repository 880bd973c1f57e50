import Execution
import Foundation
import GraphIR
import Layers
import Tensors
import Testing

/// What layers compute.
struct LayerBehavior {
  func run(_ layer: some Layer, _ input: Tensor, training: Bool = false, seed: Int32 = 1) throws
    -> Tensor
  {
    let builder = GraphBuilder()
    let x = builder.input("x", input.type)
    let applied = trace(layer, input: x, training: training)
    builder.output("y", applied.output)
    var values = try layer.initialParameters(
      input: Shape(Array(input.shape.dimensions.dropFirst())), type: input.scalarType, seed: 1
    ).tensors
    values["x"] = input
    if applied.randomKey != nil {
      values[Scope.randomKeyName] = Tensor([seed, 0, 0, 0] as [Int32])
    }
    return try #require(try Trace(builder.finish(), values)["y"])
  }

  @Test func denseIsAProductAndABias() throws {
    let layer = Dense(units: 2, weight: .values([1, 2, 3, 4]), bias: .values([10, 20]))
    #expect(try run(layer, Tensor([[1, 0], [1, 1]])) == Tensor([[11, 22], [14, 26]]))
  }

  @Test func denseActsOnTheLastAxis() throws {
    let layer = Dense(units: 1, weight: .values([1, 10]))
    let input = Tensor((1...8).map(Double.init), shape: [2, 2, 2])
    #expect(try run(layer, input) == Tensor([21.0, 43, 65, 87], shape: [2, 2, 1]))
  }

  @Test func dropoutActsInTrainingOnly() throws {
    let input = Tensor.ones([50, 40], type: .float32)
    #expect(try run(Dropout(0.25), input) == input)
    let dropped = try run(Dropout(0.25), input, training: true).floats
    let scale = Float(1 / 0.75)
    #expect(dropped.allSatisfy { $0 == 0 || $0 == scale })
    let kept = dropped.filter { $0 != 0 }.count
    // 2000 draws: four standard deviations are 77.
    #expect(abs(kept - 1500) < 77)
    #expect(try run(Dropout(0.25), input, training: true).floats == dropped)
    #expect(try run(Dropout(0.25), input, training: true, seed: 2).floats != dropped)
  }

  @Test func twoDropoutsLeaveOutDifferently() throws {
    let input = Tensor.ones([10, 10], type: .float32)
    let both = Sequential {
      Dropout(0.5)
      Dropout(0.5)
    }
    let kept = try run(both, input, training: true).floats.filter { $0 != 0 }.count
    // With one mask for both, about half would be kept.
    #expect(kept > 8 && kept < 42)
  }

  @Test func residualAddsItsInput() throws {
    let layer = Residual { Dense(units: 2, weight: .values([0, 1, 1, 0])) }
    #expect(try run(layer, Tensor([[1, 2]])) == Tensor([[3, 3]]))
  }

  @Test func activationsComputeTheirFormulas() throws {
    let numbers = [-2.0, -0.5, 0, 0.5, 2]
    func phi(_ x: Double) -> Double { 0.5 * erfc(-x / 2.squareRoot()) }
    let total = numbers.map { exp($0) }.reduce(0, +)
    let formulas: [Activation: (Double) -> Double] = [
      .linear: { $0 }, .sigmoid: { 1 / (1 + exp(-$0)) }, .tanh: { Foundation.tanh($0) },
      .relu: { max(0, $0) }, .leakyReLU: { $0 > 0 ? $0 : 0.01 * $0 },
      .elu: { $0 > 0 ? $0 : exp($0) - 1 }, .gelu: { $0 * phi($0) },
      .silu: { $0 / (1 + exp(-$0)) }, .softplus: { log(1 + exp($0)) },
      .softsign: { $0 / (1 + abs($0)) }, .step: { $0 >= 0 ? 1 : 0 },
      .softmax: { exp($0) / total },
      .logSoftmax: { $0 - log(total) }, .relu6: { min(max(0, $0), 6) },
      .celu: { $0 > 0 ? $0 : exp($0) - 1 },
      .selu: { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (exp($0) - 1)) },
      .geluTanh: { x in
        0.5 * x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      },
      .mish: { $0 * Foundation.tanh(log(1 + exp($0))) },
      .hardSigmoid: { min(max(0, $0 + 3), 6) / 6 }, .hardTanh: { min(max(-1, $0), 1) },
      .hardSwish: { $0 * min(max(0, $0 + 3), 6) / 6 }, .logSigmoid: { -log(1 + exp(-$0)) },
      .tanhShrink: { $0 - Foundation.tanh($0) },
      .softShrink: { $0 > 0.5 ? $0 - 0.5 : $0 < -0.5 ? $0 + 0.5 : 0 },
      .hardShrink: { abs($0) > 0.5 ? $0 : 0 },
    ]
    for activation in Activation.allCases {
      let formula = try #require(formulas[activation])
      let found = try run(Activate(activation), Tensor([numbers])).doubles
      for (x, y) in zip(numbers, found) {
        #expect(abs(y - formula(x)) < 1e-12, "\(activation.rawValue)(\(x))")
      }
    }
  }

  @Test func weightsStartAsTheActivationNeeds() throws {
    let hidden = try Dense(units: 2, activation: .relu).declarations(input: [2])
    #expect(hidden.map(\.initializer) == [.heNormal, .zeros])
    let output = try Dense(units: 2, activation: .sigmoid).declarations(input: [2])
    #expect(output.map(\.initializer) == [.glorotUniform, .zeros])
  }
}
