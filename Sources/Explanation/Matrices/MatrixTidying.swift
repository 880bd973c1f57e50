import Formulas

/// Puts formulas over matrices into the form of the texts: numbers multiplied out and in front,
/// products of matrices element by element with ⊙, one factor for each.
struct MatrixTidying {
  let transposition: Transposition
  /// Denominators up to 20, and these, are written as fractions: 1/m.
  var denominators: [Int] = []
  /// Factors that are settings, such as λ.
  var settings: [(value: Double, symbol: Formula)] = []
  /// Whether cases choose between multiples of what comes from behind: v or 0 is v ⊙ (1 or 0).
  var isBackward = false

  func tidied(_ formula: Formula) -> Formula { self.formula(term(formula)) }

  func formula(_ term: MatrixTerm) -> Formula {
    let size = abs(term.coefficient)
    guard let setting = settings.first(where: { isClose($0.value, size) }) else {
      return term.formula(number)
    }
    let sign = MatrixTerm(coefficient: term.coefficient < 0 ? -1 : 1, scalars: [setting.symbol])
    return (sign * term.core).formula(number)
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= MatrixTerm.tolerance * max(abs(a), abs(b))
  }

  private func number(_ value: Double) -> Formula {
    guard value.isFinite, value > 0, value < 1e9 else { return .number(value) }
    for denominator in Array(1...20) + denominators.sorted() {
      let top = (value * Double(denominator)).rounded()
      guard top >= 1, isClose(top / Double(denominator), value) else { continue }
      return denominator == 1 ? .number(top) : .number(top) / .number(Double(denominator))
    }
    return .number(value)
  }

  /// One factor: a matrix, or a symbol of a number.
  private func single(_ formula: Formula) -> MatrixTerm {
    transposition.hasMatrix(formula)
      ? MatrixTerm(factors: [formula]) : MatrixTerm(scalars: [formula])
  }

  func term(_ formula: Formula) -> MatrixTerm {
    switch formula {
    case .number(let value): return MatrixTerm(coefficient: value)
    case .product(let factors), .hadamard(let factors):
      return factors.reduce(MatrixTerm()) { $0 * term($1) }
    case .negation(let a): return MatrixTerm(coefficient: -1) * term(a)
    case .quotient(let a, let b): return quotient(term(a), term(b))
    case .sum(let terms): return sum(terms.map { ($0, 1) })
    case .difference(let a, let b): return sum([(a, 1), (b, -1)])
    case .matrixProduct(let factors):
      let terms = factors.map { term($0) }
      let parts = terms.flatMap { term -> [Formula] in
        let core = self.formula(MatrixTerm(factors: term.factors))
        if case .matrixProduct(let inner) = core { return inner }
        return [core]
      }
      return MatrixTerm(
        coefficient: terms.reduce(1) { $0 * $1.coefficient }, scalars: terms.flatMap(\.scalars),
        factors: [.matrixProduct(parts)])
    case .branches(let branches, let otherwise): return self.branches(branches, otherwise)
    case .big(.sum, let index?, let from, let to, .indexed(let a, let indices)):
      let inner = term(a)
      let body = part(self.formula(MatrixTerm(factors: inner.factors)), indices)
      let whole = Formula.big(.sum, index: index, from: from, to: to, body: body)
      return MatrixTerm(coefficient: inner.coefficient, scalars: inner.scalars, factors: [whole])
    case .power(let a, let b): return single(.power(tidied(a), tidied(b)))
    default:
      let result = formula.mapParts { tidied($0) }
      if case .call = result, !transposition.hasMatrix(result), let value = result.evaluate() {
        return MatrixTerm(coefficient: value)
      }
      return single(result)
    }
  }

