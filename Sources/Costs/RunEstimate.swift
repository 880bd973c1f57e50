import Execution
import Tensors
import Training

/// How long a run of training will take, worked out from its compiled step before the first one.
///
/// ```swift
/// setup.observe = { event in
///   guard case .compiled(let plan, let start) = event else { return }
///   let (device, isMeasured) = Devices.here()
///   let estimate = try? RunEstimate(of: plan, start, on: device, isMeasured: isMeasured)
///   print(estimate.map { "\($0)" } ?? "")
///   // 580 µs a step, 45 steps an epoch, 783 ms for 30 epochs (this machine as measured)
/// }
/// ```
public struct RunEstimate: Codable, Hashable, Sendable {
  /// What it runs on.
  public let device: String
  /// Whether the device's figures were measured; else a factor of two is no surprise.
  public let isMeasured: Bool
  /// Seconds of one step.
  public let stepSeconds: Double
  public let stepsPerEpoch: Int
  /// Epochs that are left to do.
  public let epochs: Int
  /// Whether some epochs were done before.
  public let isResumed: Bool
  /// Steps that are left to do.
  public let steps: Int

  /// Seconds of all steps that are left. Feeding them with rows, validation and saving are not in it,
  /// and an epoch's last batch is counted as a full one.
  public var seconds: Double { Double(steps) * stepSeconds }

  /// Estimates a run whose numbers are Float32.
  ///
  /// - Parameters:
  ///   - plan: The compiled step, of which nothing is run here.
  ///   - start: What the run begins with.
  ///   - device: What it runs on: ``Devices/here(threads:)``.
  ///   - isMeasured: Whether the device's figures were measured.
  /// - Throws: ``CostError`` where the device makes no sense, or the run computes in Float64, which
  ///   machines are not measured for.
  public init(of plan: Plan, _ start: TrainingStart, on device: Device, isMeasured: Bool) throws {
    if let problem = device.problem { throw CostError.file("\(device.name): \(problem)") }
    guard start.precision == .float32 else {
      throw CostError.setting(
        "precision", found: start.precision.rawValue, expected: ScalarType.float32.rawValue)
    }
    let work = StepWork(of: plan)
    let roofline = try Roofline(
      device, .float32, touching: Double(work.memory.plannedTotal))
    stepSeconds = work.instructions.reduce(0) { $0 + roofline.time(of: $1).seconds }
    (self.device, self.isMeasured) = (device.title, isMeasured)
    (stepsPerEpoch, steps) = (start.stepsPerEpoch, start.stepsLeft)
    epochs = max(0, start.epochs - start.finishedEpochs)
    isResumed = start.finishedEpochs > 0
  }
}

extension RunEstimate: CustomStringConvertible {
  /// `580 µs a step, 45 steps an epoch, 783 ms for 30 epochs (this machine as measured)`.
  public var description: String {
    "\(short) (\(isMeasured ? "this machine as measured" : Self.roughly))"
  }

  /// The same without what the figures are from.
  public var short: String {
    let about = isMeasured ? "" : "about "
    let more = isResumed ? " more" : ""
    return
      "\(about)\(QuantityText.seconds(stepSeconds)) a step, \(Self.counted(stepsPerEpoch, "step")) "
      + "an epoch, \(QuantityText.seconds(seconds)) for \(epochs.grouped)\(more) "
      + (epochs == 1 ? "epoch" : "epochs")
  }

  /// What is said where the machine was never measured.
  static let roughly = "rough; backprop bench --calibrate measures this machine"

  static func counted(_ number: Int, _ noun: String) -> String {
    "\(number.grouped) \(noun)\(number == 1 ? "" : "s")"
  }
}

/// What a run's steps took, beside what was estimated: step for step, so that epochs which never ran, as
/// after an early stop, count on neither side.
public struct RunComparison: Codable, Hashable, Sendable {
  public let estimate: RunEstimate
  /// Where the run's time went.
  public let times: TrainingTimes
  /// Seconds of the whole run.
  public let seconds: Double

  public init(_ estimate: RunEstimate, _ times: TrainingTimes, seconds: Double) {
    (self.estimate, self.times, self.seconds) = (estimate, times, seconds)
  }

  /// Seconds that were estimated for the steps that ran.
  public var estimatedSeconds: Double { Double(times.steps) * estimate.stepSeconds }

  /// The steps' time over the estimate; 1 where nothing ran.
  public var ratio: Double {
    estimatedSeconds > 0 ? times.stepSeconds / estimatedSeconds : 1
  }

  /// Seconds of the run that are no step's.
  public var otherSeconds: Double { max(0, seconds - times.stepSeconds) }
}

extension RunComparison: CustomStringConvertible {
  /// `783 ms for 1,350 steps, which took 791 ms (1 % longer); the run's other 52 ms: validation 30 ms,
  /// setting up 12 ms, feeding 10 ms`.
  public var description: String {
    let about = estimate.isMeasured ? "" : "about "
    let steps =
      times.steps < estimate.steps
      ? "the \(times.steps.grouped) of \(RunEstimate.counted(estimate.steps, "step")) that ran"
      : RunEstimate.counted(times.steps, "step")
    var text =
      "\(about)\(QuantityText.seconds(estimatedSeconds)) for \(steps), which took "
      + "\(QuantityText.seconds(times.stepSeconds)) (\(difference))"
    // What is less than a hundredth of the run is not worth the words.
    let others = [
      ("validation", times.validationSeconds), ("feeding", times.feedingSeconds),
      ("saving", times.savingSeconds), ("setting up", times.preparationSeconds),
    ].filter { $0.1 >= seconds / 100 }.sorted { $0.1 > $1.1 }
    if !others.isEmpty {
      text +=
        "; the run's other \(QuantityText.seconds(otherSeconds)): "
        + others.map { "\($0.0) \(QuantityText.seconds($0.1))" }.joined(separator: ", ")
    }
    return text
  }

  private var difference: String {
    let percent = Int((100 * abs(ratio - 1)).rounded())
    if ratio >= 1.995 { return "\(QuantityText.digits(ratio)) times as long" }
    if percent == 0 { return "as long" }
    return "\(percent) % \(ratio > 1 ? "longer" : "less")"
  }
}
