extension Formula {
  /// The derivative with respect to a symbol, simplified, or nil where there is none to write.
  ///
  /// Everything else is held constant, also ∂y/∂x, which is a name. Where a function jumps or has
  /// a kink, the derivative is that of one side: |x|′ = sign(x), sign′ = 0, max(0, x)′ is 1 where
  /// x > 0 and 0 elsewhere. Nil for an unknown function of the symbol, relations, norms, matrices,
  /// and products and maxima over an index.
  ///
  ///     let x: Formula = "x"
  ///     (1 / (1 + .exp(-x)) as Formula).derivative(withRespectTo: Symbol("x"))
  ///     // e⁻ˣ / (1 + e⁻ˣ)²
  public func derivative(withRespectTo symbol: Symbol) -> Formula? {
    Differentiation(symbol: symbol).step(self)?.result
  }

  /// The derivative in the steps that a textbook shows: the outermost rule applied, with the inner
  /// derivatives worked out, then the same simplified.
  ///
  /// The second step is missing where it would say nothing new. A constant factor is carried along
  /// and the rule is that of the other factor.
  ///
  /// - Returns: Nil where ``derivative(withRespectTo:)`` is nil.
  public func derivativeSteps(
    withRespectTo symbol: Symbol
  ) -> [(rule: DerivativeRule, formula: Formula)]? {
    guard let step = Differentiation(symbol: symbol).step(self) else { return nil }
    let first = (rule: step.rule, formula: step.formula)
    let result = step.result
    return result == first.formula ? [first] : [first, (.simplification, result)]
  }
}

/// Differentiates with respect to one symbol.
struct Differentiation {
  let symbol: Symbol

  /// A rule applied, and what came of it before anything is simplified.
  struct Step {
    var rule: DerivativeRule
    var formula: Formula

    init(_ rule: DerivativeRule, _ formula: Formula) {
      self.rule = rule
      self.formula = formula
    }

    static let constant = Step(.constant, 0)

    var result: Formula { formula.withFractionsJoined.simplified() }
  }

  /// The outermost rule applied to a formula.
  func step(_ formula: Formula) -> Step? {
    switch formula.canonical {
    case .number, .digits, .partial: return .constant
    case .symbol(let other): return other == symbol ? Step(.identity, 1) : .constant
    case .sum(let terms): return sum(terms)
    case .difference(let a, let b):
      guard let first = derivative(a), let second = derivative(b) else { return nil }
      return first == 0 && second == 0 ? .constant : Step(.sum, .difference(first, second))
    case .negation(let a): return step(a).map { multiple(of: $0) { .negation($0) } }
    case .product(let factors): return product(factors)
    case .quotient(let a, let b): return quotient(a, b)
    case .power(let a, let b): return power(a, b)
    case .squareRoot(let u): return chain(.function, 1 / (2 * .squareRoot(u)), u)
    case .absolute(let u): return chain(.function, .call("sign", [u]), u)
    case .call(let name, let arguments): return call(name, arguments, in: formula)
    case .branches(let branches, let otherwise): return cases(branches, otherwise)
    case .big(let sign, let index, let from, let to, let body):
      guard from.map(isConstant) ?? true, to.map(isConstant) ?? true else { return nil }
      if index?.boundSymbol == symbol { return .constant }
      guard let slope = derivative(body) else { return nil }
      if slope == 0 { return .constant }
      return sign == .sum
        ? Step(.sum, .big(.sum, index: index, from: from, to: to, body: slope)) : nil
    case .indexed(let a, let indices): return element(a, indices)
    case .norm, .relation, .transposed, .matrixProduct, .matrix, .hadamard:
      return isConstant(formula) ? .constant : nil
    }
  }

  func derivative(_ formula: Formula) -> Formula? { step(formula)?.result }

  func isConstant(_ formula: Formula) -> Bool { !formula.symbols.contains(symbol) }

  /// The outer derivative at u, times the inner one where u is more than the symbol itself.
  func chain(
    _ rule: DerivativeRule, _ outer: Formula, _ u: Formula, inner: Formula? = nil
  ) -> Step? {
    if u == .symbol(symbol) { return Step(rule, outer) }
    guard let inner = inner ?? derivative(u) else { return nil }
    return inner == 0 ? .constant : Step(.chain, outer * inner)
  }

