import Datasets
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// What a training step keeps in memory, by the steps of its sequences.
@Suite struct LongSequenceTests {
  /// Bytes of intermediate values of a training step, those that loops keep among them.
  private func bytes(steps: Int, batch: Int = 1, _ recurrence: Recurrence) throws
    -> Int
  {
    let model = Sequential {
      LSTM(units: 16, recurrence: recurrence)
      Dense(units: 1)
    }
    let trainer = Trainer(model, loss: MeanSquaredError(), optimizer: SGD(learningRate: 0.1))
    return try trainer.step(
      batch: batch, input: [steps, 1], target: TensorType([1], .float32), threads: 1
    ).executor.plan.workingSize
  }

  @Test func `all steps are kept where there are no segments`() throws {
    let kept = try [1000, 10_000].map { try bytes(steps: $0, Recurrence(output: .last)) }
    // More than the four gates, the cell and the output of each of 16 units in each step.
    #expect(kept[1] > 10_000 * 6 * 16 * 4)
    #expect(abs(Double(kept[1]) / Double(kept[0]) - 10) < 0.1)
  }

  /// Of the steps outside a segment only the cells and outputs at the borders are kept.
  @Test func `with segments the borders and one segment are kept`() throws {
    let recurrence = Recurrence(output: .last, segment: 100)
    let kept = try [1000, 10_000, 40_000].map { try bytes(steps: $0, recurrence) }
    let border = 2 * 16 * 4
    #expect(abs(kept[1] - kept[0] - 90 * border) <= 128)
    #expect(abs(kept[2] - kept[1] - 300 * border) <= 128)
    #expect(try kept[1] < bytes(steps: 10_000, Recurrence(output: .last)) / 50)
    // Gates, cells and outputs of one segment are among what is counted.
    #expect(kept[0] > 100 * 6 * 16 * 4)
  }

  @Test func `with segments of the root of the steps, memory grows as the root`() throws {
    let kept = try [100, 200, 400].map { root in
      try bytes(steps: root * root, Recurrence(output: .last, segment: root))
    }
    #expect(Double(kept[1]) / Double(kept[0]) < 2.05)
    #expect(Double(kept[2]) / Double(kept[1]) < 2.05)
  }

  /// Parts of 50 steps that follow one another, ten series at a time, of one long series: what a step
  /// keeps, and what it leaves to the next one.
  @Test func `a long series in parts takes the memory of a short one`() throws {
    func memory(rows: Int) throws -> (kept: Int, carried: Int) {
      let parts = Dataset(
        name: "series", features: .zeros([rows / 50, 50, 1], type: .float32),
        targets: .values(.zeros([rows / 50, 1], type: .float32), names: ["y"]))
      let model = Sequential {
        LSTM(units: 16, recurrence: Recurrence(output: .last, carriesState: true), name: "a")
        Dense(units: 1)
      }
      let trainer = Trainer(
        model, loss: MeanSquaredError(), optimizer: SGD(learningRate: 0.1),
        TrainingOptions(epochs: 1, batchSize: 10, order: .streams, scaling: Scaling.Kind.none))
      let trained = try trainer.fit(parts).model
      let states = try #require(trained.checkpoint?.states)
      let step = try trainer.step(
        batch: 10, input: parts.inputShape, target: TensorType([1], .float32), threads: 1)
      return (step.executor.plan.workingSize, states.elementCount)
    }
    let (short, long) = (try memory(rows: 1000), try memory(rows: 100_000))
    #expect(short == long)
    #expect(short.carried == 2 * 10 * 16)
    #expect(
      try bytes(steps: 1000, batch: 10, Recurrence(output: .last)) > 15 * short.kept)
  }
}
