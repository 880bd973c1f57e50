import Differentiation
import Documents
import Execution
import Explanation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Plain gradient descent on a problem's loss: E before the last step, and the parameters after it.
private func descend(_ problem: Problem, steps: Int) throws -> (loss: Double, after: ParameterSet) {
  let builder = GraphBuilder()
  let traced = trace(
    problem.model, input: builder.input("input", problem.input.type), training: true)
  let loss = problem.loss(
    traced.output, target: builder.input("target", problem.target.type))
  builder.output("loss", loss)
  let gradients = gradient(of: loss, withRespectTo: traced.parameters)
  for (index, parameter) in traced.parameters.enumerated()
  where !problem.fixed.contains(traced.declarations[index].name) {
    builder.update(
      parameter, with: parameter - gradients[index] * problem.optimizer.learningRate)
  }
  let store = VariableStore()
  for (name, tensor) in problem.parameters { try store.set(name, tensor) }
  let executor = try Executor(Plan(builder.finish()), variables: store, threads: 1)
  try executor.setInput("input", problem.input)
  try executor.setInput("target", problem.target)
  for _ in 0..<steps { executor.run() }
  let after = try problem.parameters.names.map { ($0, try #require(store[$0])) }
  return (try executor.output("loss").scalar, ParameterSet(after))
}

@Suite struct WorksheetExamplesTests {
  @Test func allCanBeRead() throws {
    #expect(
      WorkedExamples.all.map(\.name) == [
        "mazur", "cda-2018", "regularized", "elman", "xor", "momentum", "adam",
      ])
    for example in WorkedExamples.all {
      let worksheet = try example.worksheet()
      let problem = worksheet.problem
      #expect(worksheet.title == example.title[.english])
      for text in [example.title, example.summary] {
        #expect(!text[.english].isEmpty && !text[.chinese].isEmpty)
        #expect(!text[.english].contains("\n") && !text[.chinese].contains("\n"))
      }
      let row = Shape(Array(problem.input.shape.dimensions.dropFirst()))
      try problem.parameters.check(against: problem.model.declarations(input: row, type: .float64))
    }
  }

  @Test func lookUp() throws {
    #expect(try WorkedExamples.named("CDA 2018").name == "cda-2018")
    do {
      _ = try WorkedExamples.named("mazr")
      Issue.record("accepted")
    } catch {
      #expect("\(error)" == "there is no worked example \"mazr\"; the nearest is mazur")
    }
  }

  private func expect(
    _ parameters: ParameterSet, _ name: String, _ input: Int, _ unit: Int, is value: Double,
    within tolerance: Double
  ) throws {
    let tensor = try #require(parameters[name])
    #expect(abs(tensor[input, unit] - value) < tolerance, "\(name)[\(input),\(unit)]")
  }

  /// Against the numbers that the texts give.
  @Test func firstStepIsThatOfTheTexts() throws {
    let mazur = try WorkedExamples.named("mazur").worksheet().problem
    let (loss, after) = try descend(mazur, steps: 1)
    #expect(abs(loss - 0.298371109) < 5e-10)
    try expect(after, "output.weight", 0, 0, is: 0.35891648, within: 5e-9)
    #expect(after["output.bias"] == Tensor([0.6]))

    let article = try WorkedExamples.named("cda-2018").worksheet().problem
    let (first, then) = try descend(article, steps: 1)
    #expect(abs(first - 0.0407338056927284) < 5e-17)
    try expect(then, "output.weight", 1, 0, is: 0.347186633114, within: 5e-13)
    try expect(then, "hidden.weight", 0, 0, is: 0.249998180881, within: 5e-13)
  }

  @Test func xorIsSolved() throws {
    let worksheet = try WorkedExamples.named("xor").worksheet()
    let steps = try #require(worksheet.iterations.last)
    let (first, last) = (
      try descend(worksheet.problem, steps: 1).loss,
      try descend(worksheet.problem, steps: steps).loss
    )
    #expect(first > 0.12 && last < 0.0002)
  }
}
