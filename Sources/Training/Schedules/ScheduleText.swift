/// A schedule in words, taken apart: `warmup:100,cosine` is the name `warmup`, the argument `100`
/// and the schedule that follows.
public struct ScheduleText: Sendable {
  /// The whole text, for errors.
  public let whole: String
  /// The kind that it names.
  public let name: String
  /// What stands behind the name, between colons.
  public let arguments: [String]
  /// The schedule after the comma.
  public let following: ScheduleBox?

  /// An error about this text.
  public func error(expected: String) -> TrainingError {
    TrainingError.setting(name: "schedule", found: "\"\(whole.prefix(60))\"", expected: expected)
  }

  /// Refuses too many arguments, and a schedule after one that takes none.
  public func expect(
    arguments count: ClosedRange<Int>, usage: String, following allowed: Bool = false
  ) throws {
    guard count.contains(arguments.count), allowed || following == nil else {
      throw error(expected: usage)
    }
  }

  /// The number at a place, or nil where the text ends before it.
  ///
  /// - Throws: ``TrainingError`` where something else stands there.
  public func number(_ place: Int) throws -> Double? {
    guard place < arguments.count else { return nil }
    guard let number = Double(arguments[place]) else {
      throw error(expected: "a number in place of \"\(arguments[place].prefix(20))\"")
    }
    return number
  }

  /// The whole number at a place, or nil where the text ends before it.
  ///
  /// - Throws: ``TrainingError`` where something else stands there.
  public func integer(_ place: Int) throws -> Int? {
    guard place < arguments.count else { return nil }
    guard let number = Int(arguments[place]) else {
      throw error(expected: "a whole number in place of \"\(arguments[place].prefix(20))\"")
    }
    return number
  }
}
