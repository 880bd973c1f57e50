/// What rows are, where they are stretches of one sequence in the order of time: what a trained
/// network has to know in order to read other files in the same way.
///
/// Such rows are never drawn at random for a validation or a test part: the first rows are for
/// training, the ones after them for validation, the last ones for the test.
public enum RowForm: Hashable, Sendable, Codable {
  /// Windows of a text: `context` characters, each window `stride` characters after the one
  /// before. The targets are the same window one character on.
  case text(context: Int, stride: Int)
  /// Windows of a column of numbers: `window` values, the target the one `horizon` steps after the
  /// last of them.
  case series(column: String, window: Int, horizon: Int)

  /// How many of the rows that come after it a row shares a target with.
  var overlap: Int {
    switch self {
    case .text(let context, let stride): (context - 1) / max(1, stride)
    case .series: 0
    }
  }

  /// What is wrong with a form that comes from a file, for rows of this shape; nil where nothing
  /// is.
  public func problem(inputShape: [Int]) -> String? {
    switch self {
    case .text(let context, let stride):
      guard stride >= 1 else { return "a stride of \(stride) characters; expected 1 or more" }
      return inputShape == [context]
        ? nil : "a context of \(context) characters; expected the input's shape, \(inputShape)"
    case .series(_, let window, let horizon):
      guard (1...SeriesOptions.longest).contains(horizon) else {
        return "a horizon of \(horizon) steps; expected 1 to \(SeriesOptions.longest)"
      }
      return inputShape == [window, 1]
        ? nil : "a window of \(window) values; expected the input's shape, \(inputShape)"
    }
  }
}
