import Documents

extension WorkedExamples {
  static let mazur = WorkedExample(
    "mazur",
    title: Phrase("A 2-2-2 network, one step", "2-2-2 网络的一次更新"),
    summary: Phrase(
      "two inputs, two hidden and two output neurons with the sigmoid function; one bias per "
        + "layer, not trained",
      "两个输入，隐藏层和输出层各两个神经元，激活函数为 sigmoid；每层共用一个偏置，偏置不参与训练"),
    yaml: """
      # The numbers of Matt Mazur's "A Step by Step Backpropagation Example" (2015).
      title: A 2-2-2 network, one step
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

      """)

  static let cda2018 = WorkedExample(
    "cda-2018",
    title: Phrase("A 2-2-2 network with smaller steps", "学习率较小的 2-2-2 网络"),
    summary: Phrase(
      "the network of a 2018 article on backpropagation by hand: learning rate 0.1",
      "2018 年一篇手算反向传播的文章中的网络，学习率为 0.1"),
    yaml: """
      title: A 2-2-2 network with smaller steps
      layers:
        - units: 2
          activation: sigmoid
        - units: 2
          activation: sigmoid
      loss: half-squared-error
      inputs: [0.02, 0.04]
      targets: [0.5, 0.9]
      weights: {w1: 0.25, w2: 0.25, w3: 0.15, w4: 0.20, w5: 0.30, w6: 0.35, w7: 0.40, w8: 0.35}
      biases: {b1: 0.4, b2: 0.7}
      train-biases: no
      learning-rate: 0.1

      """)

  static let regularized = WorkedExample(
    "regularized",
    title: Phrase("Five examples with a penalty", "五个样本，带正则化"),
    summary: Phrase(
      "three inputs, four tanh neurons and two classes by softmax with cross-entropy; the penalty "
        + "λ/(2m)·Σw² over five examples",
      "三个输入，四个 tanh 隐藏层神经元，softmax 输出两个类别，交叉熵损失；五个样本，正则化项 λ/(2m)·Σw²"),
    yaml: """
      title: Five examples with a penalty
      layers:
        - units: 4
          activation: tanh
        - units: 2
          activation: softmax
      loss: cross-entropy
      examples:
        - {inputs: [1.0, 0.5, -0.5], class: 1}
        - {inputs: [0.8, -0.2, 0.4], class: 1}
        - {inputs: [-0.6, 1.0, 0.2], class: 2}
        - {inputs: [-1.0, 0.3, 0.6], class: 2}
        - {inputs: [0.2, -0.8, -0.4], class: 1}
      weights:
        hidden:
          - [0.1, -0.2, 0.3]
          - [-0.4, 0.5, 0.2]
          - [0.3, 0.1, -0.5]
          - [0.2, -0.3, 0.4]
        output:
          - [0.5, -0.1, 0.2, 0.3]
          - [-0.3, 0.4, -0.2, 0.1]
      biases:
        hidden: [0.1, 0.0, -0.1, 0.2]
        output: [0.1, -0.1]
      lambda: 0.1
      learning-rate: 0.5

      """)

  static let elman = WorkedExample(
    "elman",
    title: Phrase("A recurrent network through four steps", "循环网络的四个时间步"),
    summary: Phrase(
      "an Elman network learns to repeat the previous input: backpropagation through time",
      "Elman 网络学习输出前一时刻的输入：随时间反向传播（BPTT）"),
    yaml: """
      title: A recurrent network through four steps
      layers:
        - kind: elman
          units: 2
          activation: tanh
        - units: 1
          activation: linear
      loss: half-squared-error
      # One input and one target for each time step: the target is the input one step before.
      inputs: [[1], [0], [1], [1]]
      targets: [[0], [1], [0], [1]]
      weights:
        U: [[0.5], [-0.3]]
        W: [[0.2, -0.4], [0.6, 0.1]]
        V: [[0.7, -0.5]]
      biases:
        hidden: [0.1, -0.1]
        output: [0.2]
      learning-rate: 0.1

      """)
}
