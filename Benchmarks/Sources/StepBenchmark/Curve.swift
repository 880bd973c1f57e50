import Backprop

/// Prints this machine's ceilings, then a line for each width and batch: the time of a training
/// step of width → width (ReLU) → width, half squared error, SGD.
func printCurve(seconds: Double, largest: Int) throws {
  let ceilings = try Ceilings.measured(seconds: max(0.2, seconds))
  sendLine(
    CurveStart(
      threads: ceilings.threads, product: try largeProduct(seconds: seconds), copy: ceilings.copy,
      version: Answer("").version))
  for width in stride(from: 4, through: 12, by: 1).map({ 1 << $0 }) where width <= largest {
    for batch in [1, 4, 16, 64, 256, 1024] {
      let step = try curveStep(width: width, batch: batch)
      let runner = StepRunner(step)
      runner.run()
      let medians = Stopwatch.medians(seconds: seconds) { runner.run() }
      sendLine(
        CurvePoint(
          width: width, batch: batch, microseconds: medians, planned: step.executor.plan.flops))
    }
  }
}

private struct CurveStart: Encodable {
  let threads: Int
  /// FLOPs a second of a large Float32 product.
  let product: Double
  /// Bytes a second through memory, read and written.
  let copy: Double
  let version: String
}

private struct CurvePoint: Encodable {
  let width: Int
  let batch: Int
  let microseconds: [Double]
  /// The FLOPs that the plan counts.
  let planned: Int
}

/// FLOPs a second of the product of two 4096×4096 matrices, the best of several.
private func largeProduct(seconds: Double) throws -> Double {
  let size = 4096
  let builder = GraphBuilder()
  let type = TensorType([size, size], .float32)
  builder.output("y", builder.input("a", type).matmul(builder.input("b", type)))
  let executor = try Executor(Plan(builder.finish()))
  for name in ["a", "b"] {
    try executor.setInput(name, Tensor(filledWith: 0.5, shape: type.shape, type: .float32))
  }
  executor.run()
  let clock = ContinuousClock()
  var (best, total, count) = (Double.infinity, 0.0, 0)
  while total < 2 * seconds || count < 3 {
    let start = clock.now
    executor.run()
    let time = (clock.now - start) / .seconds(1)
    (best, total, count) = (min(best, time), total + time, count + 1)
  }
  return 2 * Double(size * size * size) / best
}

private func curveStep(width: Int, batch: Int) throws -> TrainingStep {
  let model = Sequential([
    Dense(units: width, activation: .relu), Dense(units: width),
  ])
  // Small steps: a loss that reached zero would leave denormal numbers to be timed.
  let trainer = Trainer(
    model, loss: HalfSquaredError(), optimizer: SGD(learningRate: 1e-7))
  let step = try trainer.step(
    batch: batch, input: [width], target: TensorType([width], .float32))
  var random = RandomStream(seed: 1, name: "curve")
  func values() -> Tensor {
    Tensor(
      (0..<batch * width).map { _ in Float(random.uniform()) }, shape: [batch, width])
  }
  let inputs = values()
  try step.set(Batch(inputs: inputs, targets: values()))
  return step
}
