/// Any schedule, as a value that can be stored, compared and saved.
///
/// Saved as the schedule's settings beside its kind:
/// `{"kind": "step", "every": 10, "factor": 0.5}`.
public struct ScheduleBox: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The schedule.
  public var schedule: any Schedule

  /// A box around a schedule.
  public init(_ schedule: any Schedule) { self.schedule = schedule }

  /// Its kind: `step`.
  public var kind: String { type(of: schedule).kind }

  /// The text that stands for it.
  public var description: String { schedule.text }

  /// The schedule's factor for one update.
  public func factor(step: Int, of steps: Int, epoch: Double) -> Double {
    schedule.factor(step: step, of: steps, epoch: epoch)
  }

  public static func == (a: ScheduleBox, b: ScheduleBox) -> Bool {
    AnyHashable(a.schedule) == AnyHashable(b.schedule)
  }

  public func hash(into hasher: inout Hasher) { schedule.hash(into: &hasher) }

  private enum Key: String, CodingKey { case kind }

  /// Reads a schedule.
  ///
  /// - Throws: `DecodingError` where the kind is not known or a setting is missing or senseless.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let kind = try container.decode(String.self, forKey: .kind)
    guard let type = Schedules.all.first(where: { $0.kind == kind }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "found the schedule \"\(kind.prefix(40))\"; expected one of "
          + Schedules.kinds.joined(separator: ", "))
    }
    schedule = try type.init(from: decoder)
    do {
      try schedule.check()
    } catch let error as TrainingError {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    try schedule.encode(to: encoder)
  }
}
