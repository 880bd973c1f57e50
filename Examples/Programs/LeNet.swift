import Backprop

/// A convolutional network reads handwritten digits.
///
/// Two convolutions look for strokes and for their combinations wherever they are; the pooling
/// after each makes where exactly matter less. What they have found, two dense layers name.
///
/// Source: Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86
/// (1998), doi:10.1109/5.726791; rectifiers and maxima as is usual today.
package struct LeNet: Example {
  package let name = "lenet"
  package let summary = "a convolutional network reads MNIST's digits"
  package var models: [String: any Layer] { ["lenet": model] }

  private var model: Sequential {
    Sequential {
      ReshapeTo([28, 28, 1])
      Convolution(channels: 20, kernel: [5, 5], activation: .relu)
      MaxPooling([2])
      Convolution(channels: 50, kernel: [5, 5], activation: .relu)
      MaxPooling([2])
      Flatten()
      Dense(units: 128, activation: .relu)
      Dropout(0.3)
      Dense(units: 10)
    }
  }

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let (training, test) = try settings.digits(reducedTo: 2000)
    let trainer = Trainer(
      model, loss: CrossEntropy(), optimizer: Adam(learningRate: 0.002),
      TrainingOptions(
        epochs: settings.isReduced ? 2 : 5, batchSize: 64,
        schedule: WarmUp(steps: 20, then: ScheduleBox(CosineSchedule())), seed: settings.seed))
    let result = try trainer.fit(training, settings.setup)
    let accuracy = try result.model.evaluate(test).accuracy ?? 0
    return Outcome(
      "\(accuracy.percent) of \(test.count) test digits are read rightly, after "
        + "\(result.report.history.count) epochs",
      ["accuracy": accuracy])
  }
}
