extension Scaling {
  /// What is wrong with the numbers of a scaling that comes from a file; nil where nothing is.
  ///
  /// Each column needs its two numbers, all finite, a deviation of 0 or more, and a high end that
  /// is not below the low one; a divisor is not 0.
  ///
  /// - Parameter columns: The elements of a row.
  public func problem(columns: Int) -> String? {
    switch self {
    case .none: nil
    case .divide(let divisor):
      divisor.isFinite && divisor != 0
        ? nil : "division by \(divisor); expected a finite number other than 0"
    case .standard(let mean, let deviation):
      Self.problem(mean, "means", columns) ?? Self.problem(deviation, "deviations", columns)
        ?? deviation.firstIndex { $0 < 0 }.map {
          "the deviation \(deviation[$0]) of feature \($0 + 1); expected 0 or a positive number"
        }
    case .minMax(let low, let high):
      Self.problem(low, "low ends", columns) ?? Self.problem(high, "high ends", columns)
        ?? low.indices.first { high[$0] < low[$0] || !(high[$0] - low[$0]).isFinite }.map {
          "the range \(low[$0]) to \(high[$0]) of feature \($0 + 1); expected a finite one"
        }
    }
  }

  private static func problem(_ values: [Double], _ what: String, _ columns: Int) -> String? {
    guard values.count == columns else {
      return "\(values.count) \(what); expected \(columns), one for each feature"
    }
    return values.firstIndex { !$0.isFinite }.map {
      "\(values[$0]) among the \(what), for feature \($0 + 1); expected finite numbers"
    }
  }
}
