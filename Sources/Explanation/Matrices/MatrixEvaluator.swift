import Formulas
import Foundation

/// Evaluates formulas over matrices.
///
/// Sums, differences, powers, functions and cases work element by element, where a number, a single
/// column and a single row are repeated as often as needed; softmax works column by column. Σᵢ sums
/// over columns and Σⱼ over rows, both of δᵢ, which is a column of δ, and of (…)ᵢ.
package struct MatrixEvaluator {
  /// The values of symbols and of names such as ∂E/∂W.
  package let values: [Formula: MatrixValue]

  package init(_ values: [Formula: MatrixValue]) { self.values = values }

  /// The value, or nil where a symbol has none, sizes do not fit, or something is not known.
  package func value(_ formula: Formula) -> MatrixValue? { value(formula, bound: "") }

  /// The whole matrix that δᵢ or δⱼᵢ is a part of, where these indices are bound.
  static func whole(_ symbol: Symbol, bound: String) -> Formula? {
    guard let lower = symbol.subscript, !lower.isEmpty, lower.allSatisfy(bound.contains) else {
      return nil
    }
    return .symbol(symbol.name, subscript: nil, superscript: symbol.superscript)
  }

  func value(_ formula: Formula, bound: String) -> MatrixValue? {
    func all(_ parts: [Formula]) -> [MatrixValue]? {
      let found = parts.compactMap { value($0, bound: bound) }
      return found.count == parts.count ? found : nil
    }
    func combine(_ parts: [Formula], _ rule: ([Double]) -> Double?) -> MatrixValue? {
      all(parts).flatMap { MatrixValue.combining($0, rule) }
    }
    switch formula {
    case .number, .digits: return formula.evaluate().map { MatrixValue($0) }
    case .symbol(let symbol):
      if let known = values[formula] { return known }
      if let whole = Self.whole(symbol, bound: bound) { return values[whole] }
      return formula.evaluate().map { MatrixValue($0) }
    case .partial: return values[formula]
    case .sum(let terms): return combine(terms) { $0.reduce(0, +) }
    case .product(let factors), .hadamard(let factors):
      return combine(factors) { $0.reduce(1, *) }
    case .difference(let a, let b): return combine([a, b]) { $0[0] - $0[1] }
    case .quotient(let a, let b): return combine([a, b]) { $0[0] / $0[1] }
    case .power(let a, let b): return combine([a, b]) { pow($0[0], $0[1]) }
    case .negation(let a): return combine([a]) { -$0[0] }
    case .squareRoot(let a): return combine([a]) { $0[0].squareRoot() }
    case .absolute(let a): return combine([a]) { abs($0[0]) }
    case .call(let name, let arguments): return all(arguments).flatMap { call(name, $0) }
    case .relation(let a, let sign, let b):
      return combine([a, b]) { sign.holds($0[0], $0[1]).map { $0 ? 1 : 0 } }
    case .branches(let branches, let otherwise):
      let parts = branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
      return combine(parts) { numbers in
        for place in stride(from: 0, to: numbers.count - 1, by: 2) where numbers[place] != 0 {
          return numbers[place + 1]
        }
        return otherwise == nil ? nil : numbers.last
      }
    case .transposed(let a): return value(a, bound: bound)?.transposed
    case .matrixProduct(let factors):
      guard let parts = all(factors), let first = parts.first else { return nil }
      return parts.dropFirst().reduce(first) { (product: MatrixValue?, next) in
        product?.multiplied(by: next)
      }
    case .big(.sum, .symbol(let index)?, nil, nil, let body):
      guard let axis = MatrixAxis(rawValue: index.name) else { return nil }
      return value(body, bound: bound + index.name)?.summed(axis)
    case .indexed(let a, let indices):
      let isBound = indices.allSatisfy { index in
        if case .symbol(let symbol) = index { bound.contains(symbol.name) } else { false }
      }
      return isBound ? value(a, bound: bound) : nil
    case .matrix(let rows):
      guard let values = all(rows.flatMap { $0 }), values.allSatisfy({ $0.values.count == 1 })
      else { return nil }
      return MatrixValue(
        rows: rows.count, columns: rows.first?.count ?? 0, values: values.flatMap(\.values))
    case .big, .norm: return nil
    }
  }

  private func call(_ name: String, _ arguments: [MatrixValue]) -> MatrixValue? {
    switch (name, arguments.count) {
    case ("softmax", 1), ("logSoftmax", 1):
      let columns = arguments[0].slices(.examples).map { column -> [Double] in
        let peak = column.values.max() ?? 0
        let powers = column.values.map { exp($0 - peak) }
        let sum = powers.reduce(0, +)
        return name == "softmax"
          ? powers.map { $0 / sum } : column.values.map { $0 - peak - log(sum) }
      }
      return MatrixValue(
        rows: arguments[0].columns, columns: arguments[0].rows, values: columns.flatMap { $0 }
      ).transposed
    case ("σ", 1): return arguments[0].mapped { 1 / (1 + exp(-$0)) }
    default:
      return MatrixValue.combining(arguments) { numbers in
        Formula.call(name, numbers.map { .number($0) }).evaluate()
      }
    }
  }
}
