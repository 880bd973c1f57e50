import Explanation
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Derivations beside NumPy and PyTorch, in Float64.
@Suite("Derivations beside NumPy and PyTorch")
struct DerivationReferenceTests {
  static let tolerance = 1e-12

  private func near(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= Self.tolerance * max(1e-3, abs(expected))
  }

  /// The worked example says what the reference was made of.
  private func checkGiven(_ problem: Problem, _ small: DerivationReferences.Small) throws {
    func transposed(_ w: ArraySlice<Double>) -> [Double] {
      let w = Array(w)
      return [w[0], w[2], w[1], w[3]]
    }
    #expect(problem.input.doubles == small.inputs)
    #expect(problem.target.doubles == small.targets)
    #expect(problem.optimizer.learningRate == small.rate)
    #expect(problem.parameters["hidden.weight"]?.doubles == transposed(small.weights[..<4]))
    #expect(problem.parameters["output.weight"]?.doubles == transposed(small.weights[4...]))
    #expect(problem.parameters["hidden.bias"]?.doubles == [small.biases[0]])
    #expect(problem.parameters["output.bias"]?.doubles == [small.biases[1]])
    #expect(problem.fixed == ["hidden.bias", "output.bias"])
  }

  @Test(arguments: ["mazur", "cda-2018"], UpdateOrder.allCases)
  func `the 2-2-2 networks, one step and up to 10,000`(name: String, order: UpdateOrder) throws {
    let small = try DerivationReferences.read().small(name)
    let reference = try #require(small.orders[order.rawValue])
    var problem = try Derivations.problem(name)
    problem.order = order
    try checkGiven(problem, small)

    let derivation = try Derivation(of: problem)
    #expect(near(try #require(derivation["E_total"]).value, small.error))
    for index in 0..<8 {
      let gradient = try #require(derivation["dE_total/dw\(index + 1)"]).value
      #expect(near(gradient, reference.gradients[index]), "w\(index + 1): \(gradient)")
      let updated = try #require(derivation["w\(index + 1)+"]).value
      #expect(near(updated, reference.rows[0].weights[index]), "w\(index + 1)+: \(updated)")
    }
    #expect(near(try #require(derivation["E_total+"]).value, reference.rows[0].error))

    let counts = reference.rows.map(\.count)
    #expect(counts == [1, 10, 100, 1000, 10_000])
    let rows = try Iterations(problem, counts: counts).rows
    #expect(rows.map(\.count) == [0] + counts)
    #expect(near(rows[0].error, small.error))
    for (row, expected) in zip(rows.dropFirst(), reference.rows) {
      // Rounding adds up over ten thousand steps.
      #expect(abs(row.error - expected.error) <= 1e-11 * max(1, expected.error))
      let hidden = try #require(row.parameters["hidden.weight"]).doubles
      let output = try #require(row.parameters["output.weight"]).doubles
      let weights = [hidden, output].flatMap { [$0[0], $0[2], $0[1], $0[3]] }
      for (found, value) in zip(weights, expected.weights) {
        #expect(Derivations.distance(found, value) <= 1e-10, "\(row.count) updates: \(found)")
      }
      #expect(row.parameters["hidden.bias"]?.doubles == [small.biases[0]])
    }
  }

