import Explanation
import Formulas
import Foundation
import Testing

/// Whole hand derivations, made as people make them: each number from those written down before it.
@Suite("Fairness of marks")
struct MarkingFairnessTests {
  /// A number with so many significant digits, as text.
  private func written(_ value: Double, _ digits: Int) -> String {
    let power = value == 0 ? 0 : Int(floor(log10(abs(value))))
    return String(format: "%.\(max(0, digits - 1 - power))f", value)
  }

  /// All computed numbers, each from the rounded ones before it; `slip` changes one of them.
  private func claims(
    _ derivation: Derivation, _ digits: Int, slip: (name: String, factor: Double)? = nil
  ) -> [Claim] {
    var values: [Formula: Formula] = [:]
    var claims: [Claim] = []
    for quantity in derivation.quantities {
      guard let formula = quantity.formula else {
        values[quantity.symbol] = .number(quantity.value)
        continue
      }
      var value = formula.substituting(values).evaluate() ?? .nan
      if quantity.name == slip?.name { value *= slip?.factor ?? 1 }
      let text = written(value, digits)
      claims.append(Claim(name: quantity.name, text: text, value: Double(text) ?? .nan))
      values[quantity.symbol] = .number(Double(text) ?? .nan)
    }
    return claims
  }

  @Test("Whoever rounds every number to 3 … 10 digits is right all through", arguments: 3...10)
  func rounding(digits: Int) throws {
    for derivation in [HandDerivation.mazur, HandDerivation.cda] {
      let marking = try Marking(claims(derivation, digits), of: derivation)
      let wrong = marking.marks.filter {
        switch $0.verdict {
        case .wrong, .followsFromMistake: true
        default: false
        }
      }
      #expect(marking.isAllRight, "\(wrong.map { ($0.quantity, $0.claim.text, $0.rightValue) })")
    }
  }

  @Test(
    "One number that is 7 % off is the one wrong number, whichever it is", arguments: [4, 6, 9])
  func oneMistake(digits: Int) throws {
    let derivation = HandDerivation.mazur
    for quantity in derivation.quantities where quantity.formula != nil {
      let claims = claims(derivation, digits, slip: (quantity.name, 1.07))
      let marking = try Marking(claims, of: derivation)
      let wrong = marking.marks.filter {
        if case .wrong = $0.verdict { true } else { false }
      }
      #expect(wrong.map(\.quantity) == [quantity.name])
      #expect(marking.firstWrong?.quantity == quantity.name)
    }
  }

  @Test("Numbers right to all digits are right, but for a third digit that is off by two")
  func lastDigit() throws {
    let derivation = HandDerivation.mazur
    for quantity in derivation.quantities where quantity.formula != nil {
      let text = written(quantity.value, 3)
      let value = Double(text) ?? .nan
      let step = pow(10, Double((log10(abs(value))).rounded(.down)) - 2)
      let off = written(value + 2 * step, 3)
      let marking = try Marking(
        [Claim(name: quantity.name, text: off, value: Double(off) ?? .nan)], of: derivation)
      #expect(!marking.isAllRight, "\(quantity.name) = \(off) passes for \(quantity.value)")
    }
  }
}
