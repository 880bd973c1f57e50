import Explanation
import Layers
import Tensors
import Testing
import Training

/// A worksheet of a 2-2-2 network with lines replaced or added.
func sheet(_ lines: String..., without: Set<String> = []) -> String {
  var base = [
    ("layers", "layers: [2, 2]"), ("inputs", "inputs: [0.05, 0.1]"),
    ("targets", "targets: [0.01, 0.99]"),
    ("weights", "weights: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]"),
  ].filter { !without.contains($0.0) }
  for line in lines {
    let key = String(line.prefix { $0 != ":" })
    if let index = base.firstIndex(where: { $0.0 == key }) {
      base[index].1 = line
    } else {
      base.append((key, line))
    }
  }
  return base.map(\.1).joined(separator: "\n") + "\n"
}

private func read(_ yaml: String) throws -> Worksheet { try Worksheet(yaml: yaml, name: "t.yaml") }

private func numbers(_ worksheet: Worksheet, _ name: String) -> [Double]? {
  worksheet.problem.parameters[name]?.doubles
}

/// What every worksheet has to hold: parameters that are those of its model.
private func checkFit(_ worksheet: Worksheet) throws {
  let problem = worksheet.problem
  let row = Shape(Array(problem.input.shape.dimensions.dropFirst()))
  let declarations = try problem.model.declarations(input: row, type: .float64)
  try problem.parameters.check(against: declarations)
  #expect(problem.parameters.names == declarations.map(\.name))
}

