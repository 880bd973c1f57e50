/// Where the time of a run went, in this process.
public struct TrainingTimes: Codable, Hashable, Sendable {
  /// Steps that ran.
  public var steps = 0
  /// Seconds of the steps themselves: forward, loss, backward, update; copying rows where a step does it.
  public var stepSeconds = 0.0
  /// Seconds between the steps: choosing rows, copying them to where the step reads them, telling.
  public var feedingSeconds = 0.0
  /// Seconds of evaluating the rows that are watched.
  public var validationSeconds = 0.0
  /// Seconds of writing checkpoints and the model.
  public var savingSeconds = 0.0
  /// Seconds before the first step: preparing the rows, compiling the step, starting parameters.
  public var preparationSeconds = 0.0

  public init() {}
}

/// Measures where a run's time goes: each part is what has passed since the part before it ended.
struct TrainingMeter {
  enum Part { case preparation, feeding, step, validation, saving }

  /// When the last part ended.
  private(set) var now: ContinuousClock.Instant
  private let clock = ContinuousClock()
  private var steps = 0
  private var (preparation, feeding, step) = (Duration.zero, Duration.zero, Duration.zero)
  private var (validation, saving) = (Duration.zero, Duration.zero)

  init() { now = clock.now }

  /// Ends a part now.
  mutating func end(_ part: Part) {
    let (start, end) = (now, clock.now)
    now = end
    switch part {
    case .preparation: preparation += end - start
    case .feeding: feeding += end - start
    case .step:
      step += end - start
      steps += 1
    case .validation: validation += end - start
    case .saving: saving += end - start
    }
  }

  var times: TrainingTimes {
    var times = TrainingTimes()
    times.steps = steps
    times.stepSeconds = step / .seconds(1)
    times.feedingSeconds = feeding / .seconds(1)
    times.validationSeconds = validation / .seconds(1)
    times.savingSeconds = saving / .seconds(1)
    times.preparationSeconds = preparation / .seconds(1)
    return times
  }
}
