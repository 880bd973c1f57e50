import Datasets
import Foundation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Numbers of characters as rows of zeros with a one: [batch, steps] → [batch, steps, depth]. With
/// `peeks` each step sees the sum over all of them too.
private struct OneHotSteps: Layer {
  static let kind = "oneHotSteps"
  var depth: Int
  var peeks = false
  var name: String?

  func callAsFunction(_ input: GraphIR.Expression, in scope: Scope) -> GraphIR.Expression {
    let ones = input.cast(to: .int32).oneHot(depth: depth, type: scope.scalarType)
    return peeks ? ones + ones.sum(axes: [1], keepingAxes: true) : ones
  }
}

/// Rows whose targets are a class for each step: texts.
@Suite struct SequenceTargetTests {
  /// A text's rows, by the way of a file.
  private func rows(_ text: String, context: Int) throws -> Dataset {
    let path = NSTemporaryDirectory() + "backprop-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try Dataset.read(path, options: ReadOptions(text: TextOptions(context: context))).train
  }

  /// A network that looks at the last character only.
  private func pairs(_ characters: Int, peeks: Bool = false) -> Sequential {
    Sequential {
      OneHotSteps(depth: characters, peeks: peeks)
      Dense(units: characters)
    }
  }

  private func trainer(_ model: any Layer, epochs: Int) -> Trainer {
    Trainer(
      model, loss: CrossEntropy(), optimizer: Adam(learningRate: 0.1),
      TrainingOptions(epochs: epochs, batchSize: 4, precision: .float64, seed: 3))
  }

  private let text = String(repeating: "abcb", count: 50) + "a"

  @Test func `loss and accuracy are means over all steps of all rows`() throws {
    let data = try rows(text, context: 5)
    let model = try trainer(pairs(3), epochs: 0).fit(data).model
    let evaluation = try model.evaluate(data)
    let probabilities = try model.predict(data.features)
    #expect(probabilities.shape == [40, 5, 3])
    let labels = data.targets.tensor.integers
    let losses = labels.enumerated().map { -log(probabilities.element($0 * 3 + $1)) }
    let mean = losses.reduce(0, +) / Double(losses.count)
    #expect(abs(evaluation.loss - mean) < 1e-12)
    #expect(evaluation.count == 40 && evaluation.steps == 5)
    #expect(abs((evaluation.bitsPerStep ?? 0) - mean / log(2)) < 1e-12)
    let right = zip(model.classes(of: probabilities), labels).count { $0 == $1 }
    #expect(evaluation.classification?.correctCount == right)
    #expect(evaluation.classification?.count == 200)
    // A loss that is no plain cross-entropy has no bits.
    var smooth = model
    smooth.loss = CrossEntropy(labelSmoothing: 0.1)
    #expect(try smooth.evaluate(data).bitsPerStep == nil)
  }

  /// More outputs than are judged at once: 10 million in stretches of 4. The scores are 1 for the
  /// character itself, so that the loss can be written down.
  @Test func `a text is judged in stretches with the same result`() throws {
    let count = 4096
    let names = (0..<count).map { String($0) }
    let (height, width) = (40, 64)
    let inputs = (0..<height * width).map { Float($0 * 7 % count) }
    let targets = inputs.enumerated().map { Int32(($0 % 5 == 0 ? Int($1) : Int($1) + 1) % count) }
    var data = Dataset(
      name: "numbers", features: Tensor(inputs, shape: [height, width]),
      targets: .classes(Tensor(targets, shape: [height, width]), names: names))
    data.form = .text(context: width, stride: width)
    let model = TrainedModel(
      model: OneHotSteps(depth: count), loss: CrossEntropy(), parameters: ParameterSet(),
      inputShape: [width], precision: .float64, outputs: .classes(names), form: data.form)
    let evaluation = try model.evaluate(data)
    #expect(abs(evaluation.loss - (log(4095 + exp(1)) - 0.2)) < 1e-9)
    #expect(abs((evaluation.accuracy ?? 0) - 0.2) < 1e-12)
  }

