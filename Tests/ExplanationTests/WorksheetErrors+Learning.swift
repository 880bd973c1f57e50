extension WrongWorksheet {
  static let learning = [
    WrongWorksheet(
      sheet("learning-rate: -0.5"),
      "t.yaml:5: learning-rate: found -0.5, expected 0 or more"),
    WrongWorksheet(
      sheet("learning-rate: fast"),
      "t.yaml:5: learning-rate: found \"fast\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("optimizer: addam"),
      "t.yaml:5: optimizer: there is no optimizer \"addam\"; the nearest is adam"),
    WrongWorksheet(
      sheet("optimizer: []"),
      "t.yaml:5: optimizer: found a list, expected an optimizer, such as sgd"),
    WrongWorksheet(
      sheet("optimizer: {adam: {}, sgd: {}}"),
      "t.yaml:5: optimizer: found 2 names, expected one, as {adam: {beta1: 0.9}}"),
    WrongWorksheet(
      sheet("optimizer: {adam: {beta: 0.9}}"),
      "t.yaml:5: optimizer: adam: there is no \"beta\" here; the nearest is beta1"),
    WrongWorksheet(
      sheet("optimizer: {adam: {beta1: 1.0}}"),
      "t.yaml:5: optimizer: adam: beta1: found 1.0, expected a number from 0 to below 1"),
    WrongWorksheet(
      sheet("optimizer: {adam: 0.9}"),
      "t.yaml:5: optimizer: adam: found \"0.9\", expected names with values: learningRate, "
        + "beta1, beta2, epsilon, weightDecay"),
    WrongWorksheet(
      sheet("learning-rate: 1", "optimizer: {adam: {learning-rate: 1}}"),
      "t.yaml:6: optimizer: adam: learningRate: learning-rate is given twice, expected once"),
    WrongWorksheet(
      sheet("l1: -1"),
      "t.yaml:5: l1: found -1, expected 0 or more"),
    WrongWorksheet(
      sheet("l2: -1"),
      "t.yaml:5: l2: found -1, expected 0 or more"),
    WrongWorksheet(
      sheet("lambda: -1"),
      "t.yaml:5: lambda: found -1, expected 0 or more"),
    WrongWorksheet(
      sheet("l2: 1", "lambda: 1"),
      "t.yaml:6: lambda: found lambda beside l2, expected only one of the two"),
    WrongWorksheet(
      sheet("update: simultanous"),
      "t.yaml:5: update: there is no order \"simultanous\"; the nearest is simultaneous"),
    WrongWorksheet(
      sheet("iterations: -1"),
      "t.yaml:5: iterations: found -1, expected a whole number from 0 to 10000000"),
    WrongWorksheet(
      sheet("iterations: [1, 10000001]"),
      "t.yaml:5: iterations: number 2: found 10000001, expected a whole number from 0 to "
        + "10000000"),
    WrongWorksheet(
      sheet("iterations: []"),
      "t.yaml:5: iterations: found 0 numbers, expected 1 to 1000"),
    WrongWorksheet(
      sheet("claims: [1]"),
      "t.yaml:5: claims: found a list, expected names of quantities with the values found"),
    WrongWorksheet(
      sheet("claims: {net_h1: 0.3, \" net_h1\": 0.4}"),
      "t.yaml:5: claims: net_h1 is given twice, expected once"),
    WrongWorksheet(
      sheet("claims: {net_h1: 0.3, net_h1: 0.4}"),
      "t.yaml:5: \"net_h1\" is given twice, expected once"),
    WrongWorksheet(
      sheet("claims: {net_h1: half}"),
      "t.yaml:5: claims: net_h1: found \"half\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("claims:\n  net_h1: 1/2"),
      "t.yaml:6: claims: net_h1: found \"1/2\", expected a decimal number such as 0.15"),
  ]
}
