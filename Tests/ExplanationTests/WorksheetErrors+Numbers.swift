extension WrongWorksheet {
  static let weights = [
    WrongWorksheet(
      sheet("weights: {w1: 1, w2: 2, w3: 3, w4: 4, w5: 5, w6: 6, w8: 8}"),
      "t.yaml:4: weights: w7 is missing; expected w1 to w8, 8 in all"),
    WrongWorksheet(
      sheet("weights: {w1: 1, w9: 2}"),
      "t.yaml:4: weights: there is no weight \"w9\"; expected w1 to w8, 8 in all"),
    WrongWorksheet(
      sheet("weights: {w1: 1, ww2: 2}"),
      "t.yaml:4: weights: there is no weight \"ww2\"; the nearest is w2"),
    WrongWorksheet(
      sheet("weights: {w1: 1, zebra: 2}"),
      "t.yaml:4: weights: there is no weight \"zebra\"; expected w1 to w8, 8 in all"),
    WrongWorksheet(
      sheet("weights: {w1: 1, w1: 2}"),
      "t.yaml:4: \"w1\" is given twice, expected once"),
    WrongWorksheet(
      sheet("weights: {w1: 1,\n  W1: 2}"),
      "t.yaml:5: weights: w1 is given twice, expected once"),
    WrongWorksheet(
      sheet("weights: {w1: 1, w2: abc}"),
      "t.yaml:4: weights: w2: found \"abc\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("weights: [1, 2, 3, 4, 5, 6, 7]"),
      "t.yaml:4: weights: found 7 numbers, expected 8 (w1 to w8)"),
    WrongWorksheet(
      sheet("weights: 1"),
      "t.yaml:4: weights: found 1 number, expected 8 (w1 to w8)"),
    WrongWorksheet(
      sheet("weights: abc"),
      "t.yaml:4: weights: found \"abc\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("weights: {}"),
      "t.yaml:4: weights: hidden is missing; expected hidden, output"),
    WrongWorksheet(
      sheet("weights: {hidden: [[1, 2], [3, 4]]}"),
      "t.yaml:4: weights: output is missing; expected hidden, output"),
    WrongWorksheet(
      sheet("weights: {hiden: [[1, 2], [3, 4]], output: [[1, 2], [3, 4]]}"),
      "t.yaml:4: weights: there is no layer \"hiden\"; the nearest is hidden"),
    WrongWorksheet(
      sheet("weights: {hidden: [[1, 2]], output: [[1, 2], [3, 4]]}"),
      "t.yaml:4: weights: hidden: found 1 row, expected 2, one for each neuron"),
    WrongWorksheet(
      sheet("weights:\n  hidden:\n    - [1, 2]\n    - [3]\n  output: 3"),
      "t.yaml:7: weights: hidden: row 2: found 1 number, expected 2, one for each input of "
        + "the neuron"),
    WrongWorksheet(
      sheet("weights: {hidden: [1, 2], output: [[1, 2], [3, 4]]}"),
      "t.yaml:4: weights: hidden: row 1: found \"1\", expected a list of numbers"),
    WrongWorksheet(
      sheet("layers: [5000, 2]"),
      "t.yaml:4: weights: found 8 numbers, expected 20000 (w1 to w20000)"),
    WrongWorksheet(
      sheet("layers: [400, 3000]", "class: 1", without: ["targets"]),
      "t.yaml:3: weights: the network has 1200800 weights, expected at most 1000000"),
    WrongWorksheet(
      sheet("biases: [1, 2, 3]"),
      "t.yaml:5: biases: found 3 numbers, expected 2 (one for each layer) or 4 (one for each "
        + "neuron)"),
    WrongWorksheet(
      sheet("biases: [1, 2]\nshared-biases: no"),
      "t.yaml:5: biases: found 2 numbers, expected 4 (one for each neuron)"),
    WrongWorksheet(
      sheet("biases: [1, 2, 3, 4]\nshared-biases: yes"),
      "t.yaml:5: biases: found 4 numbers, expected 2 (one for each layer)"),
    WrongWorksheet(
      sheet("biases: {b1: 1, b2: 2, b4: 4}"),
      "t.yaml:5: biases: b3 is missing; expected b1 to b4, 4 in all"),
    WrongWorksheet(
      sheet("biases: {b1: 1}"),
      "t.yaml:5: biases: b2 is missing; expected b1 to b2, 2 in all"),
    WrongWorksheet(
      sheet("biases: {b1: 1, bb: 1}"),
      "t.yaml:5: biases: there is no bias \"bb\"; the nearest is b1"),
    WrongWorksheet(
      sheet("biases: {hidden: [1, 2], ouput: [1, 2]}"),
      "t.yaml:5: biases: there is no layer \"ouput\"; the nearest is output"),
    WrongWorksheet(
      sheet("biases: {hidden: [1, 2]}"),
      "t.yaml:5: biases: output is missing; expected hidden, output"),
    WrongWorksheet(
      sheet("biases: {hidden: [1, 2], output: [1]}"),
      "t.yaml:5: biases: output: found 1 number, expected 2, one for each neuron"),
    WrongWorksheet(
      sheet("biases: {hidden: 1, output: [1, 2]}\nshared-biases: yes"),
      "t.yaml:5: biases: output: found 2 numbers, expected 1, one for each layer"),
    WrongWorksheet(
      sheet("shared-biases: yes"),
      "t.yaml:5: shared-biases: found yes without biases, expected biases too"),
    WrongWorksheet(
      sheet("shared-biases: maybe"),
      "t.yaml:5: shared-biases: found \"maybe\", expected yes or no"),
    WrongWorksheet(
      sheet("train-biases: 1"),
      "t.yaml:5: train-biases: found \"1\", expected yes or no"),
    WrongWorksheet(
      sheet("biases:"),
      "t.yaml:5: biases: found nothing, expected a list of numbers"),
  ]

  static let elman = [
    WrongWorksheet(
      net(weights: "[1, 2, 3]"),
      "t.yaml:4: weights: found numbers by themselves, expected a matrix for each of U, W, V"),
    WrongWorksheet(
      net(weights: "{w1: 1}"),
      "t.yaml:4: weights: found numbers by themselves, expected a matrix for each of U, W, V"),
    WrongWorksheet(
      net(weights: "{U: [[1], [2]], W: [[1, 2], [3, 4]]}"),
      "t.yaml:4: weights: V is missing; expected U, W, V"),
    WrongWorksheet(
      net(weights: "{U: [[1], [2]], W: [[1], [3]], V: [1, 2]}"),
      "t.yaml:4: weights: W: row 1: found 1 number, expected 2, one for each input of the "
        + "neuron"),
    WrongWorksheet(
      net(weights: "{U: [[1], [2]], hidden.U: [[1], [3]], V: [1, 2]}"),
      "t.yaml:4: weights: U is given twice, expected once"),
    WrongWorksheet(
      net(extra: "biases: [1, 2]"),
      "t.yaml:5: biases: found 2 numbers, expected 3 (one for each neuron)"),
    WrongWorksheet(
      net(extra: "biases: [1, 2]\nshared-biases: yes"),
      "t.yaml:5: biases: found shared biases with the elman layer hidden, expected one for "
        + "each neuron"),
    WrongWorksheet(
      net(inputs: "3"),
      "t.yaml:2: inputs: found \"3\", expected a list of steps"),
    WrongWorksheet(
      net(inputs: "[[1], []]"),
      "t.yaml:2: inputs: step 2: found 0 numbers, expected 1 as in step 1"),
    WrongWorksheet(
      net(inputs: "[[], [1]]"),
      "t.yaml:2: inputs: step 1: found 0 numbers, expected 1 or more"),
    WrongWorksheet(
      net(inputs: "[]"),
      "t.yaml:2: inputs: found 0 steps, expected 1 to 10000"),
    WrongWorksheet(
      net(inputs: "[1, 2, 3]"),
      "t.yaml:3: targets: found 2 steps, expected 3, one for each step of the inputs"),
    WrongWorksheet(
      net(targets: "[1, [1, 2]]"),
      "t.yaml:3: targets: step 2: found 2 numbers, expected 1, one for each output"),
    WrongWorksheet(
      net(examples: "[{inputs: [1, 2], targets: [1, 2]}, {inputs: [1], targets: [1]}]"),
      "t.yaml:2: examples: example 2: inputs: found 1 step, expected 2 as in example 1"),
  ]

  fileprivate static func net(
    weights: String = "{U: [[1], [2]], W: [[1, 2], [3, 4]], V: [1, 2]}", inputs: String = "[1, 2]",
    targets: String = "[1, 2]", examples: String? = nil, extra: String = "l1: 0"
  ) -> String {
    let data = examples.map { "examples: \($0)" } ?? "inputs: \(inputs)\ntargets: \(targets)"
    return "layers: [{kind: elman, units: 2}, 1]\n\(data)\nweights: \(weights)\n\(extra)"
  }
}
