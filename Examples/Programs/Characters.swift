import Backprop

/// Networks that learn to name the next character of a book, and so to write: what the examples of
/// both have in common.
///
/// The book is "Alice's Adventures in Wonderland"; its last tenth is kept for validation. A row holds
/// 64 characters, and each of them is to be told from those before it.
package protocol CharacterExample: Example {
  /// Scores for each of the characters, [batch, steps, 69], from their numbers, [batch, steps].
  var model: Sequential { get }
  /// The largest learning rate.
  var learningRate: Double { get }
  /// How many times the book is read; each character is a target four times in each.
  var epochs: Int { get }
}

/// What a character network is measured by.
enum Characters {
  /// The different characters of the book.
  static let count = 69
  /// The characters of a row.
  static let context = 64
  /// The rows of a step.
  static let batch = 32
}

extension CharacterExample {
  package func run(_ settings: Settings) throws -> Outcome {
    let book = try Dataset.read(
      Settings.file("Data/alice.txt"),
      options: ReadOptions(text: TextOptions(context: Characters.context, stride: 16))
    ).train
    var (training, validation) = book.split(fraction: 0.9, seed: 0)
    if settings.isReduced {
      (training, validation) = (training.first(60 * Characters.batch), validation.first(64))
    }
    let trainer = Trainer(
      model, loss: CrossEntropy(), optimizer: AdamW(learningRate: learningRate),
      TrainingOptions(
        epochs: settings.isReduced ? 1 : epochs, batchSize: Characters.batch,
        schedule: WarmUp(steps: 20, then: ScheduleBox(CosineSchedule())), clipping: .norm(1),
        seed: settings.seed))
    let result = try trainer.fit(training, settings.setup)
    let evaluation = try result.model.evaluate(validation)
    let bits = evaluation.bitsPerStep ?? .nan

    var written = ""
    try TextGenerator(result.model).write(
      after: "Alice ", length: settings.isReduced ? 20 : 400, temperature: 0.7,
      seed: settings.seed
    ) {
      written += $0
      return true
    }
    return Outcome(
      "\(bits.rounded(to: 3)) bits a character of the last tenth, which it has not seen; it writes:\n"
        + "Alice \(written)",
      ["bits": bits])
  }
}