  private func sum(_ terms: [Formula]) -> Step? {
    var slopes: [Formula] = []
    for term in terms {
      guard let slope = derivative(term) else { return nil }
      slopes.append(slope)
    }
    return slopes.allSatisfy({ $0 == 0 }) ? .constant : Step(.sum, .sum(slopes))
  }

  /// A constant multiple of u, whose derivative is that multiple of u′.
  private func multiple(of inner: Step, _ scaled: (Formula) -> Formula) -> Step {
    switch inner.rule {
    case .constant: return .constant
    case .identity: return Step(.constantMultiple, scaled(1))
    default: return Step(inner.rule, scaled(inner.formula))
    }
  }

  private func product(_ factors: [Formula]) -> Step? {
    var steps: [Step] = []
    for factor in factors {
      guard let step = step(factor) else { return nil }
      steps.append(step)
    }
    let slopes = steps.map(\.result)
    let varying = slopes.indices.filter { slopes[$0] != 0 }
    guard let only = varying.first else { return .constant }
    func replacing(_ index: Int, by factor: Formula) -> Formula {
      var result = Array(factors[..<index])
      if case .product(let inner) = factor { result += inner } else { result.append(factor) }
      return .product(result + factors[(index + 1)...])
    }
    if varying.count == 1 { return multiple(of: steps[only]) { replacing(only, by: $0) } }
    return Step(.product, .sum(varying.map { replacing($0, by: slopes[$0]) }))
  }

  private func quotient(_ u: Formula, _ v: Formula) -> Step? {
    guard let above = step(u), let bottom = derivative(v) else { return nil }
    if bottom == 0 { return multiple(of: above) { .quotient($0, v) } }
    let top = above.result
    return Step(.quotient, (top * v - u * bottom) / .power(v, 2))
  }

  private func power(_ u: Formula, _ v: Formula) -> Step? {
    guard let base = derivative(u), let exponent = derivative(v) else { return nil }
    if exponent == 0 { return chain(.power, v * .power(u, v - 1), u, inner: base) }
    if base == 0 { return chain(.exponential, .power(u, v) * .ln(u), v, inner: exponent) }
    return Step(.generalPower, .power(u, v) * (exponent * .ln(u) + v * base / u))
  }

  private func cases(_ branches: [Formula.Branch], _ otherwise: Formula?) -> Step? {
    var slopes: [Formula.Branch] = []
    for branch in branches {
      guard let slope = derivative(branch.value) else { return nil }
      slopes.append(.init(slope, if: branch.condition))
    }
    var last: Formula?
    if let otherwise {
      guard let slope = derivative(otherwise) else { return nil }
      last = slope
    }
    let isConstant = slopes.allSatisfy { $0.value == 0 } && last.map { $0 == 0 } ?? true
    return isConstant ? .constant : Step(.branches, .branches(slopes, otherwise: last))
  }

  /// An element of a vector is the symbol, another element, or not known to be either.
  private func element(_ vector: Formula, _ indices: [Formula]) -> Step? {
    guard isConstant(.indexed(vector, indices)) else { return nil }
    guard let lower = symbol.subscript, case .symbol(let name) = vector, name.name == symbol.name,
      name.superscript == symbol.superscript
    else { return .constant }
    let places = indices.map(\.text)
    if lower == places.joined(separator: ",") || lower == places.joined() {
      return Step(.identity, 1)
    }
    let areNumbers = indices.allSatisfy { if case .number = $0 { true } else { false } }
    return areNumbers ? .constant : nil
  }
}

extension Formula {
  /// (1 / v) · w written as w / v, where a chain rule has made such a product.
  fileprivate var withFractionsJoined: Formula {
    switch self {
    case .negation(let a): return .negation(a.withFractionsJoined)
    case .quotient(let a, let b): return .quotient(a.withFractionsJoined, b)
    case .product(var factors):
      let places = factors.indices.filter { index in
        if case .quotient(1, let bottom) = factors[index] { return !bottom.isPlainNumber }
        return false
      }
      guard places.count == 1, factors.count > 1, case .quotient(_, let v) = factors[places[0]]
      else { return self }
      factors.remove(at: places[0])
      return .quotient(.product(factors), v)
    default: return self
    }
  }

  private var isPlainNumber: Bool {
    switch self {
    case .number, .digits: return true
    default: return false
    }
  }
}
