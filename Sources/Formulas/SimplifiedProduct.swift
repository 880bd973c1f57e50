/// The factors of a product, with its sign and its numbers apart, while it is simplified.
struct SimplifiedProduct {
  private var isNegative = false
  private var numbers: [Formula] = []
  private var others: [Formula] = []

  /// Takes in a formula as written: products inside of it become factors of this one.
  mutating func gather(_ formula: Formula) {
    switch formula {
    case .product(let factors): for factor in factors { gather(factor) }
    case .negation(let a):
      isNegative.toggle()
      gather(a)
    default: append(formula.simplified())
    }
  }

  private mutating func append(_ formula: Formula) {
    switch formula {
    case .product(let factors): for factor in factors { append(factor) }
    case .negation(let a):
      isNegative.toggle()
      append(a)
    case .number(let value) where formula.isNegativeNumber:
      isNegative.toggle()
      numbers.append(.number(-value))
    case .number, .quotient(.number, .number): numbers.append(formula)
    default: others.append(formula)
    }
  }

  /// The product: its sign, its numbers, then the other factors in their order.
  var formula: Formula {
    if numbers.contains(0), numbers.allSatisfy(\.isFiniteNumber) { return 0 }
    let factors = foldedNumbers + others
    let result: Formula =
      factors.isEmpty ? 1 : factors.count == 1 ? factors[0] : .product(factors)
    return isNegative ? result.simplifiedNegative : result
  }

  /// The numbers without ones, the short ones multiplied where the first of them stood.
  private var foldedNumbers: [Formula] {
    var total: ShortFraction?
    var count = 0
    for number in numbers {
      guard let fraction = ShortFraction(number) else { continue }
      count += 1
      guard let before = total else {
        total = fraction
        continue
      }
      guard let product = before * fraction else { return numbers.filter { $0 != 1 } }
      total = product
    }
    guard let total, count > 1 else { return numbers.filter { $0 != 1 } }
    var result: [Formula] = []
    var isTotalWritten = false
    for number in numbers {
      if ShortFraction(number) == nil {
        result.append(number)
      } else if !isTotalWritten {
        isTotalWritten = true
        if total.formula != 1 { result.append(total.formula) }
      }
    }
    return result
  }
}

extension Formula {
  fileprivate var isFiniteNumber: Bool {
    switch self {
    case .number(let value): return value.isFinite
    case .quotient(.number(let a), .number(let b)): return a.isFinite && b.isFinite && b != 0
    default: return false
    }
  }
}
