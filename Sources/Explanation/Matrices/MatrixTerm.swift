import Formulas

/// A product in normal form: a number, symbols of numbers, and matrices that are multiplied element
/// by element.
struct MatrixTerm {
  var coefficient = 1.0
  var scalars: [Formula] = []
  var factors: [Formula] = []

  var isNumber: Bool { scalars.isEmpty && factors.isEmpty }

  /// The term without its number.
  var core: MatrixTerm { MatrixTerm(scalars: scalars, factors: factors) }

  static func * (a: MatrixTerm, b: MatrixTerm) -> MatrixTerm {
    MatrixTerm(
      coefficient: a.coefficient * b.coefficient, scalars: a.scalars + b.scalars,
      factors: a.factors + b.factors)
  }

  /// The term as it is written; `number` writes the magnitude of its coefficient.
  func formula(_ number: (Double) -> Formula) -> Formula {
    let size = abs(coefficient)
    var parts = scalars
    switch factors.count {
    case 0: break
    case 1: parts.append(factors[0])
    default: parts.append(.hadamard(factors))
    }
    if parts.isEmpty || abs(size - 1) > MatrixTerm.tolerance { parts.insert(number(size), at: 0) }
    let whole: Formula = parts.count == 1 ? parts[0] : .product(parts)
    return coefficient < 0 ? -whole : whole
  }

  /// Numbers that differ by less are the same: 49 · (1/49) is 1.
  static let tolerance = 1e-12
}
