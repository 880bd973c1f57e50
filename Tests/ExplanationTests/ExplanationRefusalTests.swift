import Datasets
import Explanation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Problems that do not fit together are refused with words; nothing traps.
@Suite("Problems that cannot be explained")
struct ExplanationRefusalTests {
  /// A change to the first network, and what the refusal speaks of.
  private func refused(_ words: String..., by change: (inout Problem) -> Void) throws {
    var problem = try Derivations.problem("mazur")
    change(&problem)
    do {
      _ = try StepExplanation(problem, iterations: [1])
      Issue.record("accepted; expected words of \(words)")
    } catch let error as ExplanationError {
      for word in words { #expect(error.description.contains(word), "\(error)") }
    } catch let error as GraphError {
      for word in words { #expect(error.description.contains(word), "\(error)") }
    } catch let error as LayerError {
      for word in words { #expect(error.description.contains(word), "\(error)") }
    }
  }

  @Test func `inputs that do not fit`() throws {
    try refused("3 features", "expects 2") { $0.input = Tensor([1.0, 2, 3], shape: [1, 3]) }
    try refused("[examples, features]") { $0.input = Tensor([1.0, 2]) }
    try refused("at least 1 example") { $0.input = Tensor([Double](), shape: [0, 2]) }
    try refused("float64") { $0.input = Tensor([Float(1), 2], shape: [1, 2]) }
    try refused("int32") { $0.input = Tensor([1, 2] as [Int32], shape: [1, 2]) }
    try refused("at least 1 feature") { $0.input = Tensor([Double](), shape: [1, 0]) }
  }

  @Test func `targets that do not fit`() throws {
    try refused("[1, 3]", "[1, 2]") { $0.target = Tensor([1.0, 2, 3], shape: [1, 3]) }
    try refused("[2, 2]") { $0.target = Tensor([1.0, 2, 3, 4], shape: [2, 2]) }
    try refused("float32") { $0.target = Tensor([Float(1), 2], shape: [1, 2]) }
    try refused("2 or more outputs") {
      $0.loss = CrossEntropy()
      $0.model = Sequential { Dense(units: 1, hasBias: false, name: "output") }
      $0.parameters = ["output.weight": Tensor([1.0, 2], shape: [2, 1])]
      $0.fixed = []
      $0.target = Tensor([1.0], shape: [1, 1])
    }
  }

  @Test func `parameters that do not fit`() throws {
    try refused("output.bias") { problem in
      problem.parameters = ParameterSet(
        problem.parameters.map { ($0.name, $0.tensor) }.filter { $0.0 != "output.bias" })
    }
    try refused("hidden.weight", "[3, 2]") {
      $0.parameters["hidden.weight"] = .zeros([3, 2], type: .float64)
    }
    try refused("hidden.weight", "float32") {
      $0.parameters["hidden.weight"] = .zeros([2, 2], type: .float32)
    }
    try refused("other.weight") { $0.parameters["other.weight"] = .zeros([2, 2], type: .float64) }
    try refused("there is no parameter \"hiden.bias\" to fix", "the nearest is hidden.bias") {
      $0.fixed = ["hiden.bias"]
    }
  }

  @Test func `networks without neurons`() throws {
    try refused("no layer of neurons") {
      $0.model = Sequential {}
      $0.parameters = ParameterSet()
      $0.fixed = []
    }
    try refused("no layer of neurons") {
      $0.model = Sequential { Flatten() }
      $0.parameters = ParameterSet()
      $0.fixed = []
    }
    try refused("units is 0") { $0.model = Sequential { Dense(units: 0) } }
    try refused("elman") { $0.model = Sequential { Elman(units: 2) } }
    try refused("delta") { $0.loss = Huber(delta: -1) }
  }

  @Test func `numbers that are not finite are shown as they are`() throws {
    var problem = try Derivations.problem("mazur")
    problem.parameters["hidden.weight"] = Tensor([.infinity, 1, 1, 1], shape: [2, 2])
    let explanation = try StepExplanation(problem, iterations: [1, 2])
    #expect(explanation.derivation["net_h1"]?.value == .infinity)
    #expect(explanation.report.quantities["net_h1"]?.value == .some(nil))
    _ = explanation.document(language: .english)
    problem.optimizer = SGD(learningRate: 1e300)
    _ = try StepExplanation(problem, iterations: [1, 2]).document(language: .chinese)
  }

  @Test func `rows that a data set does not have`() throws {
    let iris = try Dataset.builtIn("iris")
    let trainer = Trainer(
      Sequential { Dense(units: 3, name: "output") }, loss: CrossEntropy(), optimizer: SGD(),
      TrainingOptions(epochs: 1))
    let model = try trainer.fit(iris).model
    for row in [-1, iris.count, .max - 1] {
      #expect(throws: ExplanationError.self) {
        try StepExplanation(model, data: iris, row: row)
      }
    }
    let explanation = try StepExplanation(model, data: iris, row: iris.count - 1)
    #expect(explanation.derivation.proofs.count == 15)
    for proof in explanation.derivation.proofs {
      #expect(abs(proof.gradient - proof.centralDifference) < 1e-9)
    }
  }
}
