import Backprop

/// A recurrent network reads handwritten digits row by row.
///
/// Each of the 28 rows of pixels is a step. What the network knows of the rows above lies in the
/// cells of an LSTM; after the last row they say which digit it was.
///
/// Source: the task as in Q. Le, N. Jaitly, G. Hinton, "A simple way to initialize recurrent networks
/// of rectified linear units", arXiv:1504.00941, with rows in place of single pixels.
package struct Rows: Example {
  package let name = "rows"
  package let summary = "an LSTM reads MNIST's digits row by row"
  package var models: [String: any Layer] { ["rows": model] }

  private var model: Sequential {
    Sequential {
      LSTM(units: 128, forgetBias: 1, recurrence: Recurrence(output: .last))
      Dense(units: 10)
    }
  }

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let (training, test) = try settings.digits(reducedTo: 4000)
    let trainer = Trainer(
      model, loss: CrossEntropy(), optimizer: Adam(learningRate: 0.003),
      TrainingOptions(
        epochs: settings.isReduced ? 3 : 5, batchSize: 64, schedule: CosineSchedule(),
        clipping: .norm(1), seed: settings.seed))
    let result = try trainer.fit(training, settings.setup)
    let accuracy = try result.model.evaluate(test).accuracy ?? 0
    return Outcome(
      "\(accuracy.percent) of \(test.count) test digits are read rightly, after "
        + "\(result.report.history.count) epochs",
      ["accuracy": accuracy])
  }
}
