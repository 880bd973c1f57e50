import Explanation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Networks of other forms than layers with an activation each: the same checks.
@Suite("Derivations of other forms of networks")
struct DerivationFormTests {
  private func numbers(_ shape: Shape, _ name: String, _ size: Double = 1) -> Tensor {
    var random = RandomStream(seed: 5, name: name)
    return Tensor((0..<shape.count).map { _ in random.uniform(-size, size) }, shape: shape)
  }

  private func problem(
    _ model: Sequential, _ loss: any Loss, input: Shape, target: Tensor
  ) throws -> Problem {
    var parameters = ParameterSet()
    let row = Shape(Array(input.dimensions.dropFirst()))
    for declaration in try model.declarations(input: row, type: .float64) {
      parameters[declaration.name] = numbers(declaration.type.shape, declaration.name)
    }
    return Problem(
      model: model, loss: loss, parameters: parameters, input: numbers(input, "input"),
      target: target, optimizer: SGD(learningRate: 0.3), l2: 0.05)
  }

  /// - Parameter isRandom: Whether training leaves out neurons, which the derivation never does.
  private func check(_ problem: Problem, _ words: String, isRandom: Bool = false) throws {
    var problem = problem
    let names = try Derivations.names(problem)
    let derivation = try Derivation(of: problem)
    var check = DerivationCheck()
    check.program(derivation)
    check.proofs(derivation)
    let cheap = try #require(try Iterations(problem, counts: [1]).rows.last).parameters
    check.parameters(
      derivation, of: problem, isRandom ? cheap : try Derivations.trained(problem), names: names)
    #expect(derivation.proofs.count == problem.parameters.elementCount)
    problem.order = .sequential
    let sequential = try Derivation(of: problem)
    check.program(sequential)
    let row = try #require(try Iterations(problem, counts: [1]).rows.last)
    check.parameters(sequential, of: problem, row.parameters, names: names)
    #expect(check.faults.isEmpty, "\(words): \(check.faults.prefix(5))")
  }

  @Test func `sequences, of one or several examples, for every loss that they fit`() throws {
    let model = Sequential {
      Elman(units: 2, name: "hidden")
      Dense(units: 2, name: "output")
    }
    let deep = Sequential {
      Elman(units: 2, name: "first")
      Elman(units: 2, activation: .sigmoid, hasBias: false, name: "second")
      Dense(units: 2, activation: .tanh, name: "output")
    }
    let signs = Tensor([1, -1, -1, 1, 1, -1, 1, -1, -1, 1, 1, -1], shape: [2, 3, 2])
    let classes = Tensor(signs.doubles.map { max(0, $0) }, shape: signs.shape)
    for examples in [1, 2] {
      func first(_ tensor: Tensor) -> Tensor {
        Tensor(Array(tensor.doubles.prefix(examples * 6)), shape: [examples, 3, 2])
      }
      let losses: [(any Loss, Tensor)] = [
        (HalfSquaredError(), signs), (MeanSquaredError(), signs), (Hinge(), signs),
        (CrossEntropy(), classes), (BinaryCrossEntropy(), classes),
      ]
      for (loss, target) in losses {
        try check(
          problem(model, loss, input: [examples, 3, 2], target: first(target)),
          "\(examples) sequences, \(loss)")
      }
      try check(
        problem(deep, MeanSquaredError(), input: [examples, 3, 1], target: first(signs)),
        "\(examples) sequences, two recurrent layers")
    }
  }

  @Test func `class numbers, and a single output's targets without its axis`() throws {
    let model = Sequential {
      Dense(units: 2, activation: .tanh, name: "hidden")
      Dense(units: 3, name: "output")
    }
    let single = Sequential {
      Dense(units: 2, activation: .sigmoid, name: "hidden")
      Dense(units: 1, name: "output")
    }
    let labels = Tensor([2, 0] as [Int32])
    try check(problem(model, CrossEntropy(), input: [2, 2], target: labels), "class numbers")
    try check(
      problem(model, HalfSquaredError(), input: [2, 2], target: labels), "class numbers, squares")
    try check(
      problem(single, BinaryCrossEntropy(), input: [2, 2], target: Tensor([1.0, 0])), "no axis")
    try check(
      problem(single, Hinge(), input: [2, 2], target: Tensor([1, 0] as [Int32])), "hinge")
    try check(
      problem(single, MeanSquaredError(), input: [1, 2], target: Tensor([0.3])), "one number")
  }

  @Test func `activations of their own, flattened inputs, dropout, several in one`() throws {
    let model = Sequential {
      Flatten()
      Sequential {
        Dense(units: 3, name: "inner")
        Activate(.softsign)
      }
      Dropout(0.5)
      Dense(units: 2, activation: .softmax, name: "output")
    }
    try check(
      problem(
        model, HalfSquaredError(), input: [2, 2, 2],
        target: Tensor([0.1, 0.9, 0.8, 0.2], shape: [2, 2])), "layers within layers", isRandom: true
    )
  }

  @Test func `a sum past a layer`() throws {
    let model = Sequential {
      Dense(units: 2, activation: .tanh, name: "hidden")
      Residual {
        Dense(units: 2, activation: .sigmoid, name: "inner")
      }
      Dense(units: 1, name: "output")
    }
    try check(
      problem(
        model, HalfSquaredError(), input: [2, 2], target: Tensor([0.1, 0.9], shape: [2, 1])),
      "a residual")
  }
}