  @Test func `a saved run goes on to the same bits, and knows its characters`() throws {
    let data = try rows(text, context: 5)
    let whole = try trainer(pairs(3), epochs: 6).fit(data).model
    let half = try trainer(pairs(3), epochs: 3).fit(data).model
    let path = NSTemporaryDirectory() + "backprop-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try half.save(to: path)
    let read = try TrainedModel(contentsOf: path, layers: [OneHotSteps.self])
    #expect(read.form == .text(context: 5, stride: 5))
    #expect(read.outputs == .classes(["a", "b", "c"]))
    let resumed = try trainer(pairs(3), epochs: 6).fit(data, TrainingSetup(resuming: read)).model
    #expect(resumed.parameters == whole.parameters)
  }

  @Test func `outputs that do not fit the steps are refused with both shapes`() throws {
    let data = try rows(text, context: 5)
    let narrow = Sequential {
      OneHotSteps(depth: 3)
      Dense(units: 4)
    }
    for (model, found) in [(narrow as any Layer, "[5, 4]"), (Dense(units: 3), "[3]")] {
      do {
        _ = try trainer(model, epochs: 0).fit(data)
        Issue.record("\(found) was accepted")
      } catch let error as TrainingError {
        #expect(
          error.description
            == "the network gives outputs of shape \(found) for each row; expected [5, 3] for 3 "
            + "classes")
      }
    }
    // Nor do steps fit rows that have one class each.
    let flowers = try Dataset.builtIn("iris")
    #expect(throws: TrainingError.self) { try trainer(pairs(3), epochs: 0).fit(flowers) }
    // A file whose rows are said to be others.
    var model = try trainer(pairs(3), epochs: 0).fit(data).model
    model.form = .text(context: 6, stride: 6)
    let path = NSTemporaryDirectory() + "backprop-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.save(to: path)
    #expect(throws: TrainingError.self) {
      try TrainedModel(contentsOf: path, layers: [OneHotSteps.self])
    }
  }

  private func written(
    _ generator: TextGenerator, _ prompt: String, _ length: Int, _ temperature: Double,
    seed: UInt64 = 1
  ) throws -> String {
    var text = ""
    try generator.write(after: prompt, length: length, temperature: temperature, seed: seed) {
      text += $0
      return true
    }
    return text
  }

  @Test func `a network writes what it has learned`() throws {
    // After a and c comes b; after b both as often.
    let data = try rows(text, context: 5)
    let generator = try TextGenerator(trainer(pairs(3), epochs: 60).fit(data).model)
    let text = try written(generator, "ab", 400, 1)
    #expect(text.count == 400)
    let after = zip(text, text.dropFirst())
    #expect(after.filter { $0.0 != "b" }.count { $0.1 == "b" } > 190)
    let branches = after.filter { $0.0 == "b" }.count { $0.1 == "a" }
    #expect((60...140).contains(branches), "\(branches)")
    #expect(try written(generator, "ab", 400, 1) == text)
    #expect(try written(generator, "ab", 400, 1, seed: 2) != text)
    // Without chance the likeliest is taken, whatever the seed.
    let cold = try written(generator, "a", 30, 0)
    #expect(try cold == written(generator, "a", 30, 0, seed: 9) && cold.hasPrefix("b"))
    #expect(try written(generator, "", 3, 1).count == 3 && written(generator, "a", 0, 1) == "")
    // The caller may stop.
    var count = 0
    try generator.write(after: "", length: 100) { _ in
      count += 1
      return count < 4
    }
    #expect(count == 4)
  }

  @Test func `what cannot write says why`() throws {
    let data = try rows(text, context: 5)
    let model = try trainer(pairs(3), epochs: 0).fit(data).model
    let generator = try TextGenerator(model)
    do {
      _ = try written(generator, "a\nb", 3, 1)
      Issue.record("a line break was accepted")
    } catch {
      #expect("\(error)".contains("found the character \"\\n\"") && "\(error)".hasSuffix("a b c"))
    }
    #expect(throws: TrainingError.self) { try written(generator, "a", 3, -1) }
    #expect(throws: TrainingError.self) { try written(generator, "a", -3, 1) }
    let peeking = try trainer(pairs(3, peeks: true), epochs: 0).fit(data).model
    do {
      _ = try TextGenerator(peeking)
      Issue.record("a network that looks ahead was accepted")
    } catch {
      #expect("\(error)".contains("sees the characters that are yet to come"))
    }
    let flowers = try trainer(Dense(units: 3), epochs: 0).fit(.builtIn("iris")).model
    #expect(throws: TrainingError.self) { try TextGenerator(flowers) }
  }
}
