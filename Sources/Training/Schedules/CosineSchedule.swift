import Foundation

/// A learning rate that falls along half a cosine: slowly at first, fast in the middle, slowly at
/// the end.
///
/// factor = f + (1 − f) (1 + cos(π t / T)) / 2 for update t (from 0) of T, with the final factor
/// f = 0 unless told otherwise. It is 1 at the start, and would be f for the update after the last.
///
/// Source: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR
/// 2017, arXiv:1608.03983, without its restarts.
public struct CosineSchedule: Schedule {
  public static let kind = "cosine"
  public static let usage = "cosine[:FINAL]"

  /// f, the factor at the end.
  public var final: Double

  public init(final: Double = 0) {
    self.final = final
  }

  public static func parsed(_ text: ScheduleText) throws -> CosineSchedule {
    try text.expect(arguments: 0...1, usage: usage)
    return CosineSchedule(final: try text.number(0) ?? 0)
  }

  public var text: String { final == 0 ? Self.kind : "\(Self.kind):\(shortText(final))" }

  public var hyperparameters: [Hyperparameter] {
    [Hyperparameter("final", final, .unitInterval)]
  }

  public var dependsOnLength: Bool { true }

  public func factor(step: Int, of steps: Int, epoch: Double) -> Double {
    let progress = min(max(Double(step) / Double(max(steps, 1)), 0), 1)
    return final + (1 - final) * (1 + cos(.pi * progress)) / 2
  }
}
