/// How tightly a formula holds together, from loose to tight.
enum Precedence: Int, Comparable {
  case relation, branches, sum, negation, big, product, power, atom

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

extension Formula {
  /// Square root and absolute value have signs of their own, also when written as calls.
  var canonical: Formula {
    guard case .call(let name, let arguments) = self, arguments.count == 1 else { return self }
    switch name {
    case "sqrt": return .squareRoot(arguments[0])
    case "abs": return .absolute(arguments[0])
    default: return self
    }
  }

  func precedence(_ style: LayoutStyle) -> Precedence {
    switch canonical {
    case .number, .digits:
      if isNegativeNumber { return .negation }
      return hasExponent ? .product : .atom
    case .symbol(let symbol): return symbol.superscript == nil ? .atom : .power
    case .absolute, .norm, .indexed, .matrix: return .atom
    case .call("exp", _), .power, .transposed: return .power
    case .squareRoot: return style == .typeset ? .atom : .power
    case .call: return .atom
    case .sum, .difference: return .sum
    case .negation: return .negation
    case .product(let factors):
      return factors.first.map { $0.startsWithSign && !$0.isNegativeNumber } == true
        ? .negation : .product
    case .quotient(let a, _):
      let leads = a.startsWithSign && !a.isNegativeNumber
      return style == .linear && leads ? .negation : .product
    case .partial, .matrixProduct, .hadamard: return .product
    case .relation: return .relation
    case .big: return .big
    // The text has a brace on both sides; on paper the right one is missing.
    case .branches: return style == .linear ? .atom : .branches
    }
  }

  /// Whether it is written with a minus sign in front that covers no sum.
  var startsWithSign: Bool {
    switch self {
    case .negation: return true
    case .number, .digits: return isNegativeNumber
    case .product(let factors): return factors.first.map(\.isNegation) ?? false
    case .quotient(let a, _): return a.isNegation
    default: return false
    }
  }

  private var isNegation: Bool { !isNegativeNumber && startsWithSign }

  var isNegativeNumber: Bool {
    switch self {
    case .number(let value): return value.sign == .minus && !value.isNaN
    case .digits(let digits): return digits.hasPrefix("-") || digits.hasPrefix("−")
    default: return false
    }
  }

  var hasExponent: Bool {
    switch self {
    case .number(let value): return value.isFinite && Formula.digits(of: value).contains("e")
    case .digits(let digits): return digits.contains(where: { $0 == "e" || $0 == "E" })
    default: return false
    }
  }

  /// A fraction of two natural numbers, which text writes without spaces: 1/2.
  var isPlainFraction: Bool {
    guard case .quotient(.number(let a), .number(let b)) = self else { return false }
    return [a, b].allSatisfy { $0 >= 0 && $0 < 1000 && $0.rounded() == $0 }
  }
}
