import Foundation

extension Formula {
  /// The formula's value with numbers for its symbols, or nil where that has no answer: a symbol
  /// without a value, an unknown function, a matrix, a derivative, or a bare relation.
  ///
  /// The known functions are exp, ln, log (natural), tanh, sinh, cosh, sin, cos, erf, Φ (the
  /// standard normal distribution function), sqrt, abs, sign, floor, ceil, round, max and min.
  ///
  /// - Parameter values: Values by symbol, in the notation of ``Symbol``. An element such as x
  ///   with index 2 is found under `x_2`, with indices 1 and 2 under `x_1,2`. π is known.
  public func evaluate(_ values: [String: Double] = [:]) -> Double? {
    var table = [Formula.pi: Double.pi]
    for (name, value) in values { table[Symbol(name)] = value }
    return value(table)
  }

  /// The formula's value with numbers for its symbols, as ``evaluate(_:)`` finds it, for callers
  /// that evaluate often: no notation is read.
  public func evaluate(symbols values: [Symbol: Double]) -> Double? {
    if values[Formula.pi] != nil { return value(values) }
    var table = values
    table[Formula.pi] = .pi
    return value(table)
  }

  static let pi = Symbol(name: "π")

  /// Whether a relation between numbers alone is true; nil where it needs the value of a symbol.
  var isTrue: Bool? { holds([Formula.pi: .pi]) }

  private func value(_ table: [Symbol: Double]) -> Double? {
    switch self {
    case .number(let value): return value
    case .digits(let digits):
      if digits.hasSuffix("∞") { return digits == "∞" ? .infinity : -.infinity }
      return Double(String(digits.map { $0 == "−" ? "-" : $0 }))
    case .symbol(let symbol): return table[symbol]
    case .sum(let terms): return Formula.fold(terms, table, 0, +)
    case .product(let factors), .hadamard(let factors): return Formula.fold(factors, table, 1, *)
    case .difference(let a, let b): return Formula.combine(a, b, table, -)
    case .quotient(let a, let b): return Formula.combine(a, b, table, /)
    case .power(let a, let b): return Formula.combine(a, b, table, Foundation.pow)
    case .negation(let a): return a.value(table).map { -$0 }
    case .squareRoot(let a): return a.value(table).map { $0.squareRoot() }
    case .absolute(let a): return a.value(table).map { abs($0) }
    case .call(let name, let arguments):
      let numbers = arguments.compactMap { $0.value(table) }
      return numbers.count == arguments.count ? Formula.apply(name, numbers) : nil
    case .big(let sign, .some(.symbol(let index)), .some(let from), .some(let to), let body):
      return Formula.run(sign, index, from.value(table), to.value(table), body, table)
    case .branches(let branches, let otherwise):
      for branch in branches {
        guard let holds = branch.condition.holds(table) else { return nil }
        if holds { return branch.value.value(table) }
      }
      return otherwise?.value(table)
    case .indexed(.symbol(let symbol), let indices):
      return Formula.element(of: symbol, indices, table)
    case .big, .indexed, .relation, .partial, .norm, .transposed, .matrixProduct, .matrix:
      return nil
    }
  }

  /// Whether a relation, or a chain of them such as 0 < x < 1, is true.
  private func holds(_ table: [Symbol: Double]) -> Bool? {
    guard case .relation(let left, let relation, let right) = self else { return nil }
    var start = left
    if case .relation(_, _, let middle) = left {
      guard let before = left.holds(table) else { return nil }
      if !before { return false }
      start = middle
    }
    guard let a = start.value(table), let b = right.value(table) else { return nil }
    return relation.holds(a, b)
  }

  private static func fold(
    _ parts: [Formula], _ table: [Symbol: Double], _ start: Double,
    _ combine: (Double, Double) -> Double
  ) -> Double? {
    var result = start
    for part in parts {
      guard let value = part.value(table) else { return nil }
      result = combine(result, value)
    }
    return result
  }

  private static func combine(
    _ a: Formula, _ b: Formula, _ table: [Symbol: Double], _ combine: (Double, Double) -> Double
  ) -> Double? {
    guard let left = a.value(table), let right = b.value(table) else { return nil }
    return combine(left, right)
  }

  /// Runs a big operator over whole numbers from the lower to the upper bound.
  private static func run(
    _ sign: BigOperator, _ index: Symbol, _ from: Double?, _ to: Double?, _ body: Formula,
    _ table: [Symbol: Double]
  ) -> Double? {
    guard let from = from.flatMap(Int.init(exactly:)), let to = to.flatMap(Int.init(exactly:))
    else { return nil }
    var values: [Double] = []
    var inner = table
    var position = from
    while position <= to {
      inner[index] = Double(position)
      guard let value = body.value(inner) else { return nil }
      values.append(value)
      position += 1
    }
    switch sign {
    case .sum: return values.reduce(0, +)
    case .product: return values.reduce(1, *)
    case .maximum: return values.max()
    case .minimum: return values.min()
    }
  }

  /// The value stored under the symbol with the indices, as written or as numbers, below it.
  private static func element(
    of symbol: Symbol, _ indices: [Formula], _ table: [Symbol: Double]
  ) -> Double? {
    guard symbol.subscript == nil else { return nil }
    func find(_ lower: String) -> Double? {
      table[Symbol(name: symbol.name, subscript: lower, superscript: symbol.superscript)]
    }
    let numbers = indices.compactMap { index in
      index.value(table).flatMap(Int.init(exactly:)).map(String.init)
    }
    if numbers.count == indices.count, let value = find(numbers.joined(separator: ",")) {
      return value
    }
    return find(indices.map(\.text).joined())
  }

  private static func apply(_ name: String, _ arguments: [Double]) -> Double? {
    switch name {
    case "max": return arguments.max()
    case "min": return arguments.min()
    default: break
    }
    guard let x = arguments.first, arguments.count == 1 else { return nil }
    switch name {
    case "exp": return Foundation.exp(x)
    case "ln", "log": return Foundation.log(x)
    case "tanh": return Foundation.tanh(x)
    case "sinh": return Foundation.sinh(x)
    case "cosh": return Foundation.cosh(x)
    case "sin": return Foundation.sin(x)
    case "cos": return Foundation.cos(x)
    case "erf": return Foundation.erf(x)
    // erfc keeps the digits that 1 + erf loses for large negative numbers.
    case "Φ": return Foundation.erfc(-x * 0.5.squareRoot()) / 2
    case "sqrt": return x.squareRoot()
    case "abs": return Swift.abs(x)
    case "sign": return x > 0 ? 1 : x < 0 ? -1 : x
    case "floor": return x.rounded(.down)
    case "ceil": return x.rounded(.up)
    case "round": return x.rounded(.toNearestOrEven)
    default: return nil
    }
  }
}

extension Formula.Relation {
  /// Whether two numbers compare like this; nil for signs that say nothing of two numbers.
  package func holds(_ a: Double, _ b: Double) -> Bool? {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .approximatelyEqual, .becomes, .elementOf, .proportional: nil
    }
  }
}