@Suite struct WorksheetReadingTests {
  @Test func defaults() throws {
    let worksheet = try read(sheet())
    try checkFit(worksheet)
    #expect(worksheet.title == nil)
    #expect(worksheet.problem.loss is HalfSquaredError)
    #expect(worksheet.problem.optimizer as? SGD == SGD(learningRate: 0.5))
    #expect(worksheet.problem.parameters.names == ["hidden.weight", "output.weight"])
    #expect(worksheet.problem.fixed.isEmpty)
    #expect(worksheet.problem.l1 == 0 && worksheet.problem.l2 == 0)
    #expect(worksheet.problem.order == .simultaneous)
    #expect(worksheet.problem.input == Tensor([[0.05, 0.1]]))
    #expect(worksheet.problem.target == Tensor([[0.01, 0.99]]))
    #expect(worksheet.iterations == [1, 10, 100, 1000, 10000])
    #expect(worksheet.claims.isEmpty)
    #expect(worksheet.weightNames == .numbered)
    let model = try #require(worksheet.problem.model as? Sequential)
    #expect(
      model.layers.map { $0.layer as? Dense } == [
        Dense(units: 2, activation: .sigmoid, hasBias: false, name: "hidden"),
        Dense(units: 2, activation: .sigmoid, hasBias: false, name: "output"),
      ])
  }

  @Test func everyKey() throws {
    let worksheet = try read(
      sheet(
        "title: All of it", "loss: mse", "biases: [0.35, 0.6]", "shared_biases: true",
        "trainBiases: no", "learning-rate: 0.25", "optimizer: Momentum", "l1: 0.5", "l2: 0.25",
        "update: Sequential", "iterations: [100, 5, 100]",
        "claims: {net_h1: 0.37750, \" dE/dw5 \": -8e-2}"))
    try checkFit(worksheet)
    #expect(worksheet.title == "All of it")
    #expect(worksheet.problem.loss is MeanSquaredError)
    #expect(worksheet.problem.optimizer as? Momentum == Momentum(learningRate: 0.25))
    #expect(worksheet.problem.fixed == ["hidden.bias", "output.bias"])
    #expect(worksheet.problem.l1 == 0.5 && worksheet.problem.l2 == 0.25)
    #expect(worksheet.problem.order == .sequential)
    #expect(worksheet.iterations == [5, 100])
    #expect(
      worksheet.claims == [
        Claim(name: "net_h1", text: "0.37750", value: 0.3775, line: 16),
        Claim(name: "dE/dw5", text: "-8e-2", value: -0.08, line: 16),
      ])
    #expect(try read(sheet("iterations: 20")).iterations == [20])
  }

  @Test func layersInBothForms() throws {
    let worksheet = try read(
      sheet(
        """
        layers:
          - {units: 2, activation: leaky relu, name: first}
          - 1
          - {kind: Dense, units: 2, activation: identity}
        """, "weights: [1, 2, 3, 4, 5, 6, 7, 8]"))
    try checkFit(worksheet)
    let model = try #require(worksheet.problem.model as? Sequential)
    #expect(
      model.layers.map { $0.layer as? Dense } == [
        Dense(units: 2, activation: .leakyReLU, hasBias: false, name: "first"),
        Dense(units: 1, activation: .sigmoid, hasBias: false, name: "hidden2"),
        Dense(units: 2, activation: .linear, hasBias: false, name: "output"),
      ])
  }

  @Test(arguments: [
    "weights: [1, 2, 3, 4, 5, 6, 7, 8]",
    "weights: {w8: 8, W7: 7, w_6: 6, w5: 5, w4: 4, w3: 3, w2: 2, w1: 1}",
    "weights: {output: [[5, 6], [7, 8]], hidden: [[1, 2], [3, 4]]}",
  ]) func weightsInEachForm(_ line: String) throws {
    let worksheet = try read(sheet(line))
    try checkFit(worksheet)
    #expect(numbers(worksheet, "hidden.weight") == [1, 3, 2, 4])
    #expect(numbers(worksheet, "output.weight") == [5, 7, 6, 8])
    #expect(worksheet.weightNames == (line.contains("hidden") ? .byPlace : .numbered))
  }

  @Test(
    arguments: [
      ("biases: [1, 2]", [[1], [2]]), ("biases: {b1: 1, b2: 2}", [[1], [2]]),
      ("biases: [1, 2, 3, 4]", [[1, 2], [3, 4]]),
      ("biases: {B1: 1, b2: 2, b3: 3, b_4: 4}", [[1, 2], [3, 4]]),
      ("biases: {hidden: [1, 2], output: [3, 4]}", [[1, 2], [3, 4]]),
      ("biases: {hidden: 1, output: [3, 4]}", [[1], [3, 4]]),
      ("biases: {hidden: 1, output: [2]}\nshared-biases: yes", [[1], [2]]),
      ("biases: [1, 2, 3, 4]\nshared-biases: false", [[1, 2], [3, 4]]),
    ] as [(String, [[Double]])]) func biasesInEachForm(_ line: String, _ values: [[Double]]) throws
  {
    let worksheet = try read(sheet(line))
    try checkFit(worksheet)
    #expect(numbers(worksheet, "hidden.bias") == values[0])
    #expect(numbers(worksheet, "output.bias") == values[1])
    #expect(worksheet.problem.fixed.isEmpty)
  }

  @Test func asManyLayersAsNeurons() throws {
    let worksheet = try read(
      sheet("layers: [1, 1]", "targets: 1", "weights: [1, 2, 3]", "biases: [4, 5]"))
    try checkFit(worksheet)
    let model = try #require(worksheet.problem.model as? Sequential)
    #expect(model.layers.allSatisfy { ($0.layer as? Dense)?.sharesBias == false })
    let shared = try read(
      sheet(
        "layers: [1, 1]", "targets: 1", "weights: [1, 2, 3]", "biases: [4, 5]",
        "shared-biases: true"))
    let other = try #require(shared.problem.model as? Sequential)
    #expect(other.layers.allSatisfy { ($0.layer as? Dense)?.sharesBias == true })
  }

  @Test func examplesWithTargetsAndClasses() throws {
    let worksheet = try read(
      sheet(
        "classes: [cat, dog]",
        """
        examples:
          - {inputs: [1, 2], targets: [0.25, 0.75]}
          - {inputs: [3, 4], class: 2}
          - {inputs: [5, 6], class: cat}
        """, "lambda: 0.6", without: ["inputs", "targets"]))
    try checkFit(worksheet)
    #expect(worksheet.problem.input == Tensor([[1, 2], [3, 4], [5, 6]]))
    #expect(worksheet.problem.target == Tensor([[0.25, 0.75], [0, 1], [1, 0]]))
    #expect(abs(worksheet.problem.l2 - 0.2) < 1e-16)
    #expect(worksheet.classNames == ["cat", "dog"])
    let hinge = try read(sheet("loss: hinge", "class: 1", without: ["targets"]))
    #expect(hinge.problem.target == Tensor([[1, -1]]))
  }

  @Test func lossesThatTakeNetInputs() throws {
    func last(_ lines: String...) throws -> Dense? {
      let yaml = sheet(lines[0], lines.count > 1 ? lines[1] : "l1: 0")
      return (try read(yaml).problem.model as? Sequential)?.layers.last?.layer as? Dense
    }
    let softmax = "layers: [2, {units: 2, activation: softmax}]"
    #expect(try last("loss: cross-entropy", softmax)?.activation == .linear)
    #expect(try last("loss: cross-entropy")?.activation == .linear)
    #expect(try last("loss: binary-cross-entropy")?.activation == .linear)
    #expect(try last("loss: mse", softmax)?.activation == .softmax)
  }

  @Test func optimizerSettings() throws {
    let worksheet = try read(sheet("optimizer: {RMS-prop: {decay: 0.8, weight-decay: 0.1}}"))
    #expect(
      worksheet.problem.optimizer as? RMSprop
        == RMSprop(learningRate: 0.5, decay: 0.8, weightDecay: 0.1))
    let own = try read(sheet("optimizer: {adam: {learning-rate: 0.02, epsilon: 1e-7}}"))
    #expect(own.problem.optimizer as? Adam == Adam(learningRate: 0.02, epsilon: 1e-7))
    let bare = try read(sheet("optimizer: {nesterov: }", "learning-rate: 0"))
    #expect(bare.problem.optimizer as? Nesterov == Nesterov(learningRate: 0))
  }

  @Test func elmanNet() throws {
    let worksheet = try read(
      """
      layers: [{kind: elman, units: 2}, {units: 1, activation: linear}]
      inputs: [[1, 2], [3, 4], [5, 6]]
      targets: [7, [8], 9]
      weights: {U: [[1, 2], [3, 4]], W: [[5, 6], [7, 8]], V: [9, 10]}
      biases: [0.1, 0.2, 0.3]
      """)
    try checkFit(worksheet)
    let model = try #require(worksheet.problem.model as? Sequential)
    #expect(
      model.layers.first?.layer as? Elman
        == Elman(units: 2, activation: .tanh, name: "hidden"))
    #expect(worksheet.problem.input == Tensor([1, 2, 3, 4, 5, 6], shape: [1, 3, 2]))
    #expect(worksheet.problem.target == Tensor([7, 8, 9], shape: [1, 3, 1]))
    #expect(numbers(worksheet, "hidden.inputWeight") == [1, 3, 2, 4])
    #expect(numbers(worksheet, "hidden.recurrentWeight") == [5, 7, 6, 8])
    #expect(numbers(worksheet, "output.weight") == [9, 10])
    #expect(numbers(worksheet, "hidden.bias") == [0.1, 0.2])
    #expect(numbers(worksheet, "output.bias") == [0.3])
    #expect(worksheet.weightNames == .byPlace)
  }

  @Test func severalElmanLayersAndClasses() throws {
    let worksheet = try read(
      """
      layers: [{kind: elman, units: 1}, {kind: elman, units: 1, activation: relu}, 2]
      loss: cross-entropy
      examples:
        - {inputs: [[1], [2]], class: [1, 2]}
        - {inputs: [3, 4], class: [2, 2]}
      weights: {hidden1.U: [[1]], hidden1.W: [2], hidden2.U: [3], hidden2.W: [4], output: [[5], [6]]}
      """)
    try checkFit(worksheet)
    #expect(worksheet.problem.input.shape == [2, 2, 1])
    #expect(worksheet.problem.target.doubles == [1, 0, 0, 1, 0, 1, 0, 1])
  }

  @Test func anchorsMarksAndLineEnds() throws {
    let text = "\u{FEFF}" + sheet("weights: {hidden: &m [[1, 2], [3, 4]], output: *m}")
    let worksheet = try read(text.split(separator: "\n").joined(separator: "\r\n"))
    #expect(numbers(worksheet, "output.weight") == [1, 3, 2, 4])
  }

  /// The examples in the documentation of ``Worksheet`` and ``WorksheetError``.
  @Test func documentation() throws {
    let worksheet = try Worksheet(
      yaml: """
        layers:
          - {units: 2, activation: sigmoid}
          - {units: 2, activation: sigmoid}
        inputs: [0.05, 0.10]
        targets: [0.01, 0.99]
        weights: {w1: .15, w2: .20, w3: .25, w4: .30, w5: .40, w6: .45, w7: .50, w8: .55}
        biases: {b1: 0.35, b2: 0.60}
        learning-rate: 0.5
        """, name: "example.yaml")
    #expect(
      worksheet.problem.parameters.description == """
        hidden.weight: float64 [2, 2]
        hidden.bias: float64 [1]
        output.weight: float64 [2, 2]
        output.bias: float64 [1]
        """)
    do {
      _ = try Worksheet(yaml: "layers: [2]\ninputs: [1, x]\n", name: "mine.yaml")
      Issue.record("accepted")
    } catch {
      #expect(
        "\(error)"
          == "mine.yaml:2: inputs: number 2: found \"x\", expected a decimal number such as 0.15")
    }
  }
}
