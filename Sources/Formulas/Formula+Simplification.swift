import Foundation

extension Formula {
  /// The formula tidied up for display, with the same value.
  ///
  /// Nested sums and products are flattened; zeros and ones that change nothing go; minus signs
  /// move in front of products and quotients and cancel; short numbers – whole or with up to four
  /// binary places, so that nothing is rounded – are added up and multiplied, and a product's
  /// numbers stand first; x¹, x⁰, e^(ln x), ln(eˣ) and functions of numbers with a short exact
  /// result are worked out; cases that numbers decide are decided. Nothing else is moved or
  /// multiplied out; above all −(a − b) is not turned around. ``digits(_:)`` stay as written, and
  /// so does what only names things: indices and ∂y/∂x.
  ///
  ///     let o: Formula = "o"
  ///     (1 / 2 * 2 * ("t" - o) * -1 as Formula).simplified().text      // −(t − o)
  ///
  /// Simplifying twice is simplifying once. 0 · x is 0, also where x has no finite value.
  ///
  /// - Complexity: Linear in the formula's size.
  public func simplified() -> Formula {
    switch canonical {
    case .number, .digits, .symbol, .partial, .indexed: return self
    case .sum, .difference, .negation:
      var sum = SimplifiedSum()
      sum.gather(self)
      return sum.formula
    case .product:
      var product = SimplifiedProduct()
      product.gather(self)
      return product.formula
    case .quotient(let a, let b): return .simplifiedQuotient(a.simplified(), b.simplified())
    case .power(let a, let b): return .simplifiedPower(a.simplified(), b.simplified())
    case .squareRoot(let a): return .simplifiedRoot(a.simplified())
    case .absolute(let a): return .simplifiedAbsolute(a.simplified())
    case .call(let name, let arguments):
      return .simplifiedCall(name, arguments.map { $0.simplified() })
    case .branches(let branches, let otherwise): return .decided(branches, otherwise)
    case .hadamard(let factors):
      let parts = factors.map { $0.simplified() }.flatMap { factor in
        if case .hadamard(let inner) = factor { return inner }
        return factor == 1 ? [] : [factor]
      }
      return parts.isEmpty ? 1 : parts.count == 1 ? parts[0] : .hadamard(parts)
    default: return mapParts { $0.simplified() }
    }
  }

  private static func simplifiedPower(_ base: Formula, _ exponent: Formula) -> Formula {
    if exponent == 0 || base == 1 { return 1 }
    if exponent == 1 { return base }
    guard case .number(let a) = base, case .number(let b) = exponent, a.isShort, b.isWhole,
      b > 0, b < 64
    else { return .power(base, exponent) }
    let value = Foundation.pow(a, b)
    return value.isShort ? .number(value) : .power(base, exponent)
  }

  private static func simplifiedRoot(_ a: Formula) -> Formula {
    guard case .number(let value) = a, value >= 0, value.isShort else { return .squareRoot(a) }
    let root = value.squareRoot()
    return root.isShort && root * root == value ? .number(root) : .squareRoot(a)
  }

  private static func simplifiedAbsolute(_ a: Formula) -> Formula {
    switch a {
    case .number(let value): return .number(abs(value))
    case .negation(let inner): return simplifiedAbsolute(inner)
    default: return .absolute(a)
    }
  }

  private static func simplifiedCall(_ name: String, _ arguments: [Formula]) -> Formula {
    let call = Formula.call(name, arguments)
    if arguments.count == 1 {
      switch (name, arguments[0]) {
      case ("exp", .call("ln", let inner)) where inner.count == 1: return inner[0]
      case ("ln", .call("exp", let inner)) where inner.count == 1: return inner[0]
      case ("exp", 0), ("cos", 0), ("cosh", 0): return 1
      case ("ln", 1), ("sin", 0), ("sinh", 0), ("tanh", 0), ("erf", 0): return 0
      default: break
      }
    }
    let isExact = ["max", "min", "sign", "floor", "ceil", "round"].contains(name)
    guard isExact, arguments.allSatisfy(\.isNumber), let value = call.evaluate(symbols: [:])
    else { return call }
    return .number(value)
  }

  /// The cases that remain where conditions on numbers alone are known.
  private static func decided(_ branches: [Branch], _ otherwise: Formula?) -> Formula {
    var kept: [Branch] = []
    var last: Formula?
    for branch in branches {
      let condition = branch.condition.simplified()
      let isTrue = condition.isTrue
      if isTrue == false { continue }
      let value = branch.value.simplified()
      if isTrue == true {
        last = value
        break
      }
      kept.append(Branch(value, if: condition))
    }
    last = last ?? otherwise?.simplified()
    // The same number in every case is that number.
    if let last, last.isNumber ? kept.allSatisfy({ $0.value == last }) : kept.isEmpty {
      return last
    }
    return .branches(kept, otherwise: last)
  }

  private var isNumber: Bool {
    if case .number = self { return true }
    return false
  }
}
