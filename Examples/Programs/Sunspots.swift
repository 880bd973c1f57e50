import Backprop

/// Recurrent networks foretell the number of sunspots of the next year.
///
/// The task is a classic of the 1980s: learn from the years up to 1920, foretell each of 1921 to 1955
/// from the twelve years before it. The error is given as the average relative variance, the mean
/// squared error over 1535, the variance of the whole series. Published: 0.097 for the threshold
/// autoregression of H. Tong and K. Lim (1980), 0.086 for the network of A. Weigend, B. Huberman and
/// D. Rumelhart, "Predicting the future: a connectionist approach", Int. J. Neural Systems 1 (1990),
/// doi:10.1142/S0129065790000102.
///
/// So few years leave much to chance: each network is trained from ten starts, and the mean error is
/// given beside that of the mean forecast.
package struct Sunspots: Example {
  package let name = "sunspots"
  package let summary = "Elman and LSTM networks foretell the number of sunspots"
  package var models: [String: any Layer] { ["sunspots-elman": elman, "sunspots-lstm": lstm] }

  private var elman: Sequential {
    Sequential {
      Elman(units: 8, recurrence: Recurrence(output: .last))
      Dense(units: 1)
    }
  }

  private var lstm: Sequential {
    Sequential {
      LSTM(units: 8, forgetBias: 1, recurrence: Recurrence(output: .last))
      Dense(units: 1)
    }
  }

  /// The variance that errors are divided by, by convention.
  private static let variance = 1535.0

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let source = try Dataset.read(
      "sunspots", options: ReadOptions(series: SeriesOptions(window: 12, testFrom: "1921")))
    let test = (source.test ?? source.train).first(35)
    let actual = test.targets.tensor.doubles
    func relativeVariance(_ forecast: [Double]) -> Double {
      let squares = zip(actual, forecast).map { ($0 - $1) * ($0 - $1) }
      return squares.reduce(0, +) / Double(actual.count) / Self.variance
    }
    // What says that next year will be as this one.
    let persistence = test.features.doubles.enumerated().filter { $0.offset % 12 == 11 }
    var figures = ["persistence": relativeVariance(persistence.map(\.element))]
    var lines: [String] = []
    for (name, model) in [("Elman", elman), ("LSTM", lstm)] {
      let starts = settings.isReduced ? 2 : 10
      let forecasts = try (0..<starts).map { start in
        let trainer = Trainer(
          model, loss: MeanSquaredError(), optimizer: Adam(learningRate: 0.01),
          TrainingOptions(
            epochs: settings.isReduced ? 60 : 150, batchSize: 16, schedule: CosineSchedule(),
            l2: 2e-3, targetScaling: .standard, seed: settings.seed + UInt64(start)))
        let result = try trainer.fit(source.train, TrainingSetup(threads: 1))
        return try result.model.predict(test.features).doubles
      }
      let mean = forecasts.map(relativeVariance).reduce(0, +) / Double(starts)
      let together = relativeVariance(
        actual.indices.map { year in forecasts.map { $0[year] }.reduce(0, +) / Double(starts) })
      figures[name] = mean
      figures[name + " together"] = together
      lines.append(
        "\(name): average relative variance \(mean.rounded(to: 3)) for 1921–1955, "
          + "\(together.rounded(to: 3)) with the mean forecast of \(starts) starts")
      settings.report(lines[lines.count - 1])
    }
    lines.append("(as the year before: \(figures["persistence", default: 0].rounded(to: 3)))")
    return Outcome(lines.joined(separator: "\n"), figures)
  }
}
