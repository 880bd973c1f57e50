/// The same learning rate throughout: factor 1.
public struct ConstantSchedule: Schedule {
  public static let kind = "constant"
  public static let usage = "constant"

  public init() {}

  public static func parsed(_ text: ScheduleText) throws -> ConstantSchedule {
    try text.expect(arguments: 0...0, usage: usage)
    return ConstantSchedule()
  }

  public var text: String { Self.kind }

  public var hyperparameters: [Hyperparameter] { [] }

  public func factor(step: Int, of steps: Int, epoch: Double) -> Double { 1 }
}
