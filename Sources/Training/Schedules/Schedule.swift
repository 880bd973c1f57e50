/// How the learning rate changes during a run: a factor on the optimizer's rate.
///
/// ```swift
/// let schedule = CosineSchedule()
/// print(schedule.factor(step: 500, of: 1000, epoch: 5))      // 0.5
/// ```
public protocol Schedule: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The name under which it is saved and asked for: `cosine`.
  static var kind: String { get }

  /// How it is written: `step:EPOCHS:FACTOR`, optional parts in brackets.
  static var usage: String { get }

  /// The schedule that a text stands for.
  ///
  /// - Throws: ``TrainingError`` where the text does not fit ``usage``.
  static func parsed(_ text: ScheduleText) throws -> Self

  /// The text that stands for the schedule: `step:10:0.5`.
  var text: String { get }

  /// All numbers that it depends on.
  var hyperparameters: [Hyperparameter] { get }

  /// The factor for one update.
  ///
  /// - Parameters:
  ///   - step: The number of the update, from 0, over the whole run.
  ///   - steps: The number of updates of the whole run.
  ///   - epoch: The epochs done before the update, with fractions: step over steps an epoch.
  func factor(step: Int, of steps: Int, epoch: Double) -> Double

  /// Whether the factors depend on the length of the run, so that a longer run is another one.
  var dependsOnLength: Bool { get }
}

extension Schedule {
  public var dependsOnLength: Bool { false }

  /// Refuses settings that make no sense, such as a factor below 0.
  ///
  /// - Throws: ``TrainingError`` for the first such setting.
  public func check() throws {
    for hyperparameter in hyperparameters { try hyperparameter.check(in: Self.kind) }
  }

  /// The text that stands for the schedule.
  public var description: String { text }
}