  /// Compares all gradients of a problem, and its parameters after a step.
  private func check(
    _ problem: Problem, _ reference: DerivationReferences.Differentiated, optimizer: String = "sgd"
  ) throws {
    let names = try Derivations.names(problem)
    let derivation = try Derivation(of: problem)
    #expect(near(try #require(derivation["E_total"]).value, reference.error))
    #expect(Set(problem.parameters.names) == Set(reference.gradients.keys))
    for (parameter, tensor) in problem.parameters {
      #expect(tensor.doubles == reference.parameters[parameter], "\(parameter)")
      let gradients = try #require(reference.gradients[parameter])
      let updated = try #require(reference.updated[optimizer]?[parameter])
      for (element, name) in try #require(names[parameter]).enumerated() {
        let gradient = try #require(derivation["dE_total/d\(name)"]).value
        #expect(near(gradient, gradients[element]), "dE_total/d\(name): \(gradient)")
        let new = try #require(derivation["\(name)+"]).value
        #expect(
          abs(new - updated[element]) <= 1e-12, "\(optimizer), \(name)+: found \(new)")
      }
    }
  }

  @Test(arguments: ["regularized", "elman"])
  func `all gradients by autograd`(name: String) throws {
    try check(
      Derivations.problem(name), DerivationReferences.read().differentiated(name))
  }

  @Test func `one step of each optimizer`() throws {
    let reference = try DerivationReferences.read().differentiated("optimized")
    let rules: [String: any Optimizer] = [
      "sgd": SGD(learningRate: 0.5), "sgd-decay": SGD(learningRate: 0.5, weightDecay: 0.01),
      "momentum": Momentum(learningRate: 0.5),
      "momentum-decay": Momentum(learningRate: 0.5, weightDecay: 0.01),
      "nesterov": Nesterov(learningRate: 0.5), "adagrad": Adagrad(learningRate: 0.05),
      "rmsprop": RMSprop(learningRate: 0.01),
      "rmsprop-momentum": RMSprop(learningRate: 0.01, momentum: 0.9),
      "adam": Adam(learningRate: 0.01), "adam-decay": Adam(learningRate: 0.01, weightDecay: 0.01),
      "adamw": AdamW(learningRate: 0.01, weightDecay: 0.05),
    ]
    #expect(Set(rules.keys) == Set(reference.updated.keys))
    var problem = try Derivations.problem(
      yaml: """
        layers: [{units: 2}, {units: 2}]
        inputs: [0.05, 0.10]
        targets: [0.01, 0.99]
        weights: [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
        biases: {hidden: [0.35, 0.35], output: [0.60, 0.60]}
        """)
    for (name, rule) in rules.sorted(by: { $0.key < $1.key }) {
      problem.optimizer = rule
      try check(problem, reference, optimizer: name)
    }
  }

  /// The network of the reference: every number is a sine of its place.
  static var large: Problem {
    var count = 0
    func numbers(_ shape: Shape) -> Tensor {
      let values = (0..<shape.count).map { _ in
        count += 1
        return 0.1 * sin(Double(count))
      }
      return Tensor(values, shape: shape)
    }
    let parameters: ParameterSet = [
      "hidden.weight": numbers([784, 16]), "hidden.bias": numbers([16]),
      "output.weight": numbers([16, 10]), "output.bias": numbers([10]),
    ]
    return Problem(
      model: Sequential {
        Dense(units: 16, activation: .sigmoid, name: "hidden")
        Dense(units: 10, name: "output")
      }, loss: CrossEntropy(), parameters: parameters,
      input: Tensor((0..<784).map { abs(sin(0.37 * Double($0))) }, shape: [1, 784]),
      target: Tensor((0..<10).map { $0 == 3 ? 1.0 : 0 }, shape: [1, 10]),
      optimizer: SGD(learningRate: 0.1))
  }

  @Test func `single weights of 784-16-10`() throws {
    let reference = try DerivationReferences.read().large
    #expect(reference.gradients.count >= 16)
    for (place, expected) in reference.gradients.sorted(by: { $0.key < $1.key }) {
      let derivation = try Derivation(of: Self.large, selection: .weight(place))
      let gradients = derivation.quantities.filter { $0.kind == .gradient }
      #expect(gradients.count == 1)
      let found = try #require(gradients.first).value
      #expect(near(found, expected), "\(place): found \(found), expected \(expected)")
      #expect(near(try #require(derivation["E_total"]).value, reference.error))
      var check = DerivationCheck()
      check.program(derivation)
      check.proofs(derivation)
      #expect(check.faults.isEmpty, "\(place): \(check.faults)")
    }
  }
}
