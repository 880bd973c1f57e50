extension Formula {
  /// The formula with every subformula that is a key replaced by its value.
  ///
  /// The outermost match wins and replacements are not searched again. Two places name things
  /// rather than use their values and so keep their parts: the bound index of a big operator,
  /// and the inside of ∂y/∂x, which can only be replaced as a whole.
  ///
  ///     let rule: Formula = "w" - "η" * "g"
  ///     rule.substituting(["η": 0.5, "g": -0.2]).text  // w − 0.5 · (−0.2)
  ///
  /// - Complexity: Linear in the formula's size where the keys are symbols, elements and ∂y/∂x;
  ///   a larger key is compared with every subformula of its kind.
  public func substituting(_ replacements: [Formula: Formula]) -> Formula {
    guard !replacements.isEmpty else { return self }
    return replaced(by: replacements, kinds: Set(replacements.keys.map(\.kind)))
  }

  /// Hashing a formula walks over all of it, so only those of a key's kind are looked up.
  private func replaced(by replacements: [Formula: Formula], kinds: Set<Kind>) -> Formula {
    if kinds.contains(kind), let replacement = replacements[self] { return replacement }
    guard case .big(let sign, .some(let index), let from, let to, let body) = self,
      replacements[index] != nil
    else { return mapParts { $0.replaced(by: replacements, kinds: kinds) } }
    var inner = replacements
    inner[index] = nil
    return .big(
      sign, index: index, from: from?.replaced(by: replacements, kinds: kinds),
      to: to?.replaced(by: replacements, kinds: kinds),
      body: body.replaced(by: inner, kinds: kinds))
  }

  private enum Kind { case symbol, indexed, partial, literal, other }

  private var kind: Kind {
    switch self {
    case .symbol: return .symbol
    case .indexed: return .indexed
    case .partial: return .partial
    case .number, .digits: return .literal
    default: return .other
    }
  }
}
