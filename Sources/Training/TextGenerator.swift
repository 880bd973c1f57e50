import Datasets
import Foundation
import Tensors

/// Writes text with a network that has learned to name the next character of a text.
///
/// Each character is drawn from the network's distribution after the last characters, as many as
/// the network's context holds. With the temperature T a character of probability p is drawn with
/// a probability in proportion to p^(1/T): below 1 the likely ones become likelier, above 1 all
/// come closer together, and at 0 the likeliest is always taken. (Scores s of a loss without
/// probabilities count as ln p.)
///
/// ```swift
/// let generator = try TextGenerator(TrainedModel(contentsOf: "char.safetensors"))
/// try generator.write(after: "To be", length: 200, temperature: 0.8, seed: 1) { print($0, terminator: "") }
/// ```
///
/// A generator is used by one thread at a time.
public final class TextGenerator {
  /// What writes.
  public let model: TrainedModel
  private let predictor: Predictor
  private let characters: [String]
  private let numbers: CharacterNumbers
  private let context: Int

  /// - Parameter threads: Threads to use at most; all processors by default.
  /// - Throws: ``TrainingError/data(_:)`` unless the model has learned a text, and sees at each step
  ///   only the characters up to it; `LayerError` or `GraphError` where it does not fit itself.
  public init(_ model: TrainedModel, threads: Int? = nil) throws {
    guard case .text(let context, _) = model.form, case .classes(let names) = model.outputs,
      model.inputShape == [context],
      try model.model.outputShape(input: model.inputShape) == [context, names.count]
    else {
      throw TrainingError.data(
        "the network has not learned to write: expected one that was trained on a text, with "
          + "scores for the next character at each step")
    }
    self.model = model
    self.context = context
    characters = names
    numbers = CharacterNumbers(names)
    predictor = try Predictor(model, threads: threads)
    guard try !looksAhead() else {
      throw TrainingError.data(
        "the network sees the characters that are yet to come, which are not there when it writes; "
          + "expected one that only looks back (a causal attention, a recurrent layer in one "
          + "direction)")
    }
  }

  /// Writes a text on.
  ///
  /// - Parameters:
  ///   - prompt: The text to go on with; it is not repeated. Without one, what follows a line break
  ///     is written (where the network knows line breaks, else its first character).
  ///   - length: The characters to write.
  ///   - temperature: T, 0 or more.
  ///   - seed: Where the random numbers start: same seed, same text.
  ///   - take: Takes each character; returns whether to go on.
  /// - Throws: ``TrainingError`` for a character that the network does not know, or a temperature or
  ///   length below 0.
  public func write(
    after prompt: String, length: Int, temperature: Double = 1, seed: UInt64 = 0,
    to take: (String) -> Bool
  ) throws {
    guard temperature >= 0, temperature.isFinite else {
      throw TrainingError.setting(
        name: "temperature", found: "\(temperature)", expected: "0 or more")
    }
    guard length >= 0 else {
      throw TrainingError.setting(
        name: "length", found: "\(length)", expected: "0 or more characters")
    }
    var text = try tokens(of: prompt)
    if text.isEmpty { text = [numbers["\n"] ?? 0] }
    var random = RandomStream(seed: seed, name: "generate")
    for _ in 0..<length {
      let scores = try scores(after: text.suffix(context))
      let next = Self.choose(scores, temperature, &random)
      guard take(characters[next]) else { return }
      text.append(Int32(next))
      if text.count > 2 * context { text.removeFirst(text.count - context) }
    }
  }

  private func tokens(of prompt: String) throws -> [Int32] {
    try prompt.precomposedStringWithCanonicalMapping.unicodeScalars.map { scalar in
      guard let number = numbers[scalar] else {
        throw TrainingError.data(
          "the prompt: found the character \"\(shownCharacter(scalar))\", which the network does "
            + "not know; expected some of its \(characters.count): "
            + (model.form?.shown(characters) ?? characters).joined(separator: " "))
      }
      return number
    }
  }

  /// ln p, or the score, of each character after some others.
  private func scores(after text: ArraySlice<Int32>) throws -> [Double] {
    // A network that only looks back gives the same whatever stands behind the last character.
    var row = text.map { Float($0) }
    row += [Float](repeating: 0, count: context - row.count)
    let outputs = try predictor.predict(Tensor(row, shape: [1, context]))
    let classes = characters.count
    let values = (0..<classes).map { outputs.element((text.count - 1) * classes + $0) }
    return model.loss.givesProbabilities ? values.map { log(max($0, 0)) } : values
  }

  /// Whether the scores after the first character depend on the ones that follow it.
  private func looksAhead() throws -> Bool {
    guard context > 1 else { return false }
    let outputs = try [0, characters.count - 1].map { other in
      let row = [0] + [Float](repeating: Float(other), count: context - 1)
      return try predictor.predict(Tensor(row, shape: [1, context]))
    }
    return characters.indices.contains { place in
      let (first, second) = (outputs[0].element(place), outputs[1].element(place))
      return abs(first - second) > 1e-5 * max(abs(first), abs(second), 1e-3)
    }
  }

  /// A number drawn by scores.
  private static func choose(
    _ scores: [Double], _ temperature: Double, _ random: inout RandomStream
  ) -> Int {
    let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    guard temperature > 0 else { return best }
    let weights = scores.map { exp(($0 - scores[best]) / temperature) }
    var rest = random.uniform() * weights.reduce(0, +)
    for (number, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return number }
    }
    return best
  }
}
