import Datasets

/// How a network scales its rows, as a setting.
public enum RowScaling: String, Codable, Hashable, Sendable, CaseIterable {
  /// Nothing is changed.
  case none
  /// Each column gets mean 0 and deviation 1.
  case standard
  /// Each column gets the range 0…1.
  case minMax = "min-max"
  /// Everything is divided by 255, as images of bytes are.
  case bytes

  /// What the setting means, for lists.
  static let meaning =
    "how features are scaled: none, standard (mean 0, deviation 1), min-max (0…1), bytes (by 255)"

  var kind: Scaling.Kind {
    switch self {
    case .none: .none
    case .standard: .standard
    case .minMax: .minMax
    case .bytes: .divide(by: 255)
    }
  }
}
