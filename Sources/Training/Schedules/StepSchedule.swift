import Foundation

/// A learning rate that falls in steps: factor γ^⌊e / n⌋ after e epochs, with γ = 0.1 unless told
/// otherwise, every n epochs.
public struct StepSchedule: Schedule {
  public static let kind = "step"
  public static let usage = "step:EPOCHS[:FACTOR]"

  /// n, the epochs between two steps.
  public var every: Int
  /// γ, by which each step multiplies the rate.
  public var factor: Double

  public init(every: Int, factor: Double = 0.1) {
    self.every = every
    self.factor = factor
  }

  public static func parsed(_ text: ScheduleText) throws -> StepSchedule {
    try text.expect(arguments: 1...2, usage: usage)
    return StepSchedule(every: try text.integer(0) ?? 1, factor: try text.number(1) ?? 0.1)
  }

  public var text: String { "\(Self.kind):\(every):\(shortText(factor))" }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("every", Double(every), .count),
      Hyperparameter("factor", factor, .nonNegative),
    ]
  }

  public func factor(step: Int, of steps: Int, epoch: Double) -> Double {
    pow(factor, (epoch / Double(max(every, 1))).rounded(.down))
  }
}
