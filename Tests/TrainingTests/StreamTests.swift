import Datasets
import Foundation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Truncated backpropagation through time over a series whose parts follow one another in the batches.
@Suite struct StreamTests {
  /// Parts of a series of ±1; the target is the last value of the part before. What it is cannot be
  /// told from the part itself.
  private func series(parts: Int, steps: Int = 2) -> Dataset {
    var random = RandomStream(seed: 4, name: "series")
    let values = (0..<parts * steps).map { _ in random.uniform() < 0.5 ? -1.0 : 1 }
    let targets = (0..<parts).map { $0 == 0 ? 0 : values[$0 * steps - 1] }
    return Dataset(
      name: "series", features: Tensor(values, shape: [parts, steps, 1]),
      targets: .values(Tensor(targets, shape: [parts, 1]), names: ["before"]))
  }

  private func elman(carriesState: Bool) -> Sequential {
    Sequential {
      Elman(
        units: 16, recurrence: Recurrence(output: .last, carriesState: carriesState),
        name: "memory")
      Dense(units: 1, name: "output")
    }
  }

  private func lstm(layers: Int = 2, carriesState: Bool) -> Sequential {
    Sequential {
      LSTM(
        units: 8, forgetBias: 1,
        recurrence: Recurrence(layers: layers, output: .last, carriesState: carriesState),
        name: "memory")
      Dense(units: 1, name: "output")
    }
  }

  private func trainer(
    _ model: Sequential, epochs: Int, batch: Int = 20, order: RowOrder = .streams,
    rate: Double = 0.005
  ) -> Trainer {
    Trainer(
      model, loss: MeanSquaredError(), optimizer: Adam(learningRate: rate),
      TrainingOptions(
        epochs: epochs, batchSize: batch, order: order, scaling: Scaling.Kind.none,
        precision: .float64, seed: 2))
  }

  /// Series of 10,000 steps.
  @Test func `what lies before the border is learned with carried states alone`() throws {
    func losses(_ model: Sequential, steps: Int, epochs: Int, rate: Double) throws -> [Double] {
      try trainer(model, epochs: epochs, rate: rate)
        .fit(series(parts: 10_000 / steps, steps: steps)).report.history.map(\.trainingLoss)
    }
    let elmans = try [true, false].map {
      try losses(elman(carriesState: $0), steps: 2, epochs: 3, rate: 0.003)
    }
    let lstms = try [true, false].map {
      try losses(lstm(layers: 1, carriesState: $0), steps: 1, epochs: 2, rate: 0.005)
    }
    for both in [elmans, lstms] {
      #expect((both[0].last ?? 1) < 0.2)
      // Knowing nothing, the best answer is 0, and the loss 1.
      #expect(both[1].allSatisfy { $0 > 0.9 })
    }
  }

  @Test func `outside training every row starts from zeros`() throws {
    let data = series(parts: 200)
    let trained = try trainer(lstm(carriesState: true), epochs: 1).fit(data).model
    var plain = trained
    plain.model = lstm(carriesState: false)
    let backward = Array((0..<200).reversed())
    let predictions = try trained.predict(data.features)
    #expect(try plain.predict(data.features) == predictions)
    #expect(try trained.predict(data.features.rows(backward)) == predictions.rows(backward))
    #expect(try trained.evaluate(data).loss == plain.evaluate(data).loss)
    #expect(trained.parameters.map(\.name).allSatisfy { !$0.contains("carried") })
  }

  /// One step of gradient descent on a part, or on the whole series at once.
  private func update(
    _ inputs: [Tensor], _ targets: [Tensor], rates: [Double], recurrence: Recurrence
  ) throws -> (losses: [Double], change: [Double]) {
    let model = Sequential {
      LSTM(units: 3, recurrence: recurrence, name: "memory")
      Dense(units: 1)
    }
    let shape = Shape(Array(inputs[0].shape.dimensions.dropFirst()))
    let trainer = Trainer(
      model, loss: MeanSquaredError(), optimizer: SGD(learningRate: 1),
      TrainingOptions(batchSize: 2, precision: .float64, seed: 5))
    let step = try trainer.step(
      batch: 2, input: shape, target: TensorType(shape, .float64), threads: 1)
    let names = try model.declarations(input: shape, type: .float64).map(\.name)
    let variables = step.executor.variables
    func numbers() -> [Double] { names.flatMap { variables[$0]?.doubles ?? [] } }
    let before = numbers()
    let losses = try zip(inputs, targets).enumerated().map { number, batch in
      try step.set(Batch(inputs: batch.0, targets: batch.1))
      step.set(rate: rates[number], step: number)
      return step.run()
    }
    return (losses, zip(numbers(), before).map { $0 - $1 })
  }

