import Formulas
import GraphIR
import Tensors
import Testing

@Suite("Rules for one element")
struct ElementRuleTests {
  private var samples: [Sample] { Operations.all.flatMap { $0.samples } }

  /// Derivatives stand beside real numbers made of real numbers.
  private func isDifferentiable(_ sample: Sample) -> Bool {
    sample.operation.evaluate(sample.inputs).scalarType.isFloatingPoint
      && sample.inputs.contains { $0.scalarType.isFloatingPoint }
  }

  @Test("Every element's formula is its evaluation")
  func formulas() {
    for sample in samples {
      #expect(ElementRuleCheck(sample.operation, sample.inputs).complaints == [])
    }
  }

  @Test("Every derivative is the central difference, and without one that is 0")
  func derivatives() {
    var count = 0
    for sample in samples where isDifferentiable(sample) {
      var check = ElementRuleCheck(sample.operation, sample.inputs)
      check.compareDerivatives(with: check.centralDifferences(), tolerance: 1e-8)
      #expect(check.complaints == [])
      count += check.derivativeCount
    }
    #expect(count > 10_000)
  }

  /// Points at which there is no central difference, or no rule of the books.
  private var kinks: [Sample] {
    let ties = Tensor([1.0, 3, 3, -2, -2, -2], shape: [2, 3])
    let around = Tensor([-1.5, 0, 2.5])
    let unary: [any Operation] = [
      ReLU(), LeakyReLU(slope: 0.25), ELU(alpha: 0.5), Absolute(), Sign(), Step(), StopGradient(),
    ]
    return unary.map { Sample($0, [around]) } + [
      Sample(Maximum(), [Tensor([1.0, 2, 3]), Tensor([2.0])]),
      Sample(Minimum(), [Tensor([1.0, 2, 3]), Tensor([2.0])]),
      Sample(ReduceMaximum(axes: [1]), [ties]),
      Sample(ReduceMinimum(axes: [1], keepingAxes: true), [ties]),
      Sample(Power(), [Tensor([-2.0, -2, 0, 0, 3]), Tensor([3.0, 0, 0, 2, -1])]),
      Sample(Pad(before: [1], after: [0], between: [1], value: 5), [around]),
      Sample(StopGradient(), [ties]),
      Sample(Sum(axes: [0]), [Tensor([Double](), shape: [0, 2])]),
      Sample(MatrixProduct(), [Tensor([2.0, -3], shape: [2, 1]), Tensor([5.0], shape: [1, 1])]),
      Sample(
        MatrixProduct(), [Tensor([Double](), shape: [2, 0]), Tensor([Double](), shape: [0, 2])]),
    ]
  }

  @Test("Every derivative is the gradient rule's, at kinks and ties too")
  func gradients() throws {
    for sample in samples + kinks where isDifferentiable(sample) {
      var check = ElementRuleCheck(sample.operation, sample.inputs)
      check.compareDerivatives(with: try check.gradients(), tolerance: 1e-12)
      #expect(check.complaints == [])
    }
  }

  @Test("A wrong rule is found")
  func wrongRules() throws {
    let changes: [(String, (ElementRule) -> ElementRule)] = [
      (
        "another place",
        { rule in
          let moved = rule.sources.map {
            ElementRule.Source(input: $0.input, element: $0.element ^ 1)
          }
          return ElementRule(
            sources: moved, isCopy: rule.isCopy, formula: rule.formula,
            derivatives: rule.derivatives)
        }
      ),
      (
        "another value",
        { rule in
          ElementRule(
            sources: rule.sources, formula: { rule.formula($0) + 1e-9 },
            derivatives: rule.derivatives)
        }
      ),
      (
        "another derivative",
        { rule in
          ElementRule(
            sources: rule.sources, formula: rule.formula,
            derivatives: { rule.derivatives($0, $1).map { $0.map { 1.001 * $0 } } })
        }
      ),
      (
        "no derivative",
        { rule in
          ElementRule(
            sources: rule.sources, formula: rule.formula,
            derivatives: { rule.derivatives($0, $1).dropLast() + [nil] })
        }
      ),
      (
        "a copy",
        { rule in
          ElementRule(
            sources: rule.sources, isCopy: true, formula: rule.formula,
            derivatives: { x, y in rule.derivatives(x, y).map { $0.map { -$0 } } })
        }
      ),
    ]
    let tried: [Sample] = [
      Sample(Sigmoid(), [.numbers([4])]),
      Sample(Softmax(), [.numbers([2, 4])]),
      Sample(MatrixProduct(), [.numbers([2, 4]), .numbers([4, 2], seed: 2)]),
      Sample(Transpose([1, 0]), [.numbers([2, 4])]),
      Sample(Mean(axes: [0]), [.numbers([2, 4])]),
    ]
    for sample in tried {
      for (name, change) in changes {
        var check = ElementRuleCheck(sample.operation, sample.inputs, change: change)
        check.compareDerivatives(with: check.centralDifferences(), tolerance: 1e-8)
        #expect(!check.complaints.isEmpty, "\(sample.operation.description): \(name)")
      }
    }
  }

