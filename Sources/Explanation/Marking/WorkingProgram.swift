import Formulas

/// A derivation prepared for working it out anew from other numbers.
struct WorkingProgram: Sendable {
  let derivation: Derivation
  /// Each quantity's last form; nil for what is given and what cannot be worked out.
  let terms: [WorkingTerm?]
  /// The right values.
  let right: [Double]
  private let symbols: [Formula: Int]

  init(_ derivation: Derivation) {
    self.derivation = derivation
    let quantities = derivation.quantities
    right = quantities.map(\.value)
    symbols = Dictionary(
      zip(quantities.map(\.symbol), quantities.indices), uniquingKeysWith: { first, _ in first })
    terms = quantities.map { quantity in
      guard let formula = quantity.formula else { return nil }
      var used: [Formula: Int] = [:]
      for name in quantity.uses {
        guard let position = derivation.position(of: name) else { continue }
        used[derivation.quantities[position].symbol] = position
      }
      let term = WorkingTerm(formula, used)
      guard let value = term.value(quantities.map(\.value)), value.isFinite else { return nil }
      return term
    }
  }

  var quantities: [Quantity] { derivation.quantities }

  /// The other forms of a quantity that can be worked out in symbols of earlier quantities, such
  /// as the product of three partial derivatives.
  func otherForms(of position: Int) -> [WorkingTerm] {
    let quantity = quantities[position]
    return quantity.forms.dropLast().compactMap { form in
      var used = symbols.filter { $0.value < position }
      for name in quantity.uses {
        guard let other = derivation.position(of: name) else { continue }
        used[quantities[other].symbol] = other
      }
      let term = WorkingTerm(form, used)
      if case .other = term.kind { return nil }
      guard let value = term.value(right),
        abs(value - quantity.value) <= 1e-9 * max(abs(quantity.value), 1e-300)
      else { return nil }
      return term
    }
  }

  /// All values with every computed quantity passed through a rule, such as rounding.
  func values(passing rule: (Double) -> Double) -> [Double] {
    var values = right
    for (position, term) in terms.enumerated() {
      guard let term, let value = term.value(values) else { continue }
      values[position] = rule(value)
    }
    return values
  }
}