  /// Two parts one after another, and both at once with a border between them: losses and gradients
  /// are those of the same numbers.
  @Test func `parts in a row are the whole series without gradients over borders`() throws {
    var random = RandomStream(seed: 8, name: "parts")
    func numbers(_ steps: Int) -> Tensor {
      Tensor((0..<2 * steps).map { _ in random.uniform(-1, 1) }, shape: [2, steps, 1])
    }
    func joined(_ parts: [Tensor]) -> Tensor {
      let rows = (0..<2).flatMap { row in
        parts.flatMap { part in (0..<3).map { part.element(row * 3 + $0) } }
      }
      return Tensor(rows, shape: [2, 6, 1])
    }
    let (inputs, targets) = ([numbers(3), numbers(3)], [numbers(3), numbers(3)])
    let carrying = Recurrence(layers: 2, carriesState: true)
    let first = try update([inputs[0]], [targets[0]], rates: [1], recurrence: carrying)
    let second = try update(inputs, targets, rates: [0, 1], recurrence: carrying)
    let whole = try update(
      [joined(inputs)], [joined(targets)], rates: [1],
      recurrence: Recurrence(layers: 2, segment: 3, isTruncated: true))
    #expect(abs(second.losses[0] + second.losses[1] - 2 * whole.losses[0]) < 1e-14)
    #expect(second.losses[0] == first.losses[0])
    let sums = zip(first.change, second.change).map { $0 + $1 }
    #expect(zip(sums, whole.change).allSatisfy { abs($0 - 2 * $1) < 1e-14 })
    // The second part is not what it is from zeros.
    let alone = try update([inputs[1]], [targets[1]], rates: [1], recurrence: carrying)
    #expect(abs(alone.losses[0] - second.losses[1]) > 1e-6)
  }

  /// Stops after a number of steps.
  private final class Countdown: @unchecked Sendable {
    private var left: Int
    init(_ steps: Int) { left = steps }
    func isOver() -> Bool {
      left -= 1
      return left <= 0
    }
  }

  @Test func `a run that is stopped in mid-epoch goes on with what it carried`() throws {
    let data = series(parts: 103)  // 3 rows are left out
    let trainer = trainer(lstm(carriesState: true), epochs: 4, batch: 10)
    let whole = try trainer.fit(data).model
    var part: TrainedModel?
    for steps in [4, 10, 3] {
      let countdown = Countdown(steps)
      let result = try trainer.fit(
        data, TrainingSetup(resuming: part, shouldStop: { countdown.isOver() }))
      #expect(result.wasInterrupted)
      part = result.model
    }
    #expect(part?.checkpoint?.progress.step == 17)
    #expect(part?.checkpoint?.progress.lossRows == 70)
    let end = try trainer.fit(data, TrainingSetup(resuming: part)).model
    #expect(try end.file().serialized() == whole.file().serialized())

    var damaged = try #require(part)
    damaged.checkpoint?.states = ParameterSet()
    #expect(throws: TrainingError.self) {
      try trainer.fit(data, TrainingSetup(resuming: damaged))
    }
    var forgetful = try #require(part)
    let states = try #require(part?.checkpoint?.states)
    forgetful.checkpoint?.states = ParameterSet(
      states.filter { !$0.name.hasPrefix(Scope.carriedPrefix) }.map { ($0.name, $0.tensor) })
    #expect {
      try trainer.fit(data, TrainingSetup(resuming: forgetful))
    } throws: { error in
      "\(error)" == "the checkpoint lacks what batches leave to one another: "
        + "carried/memory.state1 [10, 8]"
    }
  }

  @Test func `a checkpoint in a file holds what is carried`() throws {
    let data = series(parts: 100)
    let trainer = trainer(elman(carriesState: true), epochs: 2, batch: 10)
    let countdown = Countdown(7)
    let part = try trainer.fit(data, TrainingSetup(shouldStop: { countdown.isOver() })).model
    let path = NSTemporaryDirectory() + "backprop-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try part.save(to: path)
    let read = try TrainedModel(contentsOf: path)
    #expect(read.parameters == part.parameters)
    #expect(read.checkpoint?.states["carried/memory.state1 [10, 16]"] != nil)
    let ends = try [part, read].map { try trainer.fit(data, TrainingSetup(resuming: $0)).model }
    #expect(ends[0].parameters == ends[1].parameters)
  }

  @Test(arguments: [RowOrder.shuffled, .sequential])
  func `rows that do not follow one another are refused`(order: RowOrder) throws {
    #expect {
      try trainer(elman(carriesState: true), epochs: 1, order: order).fit(series(parts: 40))
    } throws: { error in
      "\(error)" == "the order of the rows: found \(order.rawValue), "
        + "expected streams: the network carries states from batch to batch"
    }
  }

  @Test func `each place in the batch follows its own part of the rows`() {
    let order = BatchOrder(streamsOf: 11, size: 3)
    #expect(order.map(Array.init) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
    #expect(BatchOrder(streamsOf: 4, size: 1).map(Array.init) == [[0], [1], [2], [3]])
    #expect(BatchOrder(streamsOf: 2, size: 3).isEmpty)
  }
}
