extension Formula {
  /// The formula with each of its direct parts replaced by what `transform` makes of it.
  ///
  /// What names things rather than uses their values is no part: the index of a big operator, the
  /// order of a norm and the inside of ∂y/∂x.
  package func mapParts(_ transform: (Formula) -> Formula) -> Formula {
    switch self {
    case .number, .digits, .symbol, .partial: return self
    case .sum(let terms): return .sum(terms.map(transform))
    case .difference(let a, let b): return .difference(transform(a), transform(b))
    case .negation(let a): return .negation(transform(a))
    case .product(let factors): return .product(factors.map(transform))
    case .quotient(let a, let b): return .quotient(transform(a), transform(b))
    case .power(let a, let b): return .power(transform(a), transform(b))
    case .squareRoot(let a): return .squareRoot(transform(a))
    case .absolute(let a): return .absolute(transform(a))
    case .norm(let a, let order): return .norm(transform(a), order: order)
    case .call(let name, let arguments): return .call(name, arguments.map(transform))
    case .relation(let a, let relation, let b):
      return .relation(transform(a), relation, transform(b))
    case .big(let sign, let index, let from, let to, let body):
      return .big(
        sign, index: index, from: from.map(transform), to: to.map(transform),
        body: transform(body))
    case .branches(let branches, let otherwise):
      return .branches(
        branches.map { Branch(transform($0.value), if: transform($0.condition)) },
        otherwise: otherwise.map(transform))
    case .indexed(let a, let indices): return .indexed(transform(a), indices.map(transform))
    case .transposed(let a): return .transposed(transform(a))
    case .matrixProduct(let factors): return .matrixProduct(factors.map(transform))
    case .matrix(let rows): return .matrix(rows.map { $0.map(transform) })
    case .hadamard(let factors): return .hadamard(factors.map(transform))
    }
  }
}
