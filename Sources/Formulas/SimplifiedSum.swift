/// The terms of a sum, with their signs apart, while the sum is simplified.
struct SimplifiedSum {
  private var terms: [(isNegative: Bool, term: Formula)] = []

  /// Takes in a formula as written: sums and differences inside of it become terms of this one.
  mutating func gather(_ formula: Formula) {
    switch formula {
    case .sum(let terms): for term in terms { gather(term) }
    case .difference(let a, let b):
      gather(a)
      gather(negative: b)
    case .negation(let a): gather(negative: a)
    default: append(formula.simplified(), isNegative: false)
    }
  }

  private mutating func gather(negative formula: Formula) {
    if case .negation(let a) = formula {
      gather(a)
    } else {
      append(formula.simplified(), isNegative: true)
    }
  }

  /// Takes in a formula that is simplified already.
  ///
  /// A minus sign in front of parentheses stays there, as in a − (b − c), unless the parentheses
  /// begin with a minus sign themselves.
  mutating func append(_ formula: Formula, isNegative: Bool) {
    switch formula {
    case .negation(let a): append(a, isNegative: !isNegative)
    case .number(let value) where formula.isNegativeNumber:
      terms.append((!isNegative, .number(-value)))
    case .sum(let inner) where !isNegative || inner.first?.isNegated == true:
      for term in inner { append(term, isNegative: isNegative) }
    case .difference(let a, let b) where !isNegative || a.isNegated:
      append(a, isNegative: isNegative)
      append(b, isNegative: !isNegative)
    default: terms.append((isNegative, formula))
    }
  }

  /// The sum of the terms, its short numbers added up where the first of them stood.
  var formula: Formula {
    var kept: [(isNegative: Bool, term: Formula)] = []
    let total = shortTotal
    var isTotalWritten = false
    for (isNegative, term) in terms {
      guard case .number(let value) = term, value.isShort, total != nil || value == 0 else {
        kept.append((isNegative, term))
        continue
      }
      guard let total, total != 0, !isTotalWritten else { continue }
      kept.append((total < 0, .number(abs(total))))
      isTotalWritten = true
    }
    guard let first = kept.first else { return 0 }
    let lead = first.isNegative ? SimplifiedSum.minus(first.term) : first.term
    if kept.count == 1 { return lead }
    if kept.count == 2, kept[1].isNegative { return .difference(lead, kept[1].term) }
    return .sum([lead] + kept.dropFirst().map { $0.isNegative ? .negation($0.term) : $0.term })
  }

  /// The sum of the short numbers, or nil where it would not be short itself.
  private var shortTotal: Double? {
    var total = 0.0
    for (isNegative, term) in terms {
      guard case .number(let value) = term, value.isShort else { continue }
      total += isNegative ? -value : value
    }
    return total.isShort ? total : nil
  }

  private static func minus(_ term: Formula) -> Formula {
    if case .number(let value) = term { return .number(-value) }
    return .negation(term)
  }
}

extension Formula {
  /// The negative of a simplified formula.
  var simplifiedNegative: Formula {
    var sum = SimplifiedSum()
    sum.append(self, isNegative: true)
    return sum.formula
  }

  /// Whether a simplified formula begins with a minus sign that can be taken off.
  fileprivate var isNegated: Bool {
    if case .negation = self { return true }
    if case .number = self { return isNegativeNumber }
    return false
  }
}
