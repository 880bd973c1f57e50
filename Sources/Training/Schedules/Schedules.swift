import GraphIR

/// The schedules that there are.
public enum Schedules {
  /// All kinds: a new schedule is a file in this folder and a name here.
  public static let all: [any Schedule.Type] = [
    ConstantSchedule.self, StepSchedule.self, ExponentialSchedule.self, CosineSchedule.self,
    WarmUp.self,
  ]

  /// The names of all kinds, in the list's order.
  public static var kinds: [String] { all.map { $0.kind } }

  /// The schedule that a text stands for: `constant`, `step:10:0.5`, `exponential:0.95`, `cosine`,
  /// `warmup:100,cosine`.
  ///
  /// - Parameter text: A kind with its arguments, and for a warm-up what follows it. Capitals and
  ///   spaces do not matter.
  /// - Throws: ``TrainingError`` for a kind that is not known, with the nearest one, or arguments
  ///   that do not fit.
  public static func parsed(_ text: String) throws -> ScheduleBox {
    let plain = text.lowercased().filter { $0 != " " }
    let parts = plain.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else {
      throw TrainingError.setting(
        name: "schedule", found: "\"\(text.prefix(60))\"",
        expected: "one schedule, or a warm-up, a comma and one schedule")
    }
    var following: ScheduleBox?
    for part in parts.reversed() { following = try parsed(part, of: text, following: following) }
    return following ?? ScheduleBox(ConstantSchedule())
  }

  private static func parsed(_ part: String, of whole: String, following: ScheduleBox?) throws
    -> ScheduleBox
  {
    var words = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = words.removeFirst()
    let text = ScheduleText(whole: whole, name: name, arguments: words, following: following)
    guard let type = all.first(where: { $0.kind == name }) else {
      let suggestion = nearest(name, in: kinds).map { " (did you mean \($0)?)" } ?? ""
      throw text.error(
        expected: "one of \(all.map { $0.usage }.joined(separator: "; "))" + suggestion)
    }
    let schedule = try type.parsed(text)
    try schedule.check()
    return ScheduleBox(schedule)
  }
}
