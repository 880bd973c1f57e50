extension WrongWorksheet {
  static let data = [
    WrongWorksheet(
      sheet("inputs: [0.1, x]"),
      "t.yaml:2: inputs: number 2: found \"x\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: []"),
      "t.yaml:2: inputs: found no numbers, expected 1 or more"),
    WrongWorksheet(
      sheet("inputs:"),
      "t.yaml:2: inputs: found nothing, expected a list of numbers"),
    WrongWorksheet(
      sheet("inputs: {i1: 1}"),
      "t.yaml:2: inputs: found names with values, expected a list of numbers"),
    WrongWorksheet(
      sheet("inputs: [[1, 2], [3, 4]]"),
      "t.yaml:2: inputs: found a list of lists, expected the numbers of one example; several "
        + "examples go under examples, and steps need an elman layer"),
    WrongWorksheet(
      sheet("inputs: [.nan, 1]"),
      "t.yaml:2: inputs: number 1: found \".nan\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [-.inf, 1]"),
      "t.yaml:2: inputs: number 1: found \"-.inf\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [inf, 1]"),
      "t.yaml:2: inputs: number 1: found \"inf\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [1_000, 1]"),
      "t.yaml:2: inputs: number 1: found \"1_000\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [0x10, 1]"),
      "t.yaml:2: inputs: number 1: found \"0x10\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [010, 1]"),
      "t.yaml:2: inputs: number 1: found \"010\", expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [1e999, 1]"),
      "t.yaml:2: inputs: number 1: found 1e999, which is too large, expected less than 1.8e308"),
    WrongWorksheet(
      sheet("inputs: [~, 1]"),
      "t.yaml:2: inputs: number 1: found nothing, expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [[1], 1]"),
      "t.yaml:2: inputs: found a list of lists, expected the numbers of one example; several "
        + "examples go under examples, and steps need an elman layer"),
    WrongWorksheet(
      sheet("inputs: [1, [1]]"),
      "t.yaml:2: inputs: number 2: found a list, expected a decimal number such as 0.15"),
    WrongWorksheet(
      sheet("inputs: [1, {a: 1}]"),
      "t.yaml:2: inputs: number 2: found names with values, expected a decimal number such "
        + "as 0.15"),
    WrongWorksheet(
      sheet("targets: [1, 2, 3]"),
      "t.yaml:3: targets: found 3 numbers, expected 2, one for each output"),
    WrongWorksheet(
      sheet("targets: 1"),
      "t.yaml:3: targets: found 1 number, expected 2, one for each output"),
    WrongWorksheet(
      sheet("targets: [1, 2]", "loss: bce"),
      "t.yaml:3: targets: number 2: found 2, expected 0 to 1 with the loss binaryCrossEntropy"),
    WrongWorksheet(
      sheet("targets: [1, 0]", "loss: hinge"),
      "t.yaml:3: targets: number 2: found 0, expected −1 or 1 with the loss hinge"),
    WrongWorksheet(
      sheet("class: 1"),
      "t.yaml:5: class: found class beside targets, expected only one of the two"),
    WrongWorksheet(
      sheet("class: 3", without: ["targets"]),
      "t.yaml:4: class: found 3, expected a whole number from 1 to 2"),
    WrongWorksheet(
      sheet("class: dog", without: ["targets"]),
      "t.yaml:4: class: found \"dog\", expected a whole number from 1 to 2"),
    WrongWorksheet(
      sheet("class: dgo", "classes: [dog, cat]", without: ["targets"]),
      "t.yaml:4: class: there is no class \"dgo\"; the nearest is dog"),
    WrongWorksheet(
      sheet("class: 0", "classes: [dog, cat]", without: ["targets"]),
      "t.yaml:4: class: found 0, expected a whole number from 1 to 2"),
    WrongWorksheet(
      sheet("classes: [dog]"),
      "t.yaml:5: classes: found 1 name, expected 2, one for each output"),
    WrongWorksheet(
      sheet("classes: [dog, dog]"),
      "t.yaml:5: classes: found one name twice, expected names that differ"),
    WrongWorksheet(
      sheet("class: 1", "layers: [2, 1]", without: ["targets"]),
      "t.yaml:4: class: found a class with 1 output, expected targets, or 2 or more outputs"),
    WrongWorksheet(
      sheet("examples: [{inputs: [1], targets: [1]}]"),
      "t.yaml:5: examples: found inputs beside examples, expected only one of the two"),
    WrongWorksheet(
      sheet("examples: []", without: ["inputs", "targets"]),
      "t.yaml:3: examples: found 0 examples, expected 1 to 10000"),
    WrongWorksheet(
      sheet("examples: 3", without: ["inputs", "targets"]),
      "t.yaml:3: examples: found \"3\", expected a list of examples"),
    WrongWorksheet(
      sheet("examples: [{targets: [1, 2]}]", without: ["inputs", "targets"]),
      "t.yaml:3: examples: example 1: inputs is missing; expected the numbers of one example"),
    WrongWorksheet(
      sheet("examples: [{inputs: [1, 2]}]", without: ["inputs", "targets"]),
      "t.yaml:3: examples: example 1: targets is missing; expected targets or class"),
    WrongWorksheet(
      sheet("examples: [{inputs: [1, 2], target: [1]}]", without: ["inputs", "targets"]),
      "t.yaml:3: examples: example 1: there is no \"target\" here; the nearest is targets"),
    WrongWorksheet(
      sheet(
        "examples:\n  - {inputs: [1, 2], class: 1}\n  - {inputs: [1], class: 1}",
        without: ["inputs", "targets"]),
      "t.yaml:5: examples: example 2: inputs: found 1 number, expected 2 as in example 1"),
    WrongWorksheet(
      sheet(
        "examples: [\(Array(repeating: "{}", count: 10_001).joined(separator: ","))]",
        without: ["inputs", "targets"]),
      "t.yaml:3: examples: found 10001 examples, expected 1 to 10000"),
  ]
}
