import Documents
import Explanation
import Layers
import Tensors
import Testing
import Training

/// Derivations of networks whose context counts as an input: the gradient is that of the paper, and
/// the proof holds what the gradient takes as given.
struct ContextDerivationTests {
  private func problem(_ network: any Layer) throws -> Problem {
    let model = Sequential([network])
    return Problem(
      model: model, loss: HalfSquaredError(),
      parameters: try model.initialParameters(input: [4, 2], type: .float64, seed: 3),
      input: MatrixProblems.numbers([1, 4, 2], seed: 1),
      target: MatrixProblems.numbers([1, 4, 1], seed: 2), optimizer: SGD(learningRate: 0.1))
  }

  private func isProven(_ derivation: Derivation) -> Bool {
    var check = DerivationCheck()
    check.program(derivation)
    check.proofs(derivation)
    return check.faults.isEmpty && !derivation.proofs.isEmpty
  }

  @Test func `a copied context: every gradient is confirmed, and said to be cut`() throws {
    for isElman in [true, false] {
      func network(_ learnsThroughTime: Bool) -> any Layer {
        isElman
          ? ElmanNetwork(hidden: 2, outputs: 1, learnsThroughTime: learnsThroughTime)
          : JordanNetwork(hidden: 2, outputs: 1, learnsThroughTime: learnsThroughTime)
      }
      let copied = try StepExplanation(problem(network(false)), selection: .all)
      let whole = try StepExplanation(problem(network(true)), selection: .all)
      #expect(isProven(copied.derivation) && copied.derivation.holdsValues)
      #expect(isProven(whole.derivation) && !whole.derivation.holdsValues)
      // The two are told apart by the weights of the first layer.
      #expect(
        zip(copied.derivation.proofs, whole.derivation.proofs).contains {
          $0.name == $1.name && abs($0.gradient - $1.gradient) > 1e-5
        })
      let english = TextWriter(width: 400).write(copied.document(language: .english))
      #expect(
        english.contains("counts as an input") && english.contains("Every gradient is confirmed"))
      #expect(
        !TextWriter(width: 400).write(whole.document(language: .english)).contains("counts as"))
      #expect(HTMLWriter().write(copied.document(language: .chinese)).contains("视为输入"))
    }
  }

  @Test func `a mask takes nothing as given that a parameter changes`() throws {
    let model = Sequential {
      Masking()
      Elman(units: 2)
      Dense(units: 1)
    }
    let problem = Problem(
      model: model, loss: HalfSquaredError(),
      parameters: try model.initialParameters(input: [3, 2], type: .float64, seed: 3),
      input: MatrixProblems.numbers([1, 3, 2], seed: 1),
      target: MatrixProblems.numbers([1, 3, 1], seed: 2), optimizer: SGD(learningRate: 0.1))
    let derivation = try Derivation(of: problem, selection: .all)
    #expect(isProven(derivation) && !derivation.holdsValues)
  }
}
