extension Formula {
  /// The formula with every subformula that is a key replaced by its value.
  ///
  /// The outermost match wins and replacements are not searched again. Two places name things
  /// rather than use their values and so keep their parts: the bound index of a big operator,
  /// and the inside of ∂y/∂x, which can only be replaced as a whole.
  ///
  ///     let rule: Formula = "w" - "η" * "g"
  ///     rule.substituting(["η": 0.5, "g": -0.2]).text  // w − 0.5 · (−0.2)
  public func substituting(_ replacements: [Formula: Formula]) -> Formula {
    if let replacement = replacements[self] { return replacement }
    func sub(_ part: Formula) -> Formula { part.substituting(replacements) }
    switch self {
    case .number, .digits, .symbol, .partial: return self
    case .sum(let terms): return .sum(terms.map(sub))
    case .difference(let a, let b): return .difference(sub(a), sub(b))
    case .negation(let a): return .negation(sub(a))
    case .product(let factors): return .product(factors.map(sub))
    case .quotient(let a, let b): return .quotient(sub(a), sub(b))
    case .power(let a, let b): return .power(sub(a), sub(b))
    case .squareRoot(let a): return .squareRoot(sub(a))
    case .absolute(let a): return .absolute(sub(a))
    case .norm(let a, let order): return .norm(sub(a), order: order)
    case .call(let name, let arguments): return .call(name, arguments.map(sub))
    case .relation(let a, let relation, let b): return .relation(sub(a), relation, sub(b))
    case .big(let sign, let index, let from, let to, let body):
      var inner = replacements
      if let index { inner[index] = nil }
      return .big(
        sign, index: index, from: from.map(sub), to: to.map(sub),
        body: body.substituting(inner))
    case .branches(let branches, let otherwise):
      return .branches(
        branches.map { Branch(sub($0.value), if: sub($0.condition)) },
        otherwise: otherwise.map(sub))
    case .indexed(let a, let indices): return .indexed(sub(a), indices.map(sub))
    case .transposed(let a): return .transposed(sub(a))
    case .matrixProduct(let factors): return .matrixProduct(factors.map(sub))
    case .hadamard(let factors): return .hadamard(factors.map(sub))
    }
  }
}
