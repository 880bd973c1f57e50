import Explanation
import Layers
import Tensors
import Training

/// Networks for the tests of the matrix form.
enum MatrixProblems {
  /// The much-copied 2-2-2 example with one bias for each layer, of which only weights learn.
  static let mazur = Problem(
    model: Sequential {
      Dense(units: 2, activation: .sigmoid, sharesBias: true, name: "hidden")
      Dense(units: 2, activation: .sigmoid, sharesBias: true, name: "output")
    }, loss: HalfSquaredError(),
    parameters: [
      "hidden.weight": Tensor([0.15, 0.25, 0.20, 0.30], shape: [2, 2]),
      "hidden.bias": Tensor([0.35]),
      "output.weight": Tensor([0.40, 0.50, 0.45, 0.55], shape: [2, 2]),
      "output.bias": Tensor([0.60]),
    ], input: Tensor([0.05, 0.1], shape: [1, 2]), target: Tensor([0.01, 0.99], shape: [1, 2]),
    optimizer: SGD(learningRate: 0.5), fixed: ["hidden.bias", "output.bias"])

  /// Numbers from −1 to 1 that are the same every time.
  static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    var state = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let values = (0..<shape.count).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24) * 2 - 1
    }
    return Tensor(values, shape: shape)
  }

  /// A network of dense layers with such numbers.
  static func dense(
    _ units: [Int], examples: Int, _ activations: [Activation], _ loss: any Loss,
    target: Tensor? = nil, optimizer: any Optimizer = SGD(learningRate: 0.5), l1: Double = 0,
    l2: Double = 0, hasBias: Bool = true, sharesBias: Bool = false,
    order: UpdateOrder = .simultaneous
  ) -> Problem {
    var parameters = ParameterSet()
    var layers: [any Layer] = []
    for (index, activation) in activations.enumerated() {
      let name = "layer\(index + 1)"
      layers.append(
        Dense(
          units: units[index + 1], activation: activation, hasBias: hasBias,
          sharesBias: sharesBias, name: name))
      parameters["\(name).weight"] = numbers(
        [units[index], units[index + 1]], seed: UInt64(index + 1))
      if hasBias {
        parameters["\(name).bias"] = numbers(
          [sharesBias ? 1 : units[index + 1]], seed: UInt64(index + 11))
      }
    }
    return Problem(
      model: Sequential(layers), loss: loss, parameters: parameters,
      input: numbers([examples, units[0]], seed: 5),
      target: target ?? numbers([examples, units[units.count - 1]], seed: 7),
      optimizer: optimizer, l1: l1, l2: l2, order: order)
  }

  static func classes(_ numbers: [Int32]) -> Tensor { Tensor(numbers) }
}
