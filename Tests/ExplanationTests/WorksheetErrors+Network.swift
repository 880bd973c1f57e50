extension WrongWorksheet {
  static let structure = [
    WrongWorksheet(
      "",
      "t.yaml: is empty; expected a worksheet"),
    WrongWorksheet(
      "# nothing",
      "t.yaml: is empty; expected a worksheet"),
    WrongWorksheet(
      "- 1",
      "t.yaml:1: found a list, expected names with values, such as layers: and inputs:"),
    WrongWorksheet(
      "a: [1, 2",
      "t.yaml:2: not valid YAML: did not find expected ',' or ']' (while parsing a flow "
        + "sequence from line 1)"),
    WrongWorksheet(
      "a: b: c",
      "t.yaml:1: not valid YAML: mapping values are not allowed in this context"),
    WrongWorksheet(
      "a: *b",
      "t.yaml:1: not valid YAML: found undefined alias"),
    WrongWorksheet(
      "a: 1\n---\nb: 2",
      "t.yaml:2: found a second document, expected one"),
    WrongWorksheet(
      "title: \u{1}",
      "t.yaml:1: not valid YAML: control characters are not allowed"),
    WrongWorksheet(
      sheet("inptus: 3"),
      "t.yaml:5: there is no \"inptus\" here; the nearest is inputs"),
    WrongWorksheet(
      sheet("xyzzy: 3"),
      "t.yaml:5: there is no \"xyzzy\" here; there are title, layers, loss, inputs, targets, "
        + "class, classes, examples, weights, biases, shared-biases, train-biases, "
        + "learning-rate, optimizer, l1, l2, lambda, update, iterations, claims"),
    WrongWorksheet(
      sheet("l1: 3\nL1: 2"),
      "t.yaml:6: l1 is given twice, expected once"),
    WrongWorksheet(
      sheet("l1: 3\nl1: 2"),
      "t.yaml:5: \"l1\" is given twice, expected once"),
    WrongWorksheet(
      sheet("[1]: 3"),
      "t.yaml:5: found a list as a name, expected a word"),
    WrongWorksheet(
      sheet("{a: 1}: 3"),
      "t.yaml:5: found names with values as a name, expected a word"),
    WrongWorksheet(
      sheet("\"\": 3"),
      "t.yaml:5: found a value without a name"),
    WrongWorksheet(
      sheet("title:"),
      "t.yaml:5: title: found nothing, expected a text"),
    WrongWorksheet(
      sheet("title: [a]"),
      "t.yaml:5: title: found a list, expected a text"),
    WrongWorksheet(
      "layers: [2]",
      "t.yaml:1: inputs is missing; expected inputs and targets, or examples"),
    WrongWorksheet(
      "inputs: [2]",
      "t.yaml:1: layers is missing; expected a list of layers, such as - units: 2"),
    WrongWorksheet(
      sheet(without: ["targets"]),
      "t.yaml:1: targets is missing; expected targets or class"),
    WrongWorksheet(
      sheet(without: ["inputs"]),
      "t.yaml:1: inputs is missing; expected inputs and targets, or examples"),
    WrongWorksheet(
      sheet(without: ["weights"]),
      "t.yaml:1: weights is missing; expected w1, w2, … or a matrix for each layer"),
  ]

  static let layers = [
    WrongWorksheet(
      sheet("layers: 2"),
      "t.yaml:1: layers: found \"2\", expected a list of layers"),
    WrongWorksheet(
      sheet("layers: []"),
      "t.yaml:1: layers: found 0 layers, expected 1 to 100"),
    WrongWorksheet(
      sheet("layers: [\(Array(repeating: "1", count: 101).joined(separator: ","))]"),
      "t.yaml:1: layers: found 101 layers, expected 1 to 100"),
    WrongWorksheet(
      sheet("layers: [2, 0]"),
      "t.yaml:1: layers: layer 2: found 0, expected a whole number from 1 to 10000"),
    WrongWorksheet(
      sheet("layers: [2, -1]"),
      "t.yaml:1: layers: layer 2: found -1, expected a whole number from 1 to 10000"),
    WrongWorksheet(
      sheet("layers: [2, 2.5]"),
      "t.yaml:1: layers: layer 2: found 2.5, expected a whole number from 1 to 10000"),
    WrongWorksheet(
      sheet("layers: [2, two]"),
      "t.yaml:1: layers: layer 2: found \"two\", expected a whole number from 1 to 10000"),
    WrongWorksheet(
      sheet("layers: [99999999999999999999]"),
      "t.yaml:1: layers: layer 1: found 99999999999999999999, expected a whole number from 1 "
        + "to 10000"),
    WrongWorksheet(
      sheet("layers: [6000, 4001]"),
      "t.yaml:1: layers: layer 2: found 10001 units up to here, expected at most 10000"),
    WrongWorksheet(
      sheet("layers: [2, {activation: tanh}]"),
      "t.yaml:1: layers: layer 2: units is missing; expected the number of neurons"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, activaton: tanh}]"),
      "t.yaml:1: layers: layer 2: there is no \"activaton\" here; the nearest is activation"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, activation: sigmoit}]"),
      "t.yaml:1: layers: layer 2: activation: there is no activation \"sigmoit\"; the "
        + "nearest is sigmoid"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, activation: 3}]"),
      "t.yaml:1: layers: layer 2: activation: there is no activation \"3\"; there are "
        + "linear, sigmoid, tanh, relu, leakyReLU, relu6, elu, celu, selu, gelu, geluTanh, silu, "
        + "mish, softplus, softsign, hardSigmoid, hardTanh, hardSwish, logSigmoid, tanhShrink, "
        + "softShrink, hardShrink, step, softmax, logSoftmax"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, activation: }]"),
      "t.yaml:1: layers: layer 2: activation: found nothing, expected an activation, such as "
        + "sigmoid"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, kind: elmann}]"),
      "t.yaml:1: layers: layer 2: kind: there is no kind of layer \"elmann\" here; the "
        + "nearest is elman"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, name: a b}]"),
      "t.yaml:1: layers: layer 2: name: found \"a b\", expected at most 40 letters without "
        + "spaces, dots and slashes"),
    WrongWorksheet(
      sheet("layers: [2, {units: 2, name: hidden}]"),
      "t.yaml:1: layers: layer 2: two layers are named \"hidden\", expected names that differ"),
    WrongWorksheet(
      sheet("layers: [2, [2]]"),
      "t.yaml:1: layers: layer 2: found a list, expected names with values: units, "
        + "activation, name, kind"),
    WrongWorksheet(
      sheet("loss: half-square-error"),
      "t.yaml:5: loss: there is no loss \"half-square-error\"; the nearest is halfSquaredError"),
    WrongWorksheet(
      sheet("loss: [mse]"),
      "t.yaml:5: loss: found a list, expected a loss, such as half-squared-error"),
    WrongWorksheet(
      sheet("loss: cross-entropy", "layers: [2, {units: 2, activation: sigmoid}]"),
      "t.yaml:1: layers: layer 2: the last layer's activation is sigmoid, expected softmax "
        + "with the loss crossEntropy; sigmoid goes with binaryCrossEntropy"),
    WrongWorksheet(
      sheet("loss: bce", "layers: [2, {units: 2, activation: softmax}]"),
      "t.yaml:1: layers: layer 2: the last layer's activation is softmax, expected sigmoid "
        + "with the loss binaryCrossEntropy; softmax goes with crossEntropy"),
    WrongWorksheet(
      sheet("loss: bce", "layers: [2, {units: 2, activation: tanh}]"),
      "t.yaml:1: layers: layer 2: the last layer's activation is tanh, expected sigmoid with "
        + "the loss binaryCrossEntropy"),
    WrongWorksheet(
      sheet("loss: cross-entropy", "layers: [2, 1]", "targets: 1", "weights: [1, 2, 3, 4, 5, 6]"),
      "t.yaml:1: layers: layer 2: the last layer has 1 unit, expected 2 or more with the "
        + "loss crossEntropy; binaryCrossEntropy is for 1"),
    WrongWorksheet(
      "layers: [{kind: elman, units: 1}]\nloss: bce\ninputs: [1]\ntargets: [1]\nweights: {U: [1], W: [1]}",
      "t.yaml:1: layers: layer 1: with the loss binaryCrossEntropy the last layer must be "
        + "dense, not elman"),
  ]
}
