import Backprop

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Times one whole training step – forward, loss, backward, update – in the same cases as the
/// peers (`peers/cases.py`).
///
/// It speaks the peers' protocol: for each line `CASE SECONDS` on standard input it answers one
/// line of JSON with five medians. `StepBenchmark plan CASE` prints what a step runs.
@main struct StepBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == "plan" {
      print(try prepared(arguments[2]).executor.plan)
      return
    }
    var steps: [String: TrainingStep] = [:]
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 2, let seconds = Double(words[1]) else { continue }
      let name = words[0]
      let step = try steps[name] ?? prepared(name)
      steps[name] = step
      let medians = (0..<5).map { _ in median(of: step, seconds: seconds / 5) }
      print(
        "{\"peer\": \"backprop\", \"case\": \"\(name)\", \"microseconds\": \(medians), "
          + "\"version\": \"this tree; \(BLAS.shared.library ?? "built-in product")\"}")
      fflush(stdout)
    }
  }

  /// The median time of a step in microseconds, from blocks of steps that take about 2 ms.
  private static func median(of step: TrainingStep, seconds: Double) -> Double {
    let clock = ContinuousClock()
    func time(_ count: Int) -> Double {
      let start = clock.now
      for _ in 0..<count {
        step.set(rate: step.rate, step: stepNumber)
        step.run()
        stepNumber += 1
      }
      return (clock.now - start) / .seconds(1)
    }
    var count = 1
    while time(count) < 0.001 { count *= 2 }
    var times: [Double] = []
    var total = 0.0
    while total < seconds || times.count < 3 {
      let elapsed = time(count)
      total += elapsed
      times.append(elapsed / Double(count) * 1e6)
    }
    return times.sorted()[times.count / 2]
  }

  nonisolated(unsafe) private static var stepNumber = 0

  /// A compiled step of a case, on a batch like the peers': uniform inputs, every row twice with
  /// different targets, so that gradients never die out.
  private static func prepared(_ name: String) throws -> TrainingStep {
    guard let benchmark = Case.all[name] else { throw UnknownCase(name: name) }
    let outputs = benchmark.layers.last!
    let model = Sequential(
      benchmark.layers.dropFirst().map { units in
        Dense(
          units: units,
          activation: benchmark.isSigmoid ? .sigmoid : units == outputs ? .linear : .relu)
      })
    let trainer = Trainer(
      model, loss: benchmark.isSigmoid ? HalfSquaredError() : CrossEntropy(),
      optimizer: benchmark.isSigmoid ? SGD(learningRate: benchmark.rate) : Adam())
    var random = RandomStream(seed: 1, name: "benchmark")
    let distinct = max(1, benchmark.batch / 2)
    let rows = (0..<distinct * benchmark.layers[0]).map { _ in Float(random.uniform()) }
    let values = (0..<benchmark.batch).flatMap { row in
      let source = row % distinct
      return rows[source * benchmark.layers[0]..<(source + 1) * benchmark.layers[0]]
    }
    let labels = (0..<benchmark.batch).map { row in
      Int32((row < distinct ? row : row - distinct + 1) % outputs)
    }
    let targets = Tensor(labels)
    let step = try trainer.step(
      batch: benchmark.batch, input: [benchmark.layers[0]],
      target: benchmark.isSigmoid
        ? TensorType([outputs], .float32) : TensorType(.scalar, .int32))
    try step.set(
      Batch(
        inputs: Tensor(values, shape: [benchmark.batch, benchmark.layers[0]]),
        targets: benchmark.isSigmoid ? targets.oneHot(depth: outputs, type: .float32) : targets))
    return step
  }
}

/// The sizes of a case.
private struct Case {
  let layers: [Int]
  let batch: Int
  let isSigmoid: Bool
  var rate = 0.1

  static let all = [
    "2-2-2": Case(layers: [2, 2, 2], batch: 1, isSigmoid: true, rate: 0.5),
    "784-16-10": Case(layers: [784, 16, 10], batch: 32, isSigmoid: true),
    "784-128-10": Case(layers: [784, 128, 10], batch: 64, isSigmoid: false),
    "784-512-512-10": Case(layers: [784, 512, 512, 10], batch: 128, isSigmoid: false),
  ]
}

private struct UnknownCase: Error {
  let name: String
}
