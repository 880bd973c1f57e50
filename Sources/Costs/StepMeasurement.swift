import Datasets
import Execution
import GraphIR
import Tensors
import Training

/// A training step's time as it was measured on this machine, beside its estimate: how far off the
/// estimate was, and which passes account for it.
///
/// ```swift
/// let measurement = try StepMeasurement(of: estimate, trainer, input: [784], target: TensorType([], .int32))
/// print(measurement.error, measurement.kinds)
/// ```
public struct StepMeasurement: Sendable {
  /// Passes of a step, one or all of a kind.
  public struct Part: Hashable, Sendable {
    /// What they do: `matmul + add, relu`, or the kind of their main operation: `matmul`.
    public let title: String
    /// The estimate, in seconds.
    public let estimated: Double
    /// The median of many runs, in seconds.
    public let measured: Double

    /// Measured beyond estimated, in seconds.
    public var gap: Double { measured - estimated }
  }

  /// What was expected.
  public let estimate: CostEstimate
  /// The median of the times of a whole step, in seconds.
  public let seconds: Double
  /// The passes, in order; a loop is one.
  public let passes: [Part]
  /// The passes of each kind added up, the largest gap first. Each was timed alone, so that their sum
  /// can exceed that of the step.
  public let kinds: [Part]

  /// How far off the estimate was: its share of the measured time, less 1.
  public var error: Double { estimate.stepSeconds / seconds - 1 }

  /// Runs the step on random rows.
  ///
  /// - Parameters:
  ///   - estimate: What is expected of the step, on this machine.
  ///   - trainer: What the estimate is of.
  ///   - input: The shape of one row.
  ///   - target: The type of one row's target.
  ///   - choices: Below which whole number the inputs are, for networks that read tokens; nil for
  ///     numbers from 0 to 1.
  ///   - duration: How long to run it, in seconds, at least.
  /// - Throws: As `Trainer.step`.
  public init(
    of estimate: CostEstimate, _ trainer: Trainer, input: Shape, target: TensorType,
    choices: Int? = nil, duration: Double = 0.6
  ) throws {
    self.estimate = estimate
    let step = try trainer.step(batch: estimate.batch, input: input, target: target)
    let classes = try trainer.model.outputShape(input: input).dimensions.last ?? 1
    try step.set(
      Self.batch(estimate.batch, input, target, choices: choices, classes: max(1, classes)))
    step.set(rate: 1e-4, step: 0)
    let time = Self.time(of: step, duration: duration)
    seconds = time
    let profile = step.executor.profile(runs: max(5, min(1000, Int(duration / time))))
    var estimated = [Double](repeating: 0, count: profile.entries.count)
    for (work, time) in zip(estimate.work.instructions, estimate.times) {
      estimated[work.place] += time.seconds
    }
    passes = zip(profile.entries, estimated).map {
      Part(title: $0.title, estimated: $1, measured: $0.seconds)
    }
    kinds = Dictionary(grouping: profile.entries.indices) { profile.entries[$0].kind }
      .map { kind, places in
        Part(
          title: kind, estimated: places.reduce(0) { $0 + estimated[$1] },
          measured: places.reduce(0) { $0 + profile.entries[$1].seconds })
      }
      .sorted { (abs($0.gap), $1.title) > (abs($1.gap), $0.title) }
  }

  private static func batch(
    _ rows: Int, _ input: Shape, _ target: TensorType, choices: Int?, classes: Int
  ) -> Batch {
    var random = RandomStream(seed: 1, name: "estimate")
    let shape = Shape([rows] + input.dimensions)
    let inputs = (0..<shape.count).map { _ in
      choices.map { Float(Int(random.uniform() * Double($0))) } ?? Float(random.uniform())
    }
    let targets = Shape([rows] + target.shape.dimensions)
    let numbers = (0..<targets.count).map { Int32($0 % classes) }
    return Batch(
      inputs: Tensor(inputs, shape: shape),
      targets: target.scalarType == .int32
        ? Tensor(numbers, shape: targets) : Tensor(numbers.map { Float($0) }, shape: targets))
  }

  /// The median of the times of blocks of steps, of one step.
  private static func time(of step: TrainingStep, duration: Double) -> Double {
    let clock = ContinuousClock()
    func block(_ count: Int) -> Double {
      let start = clock.now
      for number in 0..<count {
        step.set(rate: 1e-4, step: number)
        step.run()
      }
      return (clock.now - start) / .seconds(1)
    }
    var count = 1
    while block(count) < 0.002 { count *= 2 }
    var (times, total): ([Double], Double) = ([], 0)
    while total < duration || times.count < 7 {
      let elapsed = block(count)
      total += elapsed
      times.append(elapsed / Double(count))
    }
    return times.sorted()[times.count / 2]
  }
}
