/// A learning rate that rises in equal steps to its full value, before another schedule takes over.
///
/// factor = (t + 1) / n for update t < n (from 0), so that the last of the n updates has the full
/// rate. The schedule that follows then counts its own updates from 0 and has the rest of the run
/// for them; epochs still count from the start of the run.
///
/// Source: P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour",
/// arXiv:1706.02677.
public struct WarmUp: Schedule {
  public static let kind = "warmup"
  public static let usage = "warmup:UPDATES[,SCHEDULE]"

  /// n, the updates that the rise takes.
  public var steps: Int
  /// The schedule that follows.
  public var then: ScheduleBox

  public init(steps: Int, then: ScheduleBox = ScheduleBox(ConstantSchedule())) {
    self.steps = steps
    self.then = then
  }

  public static func parsed(_ text: ScheduleText) throws -> WarmUp {
    try text.expect(arguments: 1...1, usage: usage, following: true)
    let then = text.following ?? ScheduleBox(ConstantSchedule())
    guard then.kind != kind else {
      throw text.error(expected: "another schedule than a warm-up after a warm-up")
    }
    return WarmUp(steps: try text.integer(0) ?? 1, then: then)
  }

  public var text: String {
    "\(Self.kind):\(steps)" + (then.kind == ConstantSchedule.kind ? "" : ",\(then)")
  }

  public var hyperparameters: [Hyperparameter] {
    [Hyperparameter("steps", Double(steps), .count)]
  }

  public var dependsOnLength: Bool { then.schedule.dependsOnLength }

  public func factor(step: Int, of total: Int, epoch: Double) -> Double {
    if step < steps { return Double(step + 1) / Double(steps) }
    return then.factor(step: step - steps, of: max(total - steps, 1), epoch: epoch)
  }
}
