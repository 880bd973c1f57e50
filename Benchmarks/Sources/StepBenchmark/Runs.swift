import Backprop
import Synchronization

/// Answers lines "CASE EPOCHS" with the time of each epoch of a run of `Trainer.fit`.
///
/// - `mnist`: 784-16-10 on 60,000 rows at batch 32, each epoch as the trainer times it: shuffling,
///   feeding, steps and the record.
/// - `fit`: the same, but the whole call, which also scales the rows, compiles the step, and takes
///   down the fingerprint of the data; divided by the epochs.
/// - `nielsen`: 784-30-10 on 50,000 rows at batch 10, learning rate 3.0, quadratic cost.
func serveRuns(mnist folder: String, threads: Int?) throws {
  var all = try Dataset.readMNIST(folder).train
  all.features = all.features.reshaped([all.count, all.inputShape.count])
  let part = all.rows(Array(0..<min(50_000, all.count)))
  try answerLines { name, amount in
    let epochs = max(1, Int(amount))
    switch name {
    case "mnist", "fit":
      let run = try Run(hidden: 16, batch: 32, rate: 0.1, epochs: epochs, all, threads)
      return Answer(
        name, microseconds: name == "mnist" ? run.epochs : [run.whole / Double(epochs)])
    case "nielsen":
      let run = try Run(hidden: 30, batch: 10, rate: 3, epochs: epochs, part, threads)
      return Answer(name, microseconds: run.epochs)
    default: throw BenchmarkError("there is no case \(name)")
    }
  }
}

/// The times of one run, in microseconds.
private struct Run {
  let epochs: [Double]
  let whole: Double

  init(hidden: Int, batch: Int, rate: Double, epochs: Int, _ rows: Dataset, _ threads: Int?) throws
  {
    let trainer = Trainer(
      Sequential([
        Dense(units: hidden, activation: .sigmoid), Dense(units: 10, activation: .sigmoid),
      ]),
      loss: HalfSquaredError(), optimizer: SGD(learningRate: rate),
      TrainingOptions(epochs: epochs, batchSize: batch))
    let records = Mutex<[(loss: Double, seconds: Double)]>([])
    let clock = ContinuousClock()
    let start = clock.now
    _ = try trainer.fit(
      rows,
      TrainingSetup(
        threads: threads,
        observe: { event in
          if case .epoch(let record, let seconds) = event {
            records.withLock { $0.append((record.trainingLoss, seconds)) }
          }
        }))
    whole = (clock.now - start) / .microseconds(1)
    let known = records.withLock { $0 }
    // Ten sigmoid outputs near ½ have a loss of about 1.25; always 0.1 on the classes, 0.45.
    guard known.count == epochs, let last = known.last, last.loss < 0.45 else {
      throw BenchmarkError("the network has not learned: \(known)")
    }
    self.epochs = known.map { $0.seconds * 1e6 }
  }
}
