import Backprop
import Foundation
import Testing

/// What the README says in code is this code.
@Suite struct ReadmeTests {
  @Test func `the example of the README runs and does what it says`() throws {
    let accuracy = try readmeExample()
    #expect(accuracy >= 0.97)
  }

  @Test func `the README shows the examples as they stand here`() throws {
    let here = URL(filePath: #filePath)
    let source = try String(contentsOf: here, encoding: .utf8)
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    for name in ["explain", "train", "architectures", "classic", "values", "gradients"] {
      let marked = source.components(separatedBy: "// README: \(name)\n")
      try #require(marked.count == 3, "\(name)")
      let lines = marked[1].split(separator: "\n", omittingEmptySubsequences: false)
        .dropLast()
        .map { $0.hasPrefix("    ") ? String($0.dropFirst(4)) : String($0) }
      #expect(readme.contains(lines.joined(separator: "\n")), "the example \(name)")
    }
  }

  private func readmeExample() throws -> Double {
    // README: train
    let digits = try Dataset.builtIn("digits")
    let (training, test) = digits.split(fraction: 0.8, seed: 1)
    let model = Sequential {
      Dense(units: 128, activation: .relu)
      Dropout(0.1)
      Dense(units: 10)
    }
    let trainer = Trainer(
      model, loss: CrossEntropy(), optimizer: Adam(), TrainingOptions(epochs: 60))
    let result = try trainer.fit(training)
    print(try result.model.evaluate(test).accuracy!)  // 0.98
    // README: train
    return try result.model.evaluate(test).accuracy!
  }

  @Test func `layers of the architectures are values`() throws {
    // README: architectures
    let reader = Sequential {
      LSTM(units: 128, recurrence: Recurrence(output: .last))
      Dense(units: 10)
    }
    print(try reader.parameterCount(input: [28, 28]))  // 81674
    // README: architectures
    #expect(try reader.parameterCount(input: [28, 28]) == 81_674)
  }

  @Test func `classic networks are settings and what was learned`() throws {
    // README: classic
    let flowers = try Dataset.builtIn("iris")
    let (known, unseen) = flowers.split(fraction: 0.7, seed: 1)
    let network = try LearningVectorQuantization().fit(known, seed: 1)
    print(try network.figures(on: unseen)[0].value)  // 0.9777777777777777
    let map = try SelfOrganizingMap(rows: 8, columns: 8, lattice: .hexagonal).fit(flowers, seed: 1)
    print(try map.quantizationError(flowers.features))  // 0.32763957979700703
    let page = HTMLWriter().write(try map.report(on: flowers))
    // README: classic
    let figure = try network.figures(on: unseen)[0]
    #expect(figure.name == "accuracy" && abs(figure.value - 44.0 / 45) < 1e-12)
    #expect(abs(try map.quantizationError(flowers.features) - 0.32763957979700703) < 1e-9)
    #expect(page.contains("U-matrix"))
  }

  @Test func `explanations are values`() throws {
    // README: explain
    let worksheet = try WorkedExamples.named("mazur").worksheet()
    let explanation = try StepExplanation(worksheet)
    print(explanation.derivation["dE_total/dw5"]!.value)  // 0.08216704056423078
    print(explanation.derivation["E_total+"]!.value)  // 0.29102777369359933
    let page = HTMLWriter().write(explanation.document(language: .chinese))
    let marking = try Marking(
      [Claim(name: "net_o2", text: "1.226728597", value: 1.226728597)], of: worksheet)
    print(marking.isAllRight)  // false
    // README: explain
    #expect(explanation.derivation["dE_total/dw5"]?.value == 0.08216704056423078)
    #expect(explanation.derivation["E_total+"]?.value == 0.29102777369359933)
    #expect(page.contains("反向传播"))
    #expect(!marking.isAllRight)
  }

  @Test func `tensors compute at once`() {
    // README: values
    let a = Tensor([[1, 2], [3, 4]])
    print(a.matmul(a))  // [[7.0, 10.0], [15.0, 22.0]]
    print(tanh(a * 0.5).sum())  // 3.092887146936458
    // README: values
    #expect("\(a.matmul(a))" == "[[7.0, 10.0], [15.0, 22.0]]")
    #expect(abs(tanh(a * 0.5).sum().scalar - 3.0928) < 1e-4)
  }

  @Test func `gradients need no network`() throws {
    // README: gradients
    let (value, slope) = try valueAndGradient(
      of: { x in (x * x).sum() }, at: Tensor([1.0, 2.0]))
    print(value, slope)  // 5.0 [2.0, 4.0]
    // README: gradients
    #expect(value.scalar == 5)
    #expect(slope.doubles == [2, 4])
  }
}
