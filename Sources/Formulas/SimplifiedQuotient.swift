extension Formula {
  /// The quotient of two simplified formulas: signs in front, common whole factors cancelled.
  static func simplifiedQuotient(_ a: Formula, _ b: Formula) -> Formula {
    let (isTopNegative, top) = a.withoutSign
    let (isBottomNegative, bottom) = b.withoutSign
    let result = unsignedQuotient(top, bottom)
    return isTopNegative == isBottomNegative ? result : result.simplifiedNegative
  }

  private static func unsignedQuotient(_ top: Formula, _ bottom: Formula) -> Formula {
    if bottom == 1 { return top }
    if bottom == 0 { return .quotient(top, bottom) }
    if top == 0 { return 0 }
    if case .number(let n) = top, case .number(let d) = bottom, n.isShort, d.isShort,
      !(n.isWhole && d.isWhole), (n / d).isShort, n / d * d == n
    {
      return .number(n / d)
    }
    guard let n = top.wholeFactor, let d = bottom.wholeFactor else {
      return .quotient(top, bottom)
    }
    let divisor = greatestCommonDivisor(n, d)
    if divisor == 1 { return .quotient(top, bottom) }
    let rest = bottom.replacingFactor(by: d / divisor)
    let reduced = top.replacingFactor(by: n / divisor)
    return rest == 1 ? reduced : .quotient(reduced, rest)
  }

  private var withoutSign: (isNegative: Bool, Formula) {
    if case .negation(let a) = self { return (true, a) }
    if case .number(let value) = self, isNegativeNumber { return (true, .number(-value)) }
    return (false, self)
  }

  /// The whole number that it is, or that is its first factor.
  private var wholeFactor: Double? {
    switch self {
    case .number(let value): return value.isShort && value.isWhole ? value : nil
    case .product(let factors):
      guard case .number? = factors.first else { return nil }
      return factors[0].wholeFactor
    default: return nil
    }
  }

  private func replacingFactor(by number: Double) -> Formula {
    guard case .product(let factors) = self else { return .number(number) }
    if number != 1 { return .product([.number(number)] + factors.dropFirst()) }
    return factors.count == 2 ? factors[1] : .product(Array(factors.dropFirst()))
  }
}
