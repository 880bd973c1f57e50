import Formulas

extension Formula {
  /// The formula with fractions and roots that are too wide for a line written so that they can be
  /// broken: a sum over 24 as 1/24 · (sum), a wide denominator and a root as powers.
  ///
  /// - Parameter limit: The widest that stays as it is, in em.
  func unfolded(widerThan limit: Double) -> Formula {
    guard LaTeXMeasure.width(latex) > limit else { return self }
    func inner(_ part: Formula) -> Formula { part.unfolded(widerThan: limit) }
    switch self {
    case .sum(let terms): return .sum(terms.map(inner))
    case .difference(let a, let b): return .difference(inner(a), inner(b))
    case .negation(let a): return .negation(inner(a))
    case .product(let factors): return .product(factors.map(inner))
    case .hadamard(let factors): return .hadamard(factors.map(inner))
    case .absolute(let a): return .absolute(inner(a))
    case .power(let base, let exponent): return .power(inner(base), exponent)
    case .call("sqrt", let arguments) where arguments.count == 1:
      return .power(inner(arguments[0]), .quotient(1, 2))
    case .call(let name, let arguments) where name != "exp":
      return .call(name, arguments.map(inner))
    case .squareRoot(let a): return .power(inner(a), .quotient(1, 2))
    case .quotient(let a, let b):
      if LaTeXMeasure.width(b.latex) > limit {
        let power = Formula.power(inner(b), -1)
        return a == 1 ? power : inner(a) * power
      }
      return .product([.quotient(1, b), inner(a)])
    default: return self
    }
  }
}
