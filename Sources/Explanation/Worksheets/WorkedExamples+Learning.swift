import Documents

extension WorkedExamples {
  static let xor = WorkedExample(
    "xor",
    title: Phrase("Exclusive or", "异或问题"),
    summary: Phrase(
      "two hidden neurons learn what no single neuron can: all four points, biases trained too",
      "两个隐藏层神经元学会单个神经元学不会的异或：四个样本，偏置也参与训练"),
    yaml: """
      title: Exclusive or
      layers:
        - units: 2
          activation: sigmoid
        - units: 1
          activation: sigmoid
      loss: half-squared-error
      examples:
        - {inputs: [0, 0], targets: [0]}
        - {inputs: [0, 1], targets: [1]}
        - {inputs: [1, 0], targets: [1]}
        - {inputs: [1, 1], targets: [0]}
      weights: {w1: 0.5, w2: 0.9, w3: 0.1, w4: 0.2, w5: 0.9, w6: -0.3}
      biases: {b1: 0.3, b2: -0.3, b3: -0.2}
      learning-rate: 2
      iterations: [1, 10, 100, 1000, 10000]

      """)

  static let momentum = WorkedExample(
    "momentum",
    title: Phrase("A 2-2-2 network with momentum", "带动量的 2-2-2 网络"),
    summary: Phrase(
      "the network of mazur, trained with momentum 0.9",
      "mazur 的网络，用动量法更新（动量系数 0.9）"),
    yaml: """
      title: A 2-2-2 network with momentum
      layers:
        - units: 2
          activation: sigmoid
        - units: 2
          activation: sigmoid
      loss: half-squared-error
      inputs: [0.05, 0.10]
      targets: [0.01, 0.99]
      weights: {w1: 0.15, w2: 0.20, w3: 0.25, w4: 0.30, w5: 0.40, w6: 0.45, w7: 0.50, w8: 0.55}
      biases: {b1: 0.35, b2: 0.60}
      train-biases: no
      learning-rate: 0.5
      optimizer: {momentum: {momentum: 0.9}}

      """)

  static let adam = WorkedExample(
    "adam",
    title: Phrase("A 2-2-2 network with Adam", "用 Adam 训练的 2-2-2 网络"),
    summary: Phrase(
      "the network of mazur, trained with Adam",
      "mazur 的网络，用 Adam 更新（一阶矩和二阶矩估计）"),
    yaml: """
      title: A 2-2-2 network with Adam
      layers:
        - units: 2
          activation: sigmoid
        - units: 2
          activation: sigmoid
      loss: half-squared-error
      inputs: [0.05, 0.10]
      targets: [0.01, 0.99]
      weights: {w1: 0.15, w2: 0.20, w3: 0.25, w4: 0.30, w5: 0.40, w6: 0.45, w7: 0.50, w8: 0.55}
      biases: {b1: 0.35, b2: 0.60}
      train-biases: no
      learning-rate: 0.01
      optimizer: {adam: {beta1: 0.9, beta2: 0.999}}

      """)
}
