import Execution
import Foundation
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
  ///   - duration: How long to run it, in seconds, at least.
  /// - Throws: ``CostError`` where the machine's memory does not hold the step; else as `Trainer.step`.
  public init(
    of estimate: CostEstimate, _ trainer: Trainer, input: Shape, target: TensorType,
    duration: Double = 0.6
  ) throws {
    self.estimate = estimate
    // The batch is there twice while it is made.
    let needed = estimate.memoryBytes + 2 * Double(estimate.work.memory.input)
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed <= memory else {
      throw CostError.setting(
        "batch",
        found: "\(estimate.batch.grouped) rows, whose step takes \(QuantityText.bytes(needed))",
        expected: "what this machine's \(QuantityText.bytes(memory)) of memory hold")
    }
    let step = try trainer.randomStep(batch: estimate.batch, input: input, target: target)
    let time = StepTime(of: step, seconds: duration)
    seconds = time.median
    let profile = step.executor.profile(runs: time.runs(in: duration))
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
}
