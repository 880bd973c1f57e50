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

  /// Reads a schedule.
  ///
  /// - Throws: `DecodingError` where the kind is not known or a setting is missing or senseless.
  public init(from decoder: any Decoder) throws {
    schedule = try decodedByKind(
      decoder, noun: "schedule",
      kinds: Schedules.all.map { type in
        (
          type.kind,
          { decoder in
            let schedule = try type.init(from: decoder)
            try schedule.check()
            return schedule as any Schedule
          }
        )
      })
  }

  public func encode(to encoder: any Encoder) throws {
    try schedule.encode(asKind: kind, to: encoder)
  }
}
