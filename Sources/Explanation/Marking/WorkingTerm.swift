import Formulas
import Foundation

/// A formula prepared for being worked out many times: its symbols are positions of quantities.
struct WorkingTerm: Sendable {
  indirect enum Kind: Sendable {
    case number(Double)
    case quantity(Int)
    /// Terms, and whether each is taken away.
    case sum([(term: WorkingTerm, isNegative: Bool)])
    case product([WorkingTerm])
    case quotient(WorkingTerm, WorkingTerm)
    case power(WorkingTerm, WorkingTerm)
    case negation(WorkingTerm)
    case call(String, [WorkingTerm])
    case branches([WorkingBranch], otherwise: WorkingTerm?)
    /// What is worked out by putting numbers into the formula itself.
    case other([Int: Formula])
  }

  let formula: Formula
  let kind: Kind
  /// The positions of the quantities in it, each once, in the order of appearance.
  let leaves: [Int]

  /// - Parameters:
  ///   - formula: The formula.
  ///   - symbols: The positions of the quantities whose symbols are in it.
  init(_ formula: Formula, _ symbols: [Formula: Int]) {
    self.formula = formula
    func part(_ formula: Formula) -> WorkingTerm { WorkingTerm(formula, symbols) }
    if let position = symbols[formula] {
      (kind, leaves) = (.quantity(position), [position])
      return
    }
    let parts: [WorkingTerm]
    switch formula {
    case .sum, .difference:
      let terms = WorkingTerm.signed(formula, false).map { (term: part($0), isNegative: $1) }
      kind = .sum(terms)
      parts = terms.map(\.term)
    case .negation(let a):
      parts = [part(a)]
      kind = .negation(parts[0])
    case .product(let factors), .hadamard(let factors):
      parts = factors.map(part)
      kind = .product(parts)
    case .quotient(let a, let b):
      parts = [part(a), part(b)]
      kind = .quotient(parts[0], parts[1])
    case .power(let a, let b):
      parts = [part(a), part(b)]
      kind = .power(parts[0], parts[1])
    case .squareRoot(let a):
      parts = [part(a)]
      kind = .call("sqrt", parts)
    case .absolute(let a):
      parts = [part(a)]
      kind = .call("abs", parts)
    case .call(let name, let arguments):
      parts = arguments.map(part)
      kind = .call(name, parts)
    case .branches(let branches, let otherwise):
      let cases = branches.compactMap { WorkingBranch($0, symbols) }
      let last = otherwise.map(part)
      parts = cases.flatMap { [$0.value, $0.left, $0.right] } + (last.map { [$0] } ?? [])
      kind =
        cases.count == branches.count
        ? .branches(cases, otherwise: last) : WorkingTerm.opaque(formula, symbols)
    default:
      parts = []
      kind = formula.evaluate().map { .number($0) } ?? WorkingTerm.opaque(formula, symbols)
    }
    if case .other(let inside) = kind {
      leaves = inside.keys.sorted()
    } else {
      var seen: Set<Int> = []
      leaves = parts.flatMap(\.leaves).filter { seen.insert($0).inserted }
    }
  }

  private static func opaque(_ formula: Formula, _ symbols: [Formula: Int]) -> Kind {
    let inside = symbols.filter { formula.substituting([$0.key: .number(0)]) != formula }
    return .other(Dictionary(inside.map { ($1, $0) }, uniquingKeysWith: { first, _ in first }))
  }

  /// a − b + c as +a, −b, +c.
  private static func signed(_ formula: Formula, _ isNegative: Bool) -> [(Formula, Bool)] {
    switch formula {
    case .sum(let terms): terms.flatMap { signed($0, isNegative) }
    case .difference(let a, let b): signed(a, isNegative) + signed(b, !isNegative)
    case .negation(let a): signed(a, !isNegative)
    default: [(formula, isNegative)]
    }
  }

  /// The term's value with a value for each quantity; nil where it has none.
  func value(_ values: [Double]) -> Double? {
    switch kind {
    case .number(let number): return number
    case .quantity(let position): return values[position]
    case .sum(let terms):
      var total = 0.0
      for (term, isNegative) in terms {
        guard let value = term.value(values) else { return nil }
        total += isNegative ? -value : value
      }
      return total
    case .product(let factors):
      var result = 1.0
      for factor in factors {
        guard let value = factor.value(values) else { return nil }
        result *= value
      }
      return result
    case .quotient(let a, let b):
      guard let upper = a.value(values), let lower = b.value(values) else { return nil }
      return upper / lower
    case .power(let a, let b):
      guard let base = a.value(values), let exponent = b.value(values) else { return nil }
      return pow(base, exponent)
    case .negation(let a): return a.value(values).map { -$0 }
    case .call(let name, let arguments):
      let numbers = arguments.compactMap { $0.value(values) }
      return numbers.count == arguments.count ? WorkingTerm.apply(name, numbers) : nil
    case .branches(let branches, let otherwise):
      for branch in branches {
        guard let holds = branch.holds(values) else { return nil }
        if holds { return branch.value.value(values) }
      }
      return otherwise?.value(values)
    case .other(let symbols):
      let numbers = symbols.map { ($1, Formula.number(values[$0])) }
      return formula.substituting(Dictionary(numbers, uniquingKeysWith: { a, _ in a })).evaluate()
    }
  }

  /// A function's value.
  static func apply(_ name: String, _ arguments: [Double]) -> Double? {
    if arguments.count == 1 {
      switch name {
      case "exp": return exp(arguments[0])
      case "tanh": return tanh(arguments[0])
      case "ln": return log(arguments[0])
      default: break
      }
    }
    return Formula.call(name, arguments.map { .number($0) }).evaluate()
  }
}

/// A value and the condition under which it counts.
struct WorkingBranch: Sendable {
  let value: WorkingTerm
  let left: WorkingTerm
  let right: WorkingTerm
  let relation: Formula.Relation

  /// Nil where the condition compares no two numbers.
  init?(_ branch: Formula.Branch, _ symbols: [Formula: Int]) {
    guard case .relation(let a, let relation, let b) = branch.condition else { return nil }
    if case .relation = a { return nil }
    value = WorkingTerm(branch.value, symbols)
    left = WorkingTerm(a, symbols)
    right = WorkingTerm(b, symbols)
    self.relation = relation
  }

  func holds(_ values: [Double]) -> Bool? {
    guard let a = left.value(values), let b = right.value(values) else { return nil }
    return relation.holds(a, b)
  }
}
