import Formulas
import Foundation

/// A place in a formula, and what the whole becomes with another number there.
struct WorkingSpot {
  /// What the place is to what is around it.
  enum Role {
    case whole
    /// Of a sum.
    case term
    case factor, numerator, denominator
    case base(exponent: Double)
    case exponent
    case argument
    case other
  }

  let term: WorkingTerm
  let role: Role
  let value: Double
  /// The value of the whole with another value in this place.
  let put: (Double) -> Double

  /// Every place of a formula, the whole first; empty where it has no value.
  static func all(in term: WorkingTerm, _ values: [Double]) -> [WorkingSpot] {
    var spots: [WorkingSpot] = []
    walk(term, .whole, values, &spots) { $0 }
    return spots
  }

  private static func walk(
    _ term: WorkingTerm, _ role: Role, _ values: [Double], _ spots: inout [WorkingSpot],
    _ put: @escaping (Double) -> Double
  ) {
    guard let value = term.value(values) else { return }
    spots.append(WorkingSpot(term: term, role: role, value: value, put: put))
    // ½ is one number, not a 1 and a 2.
    if term.leaves.isEmpty { return }
    switch term.kind {
    case .number, .quantity, .other: break
    case .sum(let terms):
      for (part, isNegative) in terms {
        guard let old = part.value(values) else { continue }
        walk(part, .term, values, &spots) { put(isNegative ? value + old - $0 : value - old + $0) }
      }
    case .product(let factors):
      let numbers = factors.map { $0.value(values) ?? .nan }
      for (position, factor) in factors.enumerated() {
        var others = 1.0
        for (other, number) in numbers.enumerated() where other != position { others *= number }
        let rest = others
        walk(factor, .factor, values, &spots) { put(rest * $0) }
      }
    case .quotient(let a, let b):
      guard let upper = a.value(values), let lower = b.value(values) else { return }
      walk(a, .numerator, values, &spots) { put($0 / lower) }
      walk(b, .denominator, values, &spots) { put(upper / $0) }
    case .power(let a, let b):
      guard let base = a.value(values), let exponent = b.value(values) else { return }
      walk(a, .base(exponent: exponent), values, &spots) { put(pow($0, exponent)) }
      walk(b, .exponent, values, &spots) { put(pow(base, $0)) }
    case .negation(let a):
      walk(a, .other, values, &spots) { put(-$0) }
    case .call(let name, let arguments):
      let numbers = arguments.map { $0.value(values) ?? .nan }
      for (position, argument) in arguments.enumerated() {
        walk(argument, .argument, values, &spots) {
          var changed = numbers
          changed[position] = $0
          return put(WorkingTerm.apply(name, changed) ?? .nan)
        }
      }
    case .branches(let branches, let otherwise):
      // Only the value that counts; another condition is another set of values.
      let chosen = branches.first { $0.holds(values) == true }?.value ?? otherwise
      if let chosen { walk(chosen, .other, values, &spots, put) }
    }
  }
}
