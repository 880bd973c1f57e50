import Formulas

/// Turns formulas whose rows are examples into equal ones whose columns are, and back.
struct Transposition {
  /// The symbols, and names such as ∂E/∂W, that are matrices.
  var matrices: Set<Formula> = []

  func isMatrix(_ leaf: Formula) -> Bool {
    switch leaf {
    case .symbol, .partial: matrices.contains(leaf)
    default: false
    }
  }

  /// Whether a matrix occurs in a formula.
  func hasMatrix(_ formula: Formula) -> Bool {
    if isMatrix(formula) { return true }
    if case .symbol(let symbol) = formula, let whole = MatrixEvaluator.whole(symbol, bound: "ij") {
      return matrices.contains(whole)
    }
    var isFound = false
    _ = formula.mapParts { part in
      isFound = isFound || hasMatrix(part)
      return part
    }
    return isFound
  }

  /// The transposed formula, with the transpositions moved down to the symbols, where two cancel:
  /// (A B)ᵀ = Bᵀ Aᵀ, (Aᵀ)ᵀ = A, f(A)ᵀ = f(Aᵀ) for what works element by element.
  func transposed(_ formula: Formula) -> Formula {
    if isMatrix(formula) { return .transposed(formula) }
    switch formula {
    case .transposed(let a): return plain(a)
    case .matrixProduct(let factors):
      return .matrixProduct(factors.reversed().map { transposed($0) })
    default: return formula.mapParts { transposed($0) }
    }
  }

  /// The same formula, with the transpositions moved down to the symbols.
  func plain(_ formula: Formula) -> Formula {
    if isMatrix(formula) { return formula }
    if case .transposed(let a) = formula { return transposed(a) }
    return formula.mapParts { plain($0) }
  }
}
