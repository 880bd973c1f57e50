import Backprop

/// A recurrent network foretells a chaotic series.
///
/// The Mackey–Glass equation with a delay of 17 times: from 24 values in turn the one 6 times ahead is
/// to be told. The error is given as the root of the mean squared error over the deviation of the
/// series (NRMSE). Published, for 500 values to learn from and 500 to foretell: 0.02 for a network
/// trained by backpropagation, 0.007 for ANFIS (J.-S. R. Jang, IEEE Trans. Systems, Man and
/// Cybernetics 23 (1993), doi:10.1109/21.256541).
package struct MackeyGlass: Example {
  package let name = "mackey-glass"
  package let summary = "an LSTM foretells the chaotic Mackey–Glass series"
  package var models: [String: any Layer] { ["mackey-glass": model] }

  private var model: Sequential {
    Sequential {
      LSTM(units: 24, forgetBias: 1, recurrence: Recurrence(output: .last))
      Dense(units: 1)
    }
  }

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let source = try Dataset.read(
      "mackey-glass",
      options: ReadOptions(series: SeriesOptions(window: 24, horizon: 6, testFrom: "501")))
    let test = source.test ?? source.train
    let trainer = Trainer(
      model, loss: MeanSquaredError(), optimizer: Adam(learningRate: 0.01),
      TrainingOptions(
        epochs: settings.isReduced ? 20 : 600, batchSize: 16, schedule: CosineSchedule(),
        targetScaling: .standard, seed: settings.seed))
    let result = try trainer.fit(source.train, TrainingSetup(threads: 1))
    let actual = test.targets.tensor.doubles
    let forecast = try result.model.predict(test.features).doubles
    let mean = actual.reduce(0, +) / Double(actual.count)
    func sum(_ body: (Int) -> Double) -> Double { actual.indices.map(body).reduce(0, +) }
    let error = sum { (actual[$0] - forecast[$0]) * (actual[$0] - forecast[$0]) }
    let spread = sum { (actual[$0] - mean) * (actual[$0] - mean) }
    let normalized = (error / spread).squareRoot()
    try settings.write(
      LineChart(
        title: "Mackey–Glass, 6 times ahead", xLabel: "time", yLabel: "x",
        series: [
          Series("actual", values: actual, first: 501),
          Series("forecast", values: forecast, first: 501),
        ]), as: name)
    return Outcome(
      "normalized error \(normalized.rounded(to: 4)) (NRMSE) for \(actual.count) values, 6 times ahead",
      ["NRMSE": normalized])
  }
}
