import Foundation

/// A learning rate that falls evenly on a logarithmic scale: factor γᵉ after e epochs, fractions of
/// an epoch included.
public struct ExponentialSchedule: Schedule {
  public static let kind = "exponential"
  public static let usage = "exponential:FACTOR"

  /// γ, by which an epoch multiplies the rate.
  public var factor: Double

  public init(factor: Double) {
    self.factor = factor
  }

  public static func parsed(_ text: ScheduleText) throws -> ExponentialSchedule {
    try text.expect(arguments: 1...1, usage: usage)
    return ExponentialSchedule(factor: try text.number(0) ?? 1)
  }

  public var text: String { "\(Self.kind):\(shortText(factor))" }

  public var hyperparameters: [Hyperparameter] {
    [Hyperparameter("factor", factor, .positive)]
  }

  public func factor(step: Int, of steps: Int, epoch: Double) -> Double { pow(factor, epoch) }
}
