extension Formula {
  /// The symbols whose values the formula depends on, in the order of their first appearance.
  ///
  /// The index of a big operator is bound in its body and so is not among them; neither are the
  /// number π, the dots of a shortened sum, nor what stands inside of ∂y/∂x, which is a name.
  ///
  ///     let loss: Formula = .quotient(1, 2) * .power("t" - "o", 2)
  ///     loss.symbols.map(\.name)      // ["t", "o"]
  public var symbols: [Symbol] {
    var found = SymbolList()
    found.visit(self)
    return found.symbols
  }

  /// The symbol that a big operator over this index binds: k, or the k of k ∈ S.
  var boundSymbol: Symbol? {
    switch self {
    case .symbol(let symbol): return symbol
    case .relation(let left, _, _): return left.boundSymbol
    default: return nil
    }
  }
}

/// Gathers free symbols.
private struct SymbolList {
  private(set) var symbols: [Symbol] = []
  private var seen: Set<Symbol> = [Formula.pi, Symbol(name: "…")]

  mutating func visit(_ formula: Formula) {
    switch formula {
    case .number, .digits, .partial: break
    case .symbol(let symbol):
      if seen.insert(symbol).inserted { symbols.append(symbol) }
    case .difference(let a, let b), .quotient(let a, let b), .power(let a, let b),
      .relation(let a, _, let b):
      visit(a)
      visit(b)
    case .negation(let a), .squareRoot(let a), .absolute(let a), .transposed(let a): visit(a)
    case .norm(let a, let order):
      visit(a)
      if let order { visit(order) }
    case .sum(let parts), .product(let parts), .call(_, let parts), .matrixProduct(let parts),
      .hadamard(let parts):
      for part in parts { visit(part) }
    case .matrix(let rows): for part in rows.joined() { visit(part) }
    case .indexed(let a, let indices):
      visit(a)
      for index in indices { visit(index) }
    case .branches(let branches, let otherwise):
      for branch in branches {
        visit(branch.value)
        visit(branch.condition)
      }
      if let otherwise { visit(otherwise) }
    case .big(_, let index, let from, let to, let body):
      if let from { visit(from) }
      if let to { visit(to) }
      visit(body, binding: index)
    }
  }

  /// Visits a big operator's body. A symbol that was found before remains found.
  private mutating func visit(_ body: Formula, binding index: Formula?) {
    if case .relation(_, _, let set) = index { visit(set) }
    let bound = index?.boundSymbol
    let isNew = bound.map { seen.insert($0).inserted } ?? false
    visit(body)
    if isNew, let bound { seen.remove(bound) }
  }
}