  @Test("The texts are those of the books")
  func texts() {
    func rule(_ operation: any Operation, _ index: Int, _ inputs: Tensor...) -> ElementRule {
      operation.element(index, of: inputs)
    }
    let row = Tensor.numbers([3])
    let softmax = rule(Softmax(), 1, row)
    #expect(softmax.formula(["a", "b", "c"]).text == "eᵇ / (eᵃ + eᵇ + eᶜ)")
    #expect(
      softmax.derivatives(["a", "b", "c"], "y").map { $0?.text } == [
        "−y · (eᵃ / (eᵃ + eᵇ + eᶜ))", "y · (1 − y)", "−y · (eᶜ / (eᵃ + eᵇ + eᶜ))",
      ])
    let product = rule(MatrixProduct(), 3, .numbers([2, 2]), .numbers([2, 2]))
    #expect(product.formula(["a", "b", "c", "d"]).text == "a · c + b · d")
    #expect(product.sources.map(\.input) == [0, 0, 1, 1])
    #expect(product.sources.map(\.element) == [2, 3, 1, 3])
    #expect(product.derivatives(["a", "b", "c", "d"], "y") == ["c", "d", "a", "b"])
    let mean = rule(Mean(axes: [0]), 0, row)
    #expect(mean.formula(["a", "b", "c"]).text == "(a + b + c) / 3")
    #expect(mean.derivatives(["a", "b", "c"], "y")[0]?.text == "1/3")
    #expect(rule(LogSumExp(axes: [0]), 0, row).formula(["a", "b", "c"]).text == "ln(eᵃ + eᵇ + eᶜ)")
    #expect(rule(ReduceMaximum(axes: [0]), 0, row).formula(["a", "b", "c"]).text == "max(a, b, c)")
    #expect(rule(Pad(before: [1], after: [0]), 0, row).formula([]) == 0)
  }

  @Test("Every formula with a softmax in it has the softmax's own formula as a part")
  func softmaxIsRecognized() {
    let inputs = [Tensor.numbers([3])]
    let row: [Formula] = ["a", "b", "c"]
    let names: [Formula: Formula] = Dictionary(
      uniqueKeysWithValues: (0..<3).map {
        (Softmax().element($0, of: inputs).formula(row), .symbol("p", subscript: "\($0)"))
      })
    func named(_ operation: any Operation) -> [String?] {
      operation.element(0, of: inputs).derivatives(row, "y").map {
        $0?.substituting(names).text
      }
    }
    #expect(named(Softmax()) == ["y · (1 − y)", "−y · p₁", "−y · p₂"])
    #expect(named(LogSoftmax()) == ["1 − p₀", "−p₁", "−p₂"])
    #expect(named(LogSumExp(axes: [0])) == ["p₀", "p₁", "p₂"])
  }

  @Test("One element of a large product has as many sources as it needs")
  func largeProduct() {
    let (pixels, weights) = (Tensor.numbers([1, 784]), Tensor.numbers([784, 16]))
    let rule = MatrixProduct().element(5, of: [pixels, weights])
    #expect(rule.sources.count == 2 * 784)
    #expect(rule.sources.last == .init(input: 1, element: 783 * 16 + 5))
  }
}
