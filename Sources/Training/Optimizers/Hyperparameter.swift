/// One number that sets how an optimizer or a schedule behaves: its name, its value, and the values
/// that make sense for it.
public struct Hyperparameter: Hashable, Sendable {
  /// The values that make sense.
  public enum Allowed: Hashable, Sendable {
    /// x ≥ 0.
    case nonNegative
    /// x > 0.
    case positive
    /// 0 ≤ x < 1: a rate at which the past is forgotten.
    case fraction
    /// 0 ≤ x ≤ 1.
    case unitInterval
    /// x ≥ 1.
    case oneOrMore
    /// 1, 2, 3, …
    case count

    /// Whether a value is one of them; infinities and NaN never are.
    public func contains(_ value: Double) -> Bool {
      guard value.isFinite else { return false }
      return switch self {
      case .nonNegative: value >= 0
      case .positive: value > 0
      case .fraction: value >= 0 && value < 1
      case .unitInterval: value >= 0 && value <= 1
      case .oneOrMore: value >= 1
      case .count: value >= 1 && value.rounded() == value
      }
    }

    /// The values in words, as errors name them.
    public var inWords: String {
      switch self {
      case .nonNegative: "a finite number, 0 or more"
      case .positive: "a finite number above 0"
      case .fraction: "a number from 0 to below 1"
      case .unitInterval: "a number from 0 to 1"
      case .oneOrMore: "a finite number, 1 or more"
      case .count: "a whole number, 1 or more"
      }
    }
  }

  /// Its name, that of the property that holds it: `learningRate`.
  public let name: String
  /// Its value.
  public let value: Double
  /// The values that make sense.
  public let allowed: Allowed

  /// A hyperparameter from its parts.
  public init(_ name: String, _ value: Double, _ allowed: Allowed) {
    self.name = name
    self.value = value
    self.allowed = allowed
  }

  /// Refuses a value that makes no sense.
  ///
  /// - Parameter owner: The optimizer or schedule, for the error.
  /// - Throws: ``TrainingError``.
  public func check(in owner: String) throws {
    guard allowed.contains(value) else {
      throw TrainingError.setting(
        name: "\(owner), \(name)", found: shortText(value), expected: allowed.inWords)
    }
  }

  /// `learningRate 0.001`.
  var text: String { "\(name) \(shortText(value))" }
}

/// A number as people write it: `10` rather than `10.0`.
func shortText(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
