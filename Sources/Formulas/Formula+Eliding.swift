extension Formula {
  /// The formula with its long sums shortened: w₁·x₁ + w₂·x₂ + w₃·x₃ + … + w₇₈₄·x₇₈₄.
  ///
  /// Of each ``sum(_:)`` with more than `count` terms, also inside of other formulas, the first
  /// terms and the last one remain, with the symbol `…` between them.
  ///
  /// - Parameters:
  ///   - count: The greatest number of terms that is written out.
  ///   - keeping: How many terms remain in front of the dots. A sum in which the dots would stand
  ///     for nothing is left as it is.
  /// - Returns: The formula, and the number of terms of the longest sum that was shortened; nil
  ///   where none was.
  public func eliding(
    longerThan count: Int, keeping: Int = 3
  ) -> (formula: Formula, termCount: Int?) {
    var longest: Int?
    let formula = elided(count, max(0, keeping), &longest)
    return (formula, longest)
  }

  private func elided(_ count: Int, _ keeping: Int, _ longest: inout Int?) -> Formula {
    guard case .sum(let terms) = self, let last = terms.last, terms.count > count,
      terms.count > keeping + 1
    else { return mapParts { $0.elided(count, keeping, &longest) } }
    longest = max(longest ?? 0, terms.count)
    let head = terms.prefix(keeping).map { $0.elided(count, keeping, &longest) }
    return .sum(head + [.symbol(Symbol(name: "…")), last.elided(count, keeping, &longest)])
  }
}