  /// δᵢ, and Σⱼ δⱼᵢ for one element of each column.
  private func part(_ whole: Formula, _ indices: [Formula]) -> Formula {
    guard indices.count == 1, case .symbol(let index) = indices[0] else {
      return .indexed(whole, indices)
    }
    switch whole {
    case .symbol(let symbol) where symbol.subscript == nil && transposition.isMatrix(whole):
      return .symbol(symbol.name, subscript: index.name, superscript: symbol.superscript)
    case .big(.sum, let inner, nil, nil, .symbol(let symbol)):
      guard let lower = symbol.subscript else { return .indexed(whole, indices) }
      let element = Formula.symbol(
        symbol.name, subscript: lower + index.name, superscript: symbol.superscript)
      return .big(.sum, index: inner, from: nil, to: nil, body: element)
    default: return .indexed(whole, indices)
    }
  }

  private func quotient(_ a: MatrixTerm, _ b: MatrixTerm) -> MatrixTerm {
    if b.isNumber {
      return MatrixTerm(coefficient: a.coefficient / b.coefficient) * a.core
    }
    var isProduct = a.factors.count > 1
    if case .matrixProduct? = a.factors.first { isProduct = true }
    if isProduct { return a * single(1 / formula(b)) }
    if a.isNumber { return single(formula(a) / formula(b)) }
    let whole = MatrixTerm(coefficient: a.coefficient / b.coefficient)
    return whole * single(formula(a.core) / formula(b.core))
  }

  private func sum(_ parts: [(Formula, Double)]) -> MatrixTerm {
    var terms: [MatrixTerm] = []
    var place: Int?
    for (part, sign) in parts {
      let term = MatrixTerm(coefficient: sign) * self.term(part)
      if term.coefficient == 0 { continue }
      guard term.isNumber else {
        terms.append(term)
        continue
      }
      if let place {
        terms[place].coefficient += term.coefficient
      } else {
        place = terms.count
        terms.append(term)
      }
    }
    if let place, terms[place].coefficient == 0 { terms.remove(at: place) }
    // a − y rather than −y + a.
    if let first = terms.first, first.coefficient < 0 {
      terms = terms.filter { $0.coefficient >= 0 } + terms.filter { !($0.coefficient >= 0) }
    }
    guard let first = terms.first else { return MatrixTerm(coefficient: 0) }
    guard terms.count > 1 else { return first }
    let size = abs(first.coefficient)
    let isCommon = terms.allSatisfy {
      abs(abs($0.coefficient) - size) <= MatrixTerm.tolerance * size
    }
    let factor = isCommon ? size : 1
    let written = terms.map { term in
      formula(MatrixTerm(coefficient: term.coefficient / factor) * term.core)
    }
    var whole = Formula.sum(
      written.flatMap { part -> [Formula] in
        if case .sum(let inner) = part { inner } else { [part] }
      })
    if case .sum(let all) = whole, all.count == 2, case .negation(let b) = all[1] {
      whole = .difference(all[0], b)
    }
    return MatrixTerm(coefficient: factor) * single(whole)
  }

  private func branches(_ branches: [Formula.Branch], _ otherwise: Formula?) -> MatrixTerm {
    let cases = branches.map { Formula.Branch(tidied($0.value), if: condition($0.condition)) }
    guard isBackward, branches.count == 1, let otherwise else {
      return single(.branches(cases, otherwise: otherwise.map { tidied($0) }))
    }
    let (first, second) = (term(branches[0].value), term(otherwise))
    let isMultiple =
      first.coefficient != 0
      && (second.coefficient == 0
        || (first.scalars == second.scalars && first.factors == second.factors))
    guard isMultiple else { return single(.branches(cases, otherwise: tidied(otherwise))) }
    let ratio = MatrixTerm(coefficient: second.coefficient / first.coefficient)
    let chosen = Formula.branches(
      [Formula.Branch(1, if: cases[0].condition)], otherwise: formula(ratio))
    return first * MatrixTerm(factors: [chosen])
  }

  /// A condition itself, where it was computed as the number 1 or 0 first.
  private func condition(_ formula: Formula) -> Formula {
    guard case .relation(.branches(let inner, let other), .notEqual, 0) = formula,
      inner.count == 1, inner[0].value == 1, other == 0
    else { return formula.mapParts { tidied($0) } }
    return inner[0].condition.mapParts { tidied($0) }
  }
}
