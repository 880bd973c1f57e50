import Explanation
import Layers
import Tensors
import Training

/// Small networks of the architectures that have more than layers of neurons.
enum ArchitectureProblems {
  /// A 4 × 4 image, a convolution with two 2 × 2 kernels, the largest of each 2 × 2 window, and two outputs.
  static let image = Problem(
    model: Sequential {
      Convolution(channels: 2, kernel: [2, 2], activation: .relu, name: "conv")
      MaxPooling([2, 2], strides: [1, 1], name: "pool")
      Flatten()
      Dense(units: 2, name: "output")
    }, loss: HalfSquaredError(),
    parameters: [
      // Row by row, and for each place of the kernel the two channels.
      "conv.weight": Tensor([0.5, -0.2, 0.1, 0.4, -0.3, 0.6, 0.2, 0.3], shape: [2, 2, 1, 2]),
      "conv.bias": Tensor([0.1, -0.1]),
      "output.weight": Tensor(
        [0.3, -0.4, 0.1, 0.2, -0.2, 0.5, 0.4, 0.1, 0.6, -0.1, -0.3, 0.2, 0.2, 0.3, 0.1, -0.5],
        shape: [8, 2]),
      "output.bias": Tensor([0.05, -0.05]),
    ],
    input: Tensor(
      [0.1, 0.9, 0.2, 0.3, 0.8, 0.4, 0.7, 0.5, 0.6, 0.2, 1, 0.1, 0.3, 0.75, 0.35, 0.65],
      shape: [1, 4, 4, 1]), target: Tensor([1.0, 0], shape: [1, 2]),
    optimizer: SGD(learningRate: 0.1))

  /// A network with numbers that are the same every time.
  static func network(
    _ model: Sequential, input: Shape, output: Shape, loss: any Loss = HalfSquaredError()
  ) throws -> Problem {
    let row = Shape(Array(input.dimensions.dropFirst()))
    return Problem(
      model: model, loss: loss,
      parameters: try model.initialParameters(input: row, type: .float64, seed: 3),
      input: MatrixProblems.numbers(input, seed: 1),
      target: MatrixProblems.numbers(output, seed: 2), optimizer: SGD(learningRate: 0.1))
  }

  /// Each with a weight of its first layer.
  static func all() throws -> [(name: String, problem: Problem, weight: String)] {
    [
      ("image", image, "conv.weight[0,1,0,1]"),
      (
        "two convolutions",
        try network(
          Sequential {
            Convolution(channels: 2, kernel: [3, 3], padding: .same, activation: .tanh, name: "a")
            BatchNormalization(name: "norm")
            Convolution(channels: 2, kernel: [2, 2], strides: [2], activation: .sigmoid, name: "b")
            AveragePooling([2, 2], name: "mean")
            Flatten()
            Dense(units: 2, name: "output")
          }, input: [2, 4, 4, 1], output: [2, 2]), "a.weight[1,1,0,1]"
      ),
      (
        "signal",
        try network(
          Sequential {
            Convolution(channels: 2, kernel: [3], activation: .relu, name: "conv")
            MaxPooling([2], name: "pool")
            Flatten()
            Dense(units: 1, name: "output")
          }, input: [1, 8, 1], output: [1, 1]), "conv.weight[1,0,0]"
      ),
      (
        "lstm",
        try network(
          Sequential {
            LSTM(units: 2, name: "lstm")
            Dense(units: 1, name: "output")
          }, input: [1, 3, 1], output: [1, 3, 1]), "lstm.inputWeight[0,0]"
      ),
      (
        "attention",
        try network(
          Sequential {
            MultiHeadAttention(heads: 1, name: "attention")
            Dense(units: 1, name: "output")
          }, input: [1, 3, 2], output: [1, 3, 1]), "attention.queryWeight[0,0]"
      ),
      (
        "elman, last step",
        try network(
          Sequential {
            Elman(units: 2, recurrence: Recurrence(output: .last), name: "elman")
            Dense(units: 1, name: "output")
          }, input: [1, 4, 1], output: [1, 1]), "elman.inputWeight[0,0]"
      ),
      (
        "lstm, last step of two examples",
        try network(
          Sequential {
            LSTM(units: 2, recurrence: Recurrence(output: .last), name: "lstm")
            Dense(units: 1, name: "output")
          }, input: [2, 3, 1], output: [2, 1]), "lstm.recurrentWeight[0,1]"
      ),
    ]
  }
}
