import Explanation
import Formulas
import Layers
import Tensors
import Testing
import Training

/// A training step in matrices.
@Suite struct MatrixFormTests {
  /// The computed steps, each as one line.
  private func lines(_ problem: Problem) throws -> [String] {
    let form = try #require(try MatrixForm(problem))
    return form.steps.filter { !$0.forms.isEmpty }.map { step in
      ([step.symbol] + step.forms).map(\.text).joined(separator: " = ")
    }
  }

  private func step(_ name: String, _ form: MatrixForm) throws -> MatrixForm.Step {
    try #require(form.steps.first { $0.name == name })
  }

  // MARK: Formulas

  @Test func oneExampleWithOneBiasForEachLayer() throws {
    #expect(
      try lines(MatrixProblems.mazur) == [
        "z¹ = W¹ a⁰ + b¹",
        "a¹ = σ(z¹) = 1 / (1 + e^(−z¹))",
        "z² = W² a¹ + b²",
        "a² = σ(z²) = 1 / (1 + e^(−z²))",
        "δ² = −(y − a²) ⊙ a² ⊙ (1 − a²)",
        "∂E/∂W² = δ² (a¹)ᵀ",
        "∂E/∂b² = Σⱼ δⱼ²",
        "δ¹ = (W²)ᵀ δ² ⊙ a¹ ⊙ (1 − a¹)",
        "∂E/∂W¹ = δ¹ (a⁰)ᵀ",
        "∂E/∂b¹ = Σⱼ δⱼ¹",
        "W¹⁺ = W¹ − η · ∂E/∂W¹",
        "W²⁺ = W² − η · ∂E/∂W²",
      ])
  }

  @Test func crossEntropyWithPenaltyOverSeveralExamples() throws {
    let problem = MatrixProblems.dense(
      [3, 4, 2], examples: 5, [.tanh, .linear], CrossEntropy(),
      target: MatrixProblems.classes([0, 1, 1, 0, 1]), l2: 0.01)
    #expect(
      try lines(problem) == [
        "z¹ = W¹ a⁰ + b¹",
        "a¹ = tanh(z¹)",
        "z² = W² a¹ + b²",
        "a² = softmax(z²)",
        "δ² = a² ⊙ (Σⱼ yⱼ) − y = a² − y",
        "Δ² = δ² (a¹)ᵀ",
        "∂E/∂W² = 1/5 · Δ² + λ · W²",
        "∂E/∂b² = 1/5 · Σᵢ δᵢ²",
        "δ¹ = (W²)ᵀ δ² ⊙ (1 − (a¹)²)",
        "Δ¹ = δ¹ (a⁰)ᵀ",
        "∂E/∂W¹ = 1/5 · Δ¹ + λ · W¹",
        "∂E/∂b¹ = 1/5 · Σᵢ δᵢ¹",
        "W¹⁺ = W¹ − η · ∂E/∂W¹",
        "b¹⁺ = b¹ − η · ∂E/∂b¹",
        "W²⁺ = W² − η · ∂E/∂W²",
        "b²⁺ = b² − η · ∂E/∂b²",
      ])
  }

  @Test func threeLayersWithMeanSquaredError() throws {
    let problem = MatrixProblems.dense(
      [2, 3, 3, 2], examples: 3, [.sigmoid, .relu, .linear], MeanSquaredError())
    let lines = try lines(problem)
    #expect(lines.contains("a³ = z³"))
    // 2/(m n) is 1/m here: two outputs.
    #expect(lines.contains("δ³ = −(y − a³)"))
    #expect(lines.contains("δ² = (W³)ᵀ δ³ ⊙ { 1 if a² > 0; 0 otherwise }"))
    #expect(lines.contains("δ¹ = (W²)ᵀ δ² ⊙ a¹ ⊙ (1 − a¹)"))
    #expect(lines.contains("∂E/∂W² = 1/3 · Δ²"))
  }

  @Test func factorsThatRemainAreWrittenAsFractions() throws {
    let squares = MatrixProblems.dense(
      [2, 2, 3], examples: 7, [.tanh, .linear], MeanSquaredError())
    #expect(try lines(squares).contains("δ² = −2/3 · (y − a²)"))
    let logistic = MatrixProblems.dense(
      [2, 2, 3], examples: 7, [.leakyReLU, .linear], BinaryCrossEntropy(), sharesBias: true)
    let lines = try lines(logistic)
    #expect(lines.contains("δ² = 1/3 · (a² − y)"))
    #expect(lines.contains("∂E/∂b² = 1/7 · Σᵢ Σⱼ δⱼᵢ²"))
    #expect(lines.contains("δ¹ = (W²)ᵀ δ² ⊙ { 1 if z¹ > 0; 0.01 otherwise }"))
  }

  /// 49 · (1/49) is not 1 in binary.
  @Test func examplesCancelForAnyNumberOfThem() throws {
    let target = MatrixProblems.classes((0..<49).map { Int32($0 % 2) })
    let problem = MatrixProblems.dense(
      [2, 3, 1], examples: 49, [.tanh, .linear], Hinge(), target: target, l1: 0.02)
    let lines = try lines(problem)
    #expect(
      lines.contains(
        "δ² = −{ 1 if max(0, 1 − (2 · y − 1) ⊙ a²) > 0; 0 otherwise } ⊙ (2 · y − 1)"))
    #expect(lines.contains("∂E/∂W² = 1/49 · Δ² + λ₁ · sign(W²)"))
  }

  /// Also where the factor of the penalty is 1.
  @Test func thePenaltyHasItsName() throws {
    let problem = MatrixProblems.dense(
      [2, 2], examples: 1, [.sigmoid], HalfSquaredError(), l1: 0.5, l2: 1)
    #expect(try lines(problem).contains("∂E/∂W¹ = δ¹ (a⁰)ᵀ + λ · W¹ + λ₁ · sign(W¹)"))
  }

  /// Targets that are no distribution have no short slope.
  @Test func shortSlopeOnlyWhereItHolds() throws {
    let problem = MatrixProblems.dense([2, 3], examples: 2, [.linear], CrossEntropy())
    #expect(try lines(problem).contains("δ¹ = a¹ ⊙ (Σⱼ yⱼ) − y"))
    let single = MatrixProblems.dense(
      [2, 1], examples: 1, [.linear], BinaryCrossEntropy(), target: MatrixProblems.classes([1]))
    #expect(try lines(single).contains("δ¹ = a¹ − y"))
  }

  // MARK: Values

  @Test func valuesOfTheWorkedExample() throws {
    let form = try #require(try MatrixForm(MatrixProblems.mazur))
    #expect(form.examples == 1)
    let expected: [(String, [Double])] = [
      ("W1", [0.15, 0.2, 0.25, 0.3]), ("z1", [0.3775, 0.3925]),
      ("a2", [0.751365069552, 0.772928465321]), ("delta2", [0.138498561629, -0.038098236517]),
      ("dE/dW2", [0.0821670405642, 0.0826676278475, -0.0226025404775, -0.0227402422159]),
      ("W1+", [0.149780716133, 0.199561432266, 0.249751143632, 0.299502287265]),
      ("W2+", [0.358916479718, 0.408666186076, 0.511301270239, 0.561370121108]),
    ]
    for (name, values) in expected {
      let found = try step(name, form).values
      #expect(found.count == values.count)
      for (a, b) in zip(found, values) { #expect(abs(a - b) < 1e-11, "\(name)") }
    }
  }

  static let problems: [Problem] =
    [
      MatrixProblems.mazur,
      MatrixProblems.dense(
        [3, 4, 2], examples: 5, [.tanh, .linear], CrossEntropy(),
        target: MatrixProblems.classes([0, 1, 1, 0, 1]), l2: 0.01),
      MatrixProblems.dense(
        [2, 3, 3], examples: 2, [.sigmoid, .linear], CrossEntropy(labelSmoothing: 0.1),
        target: MatrixProblems.classes([0, 2])),
      MatrixProblems.dense(
        [2, 3, 3], examples: 4, [.linear, .softmax], MeanSquaredError(), hasBias: false),
      MatrixProblems.dense([1, 1, 1], examples: 1, [.sigmoid, .sigmoid], HalfSquaredError()),
      MatrixProblems.dense(
        [1, 1, 1], examples: 3, [.sigmoid, .tanh], HalfSquaredError(), l1: 0.1),
    ]
    + Activation.allCases.map {
      MatrixProblems.dense([2, 3, 3, 2], examples: 3, [$0, $0, .linear], Huber(), l2: 0.3)
    }

  /// The steps are a program: each form, evaluated over the matrices, gives the step's value.
  @Test(arguments: problems.indices) func everyFormGivesTheValue(_ index: Int) throws {
    let form = try #require(try MatrixForm(Self.problems[index]))
    for step in form.steps {
      #expect(step.values.count == step.rows * step.columns)
      for formula in step.forms {
        let value = try #require(form.value(formula), "\(step.name): \(formula)")
        // A gradient that is zero everywhere is written as one number.
        let isZero = formula == 0
        #expect(isZero || (value.rows == step.rows && value.columns == step.columns))
        for (place, expected) in step.values.enumerated() {
          let found = value.values[isZero ? 0 : place]
          #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)), "\(step.name)")
        }
      }
    }
  }

  /// The scalar derivation has the same gradients.
  @Test func agreesWithTheScalarDerivation() throws {
    let problem = MatrixProblems.dense(
      [2, 3, 2], examples: 3, [.tanh, .sigmoid], MeanSquaredError(), l2: 0.05)
    let form = try #require(try MatrixForm(problem))
    let derivation = try Derivation(of: problem)
    for (layer, first) in [(1, 1), (2, 7)] {
      let values = try step("dE/dW\(layer)", form).values
      for (place, value) in values.enumerated() {
        let scalar = try #require(derivation["dE_total/dw\(first + place)"])
        #expect(abs(scalar.value - value) < 1e-14)
      }
    }
  }

  @Test func stepsComeAfterWhatTheyAreMadeOf() throws {
    for problem in Self.problems {
      let form = try #require(try MatrixForm(problem))
      let symbols = Set(form.steps.map(\.symbol.text))
      var known: Set<String> = []
      for step in form.steps {
        for symbol in step.forms.flatMap(\.symbols) {
          let text = Formula.symbol(symbol).text
          #expect(known.contains(text) || !symbols.contains(text), "\(step.name): \(text)")
        }
        #expect(known.insert(step.symbol.text).inserted)
      }
    }
  }

  // MARK: Numbers

  @Test func numbersArePutIn() throws {
    let form = try #require(try MatrixForm(MatrixProblems.mazur))
    func text(_ name: String) throws -> String? {
      try step(name, form).forms.last.flatMap { form.numbers($0, digits: 3) }?.text
    }
    #expect(try text("z1") == "[0.15, 0.2; 0.25, 0.3] [0.05; 0.1] + 0.35")
    #expect(try text("dE/dW1") == "[0.00877; 0.00995] [0.05; 0.1]ᵀ")
    #expect(try text("dE/db2") == "0.138 + (−0.0381)")
    #expect(
      try text("W1+")
        == "[0.15, 0.2; 0.25, 0.3] − 0.5 · [0.000439, 0.000877; 0.000498, 0.000995]")
    #expect(form.numbers("q", digits: 3) == nil)
    let product = try #require(try step("dE/dW1", form).forms.last)
    #expect(form.numbers(product, digits: 3, largest: 1) == nil)
  }

  @Test func sumsOverExamplesAreWrittenOut() throws {
    let problem = MatrixProblems.dense(
      [1, 2], examples: 2, [.linear], MeanSquaredError(), sharesBias: true)
    let form = try #require(try MatrixForm(problem))
    let delta = try step("delta1", form).values
    let formula = try #require(try step("dE/db1", form).forms.last)
    let written = try #require(form.numbers(formula, digits: 17))
    let value = try #require(written.evaluate())
    #expect(abs(value - delta.reduce(0, +) / 2) < 1e-14)
    #expect(formula.text == "1/2 · Σᵢ Σⱼ δⱼᵢ¹")
  }

  // MARK: Where there is none

  @Test func otherOptimizersHaveNoUpdateHere() throws {
    let problem = MatrixProblems.dense(
      [2, 2], examples: 1, [.sigmoid], HalfSquaredError(), optimizer: Adam())
    let form = try #require(try MatrixForm(problem))
    #expect(!form.steps.contains { $0.section == .update || $0.name == "eta" })
  }

  @Test func thereIsNoneForSequencesNorForUpdatesAtOnce() throws {
    let sequential = MatrixProblems.dense(
      [2, 2, 2], examples: 1, [.sigmoid, .sigmoid], HalfSquaredError(), order: .sequential)
    #expect(try MatrixForm(sequential) == nil)
    let sequence = Problem(
      model: Sequential { Dense(units: 2, name: "output") }, loss: MeanSquaredError(),
      parameters: [
        "output.weight": MatrixProblems.numbers([3, 2], seed: 1),
        "output.bias": Tensor([0.0, 0.0]),
      ], input: MatrixProblems.numbers([1, 4, 3], seed: 2),
      target: MatrixProblems.numbers([1, 4, 2], seed: 3), optimizer: SGD())
    #expect(try MatrixForm(sequence) == nil)
    var wrong = sequence
    wrong.parameters = ParameterSet()
    #expect(throws: (any Error).self) { _ = try MatrixForm(wrong) }
  }
}
