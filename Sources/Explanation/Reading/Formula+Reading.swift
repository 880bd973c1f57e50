import Formulas

extension Formula {
  /// Each of some formulas that occurs in this one, in the order of first appearance.
  func occurring<T: Hashable>(_ names: [Formula: T]) -> [T] {
    var (result, seen) = ([T](), Set<T>())
    func visit(_ formula: Formula) {
      if let name = names[formula] {
        if seen.insert(name).inserted { result.append(name) }
        return
      }
      _ = formula.mapParts { part in
        visit(part)
        return part
      }
    }
    visit(self)
    return result
  }

  /// The formula with every number that is written in it replaced.
  func mapNumbers(_ transform: (Double) -> Formula) -> Formula {
    if case .number(let value) = self { return transform(value) }
    return mapParts { $0.mapNumbers(transform) }
  }

  /// A number as the texts write it: ½ and the like as fractions.
  static func factor(_ value: Double) -> Formula {
    let inverse = 1 / value
    if abs(inverse) > 1, abs(inverse) <= 1000, inverse == inverse.rounded() {
      let fraction: Formula = 1 / .number(abs(inverse))
      return value < 0 ? -fraction : fraction
    }
    return .number(value)
  }

  /// The order of the texts, all through: weights before what they multiply, biases after the
  /// products.
  func arranged(weights: (Formula) -> Bool, biases: (Formula) -> Bool) -> Formula {
    func arrange(_ part: Formula) -> Formula { part.arranged(weights: weights, biases: biases) }
    switch self {
    case .product(let factors):
      let factors = factors.map(arrange)
      let numbers = factors.filter(\.isNumber)
      let rest = factors.filter { !$0.isNumber }
      return .product(numbers + rest.filter(weights) + rest.filter { !weights($0) })
    case .sum(let terms):
      let terms = terms.map(arrange)
      guard terms.contains(where: biases) else { return .sum(terms) }
      let flat = terms.flatMap { term -> [Formula] in
        if case .sum(let inner) = term { inner } else { [term] }
      }
      return .sum(flat.filter { !biases($0) } + flat.filter(biases))
    default: return mapParts(arrange)
    }
  }

  private var isNumber: Bool {
    switch self {
    case .number: true
    case .negation(let a): a.isNumber
    case .quotient(let a, let b): a.isNumber && b.isNumber
    default: false
    }
  }
}
