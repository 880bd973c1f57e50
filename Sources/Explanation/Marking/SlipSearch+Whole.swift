import Formulas
import Foundation

extension SlipSearch {
  /// Another quantity's value in place of a quantity's own.
  func impostors(_ position: Int, _ values: [Double]) -> [Candidate] {
    relatives.impostors(of: position).map { other in
      let symbol = program.quantities[other].symbol
      return Candidate(rank: .quantity, slip: .otherQuantity(symbol), value: values[other])
    }
  }

  /// The division by the number of examples left out, or done once too often.
  func examples(_ position: Int) -> [Candidate] {
    let examples = program.exampleCount
    guard examples > 1, program.terms[position] != nil else { return [] }
    let value = pass.recomputed[position] ?? program.right[position]
    let count = Double(examples)
    // Where the means are taken it is the likeliest mistake with that factor.
    let isMean = [.gradient, .totalError].contains(program.quantities[position].kind)
    let rank: Rank = isMean ? .number : .examples
    return [
      Candidate(rank: rank, slip: .examplesForgotten(examples), value: value * count),
      Candidate(rank: rank, slip: .examplesTwice(examples), value: value / count),
    ]
  }

  /// The values of the derivations with a mistake of method.
  func methods(_ position: Int) -> [Candidate] {
    let name = program.quantities[position].name
    return alternatives.compactMap { slip, derivation in
      derivation[name].map { Candidate(rank: .method, slip: slip, value: $0.value) }
    }
  }

  /// Digits exchanged, or the decimal point moved, in what would be right.
  func typingErrors(_ position: Int, _ number: ClaimedNumber) -> [Candidate] {
    guard number.unit > 0, number.significantDigits >= Rank.digits.digitsNeeded else { return [] }
    var found: [Candidate] = []
    let goals = [pass.recomputed[position], program.right[position]].compactMap { $0 }
    let decimals = max(0, Int(-log10(number.unit).rounded()))
    let written = Array(String(format: "%.\(decimals)f", number.value))
    for goal in goals {
      let rounded = String(format: "%.\(decimals)f", goal)
      let cut = String(String(format: "%.\(decimals + 3)f", goal).dropLast(decimals == 0 ? 4 : 3))
      for right in [rounded, cut] where SlipSearch.differByExchange(Array(right), written) {
        found.append(Candidate(rank: .digits, slip: .digitsExchanged(right: right), value: goal))
        break
      }
      for places in [1, -1, 2, -2, 3, -3] {
        let value = goal * pow(10, Double(places))
        if number.isRounding(of: value) {
          found.append(Candidate(rank: .point, slip: .decimalPoint(places), value: value))
        }
      }
    }
    return found
  }

  /// Whether two neighboring digits exchanged make one number of another.
  private static func differByExchange(_ a: [Character], _ b: [Character]) -> Bool {
    guard a.count == b.count else { return false }
    let places = a.indices.filter { a[$0] != b[$0] }
    guard places.count == 2, a[places[0]] == b[places[1]], a[places[1]] == b[places[0]] else {
      return false
    }
    // Neighbors may have the decimal point between them.
    return a[(places[0] + 1)..<places[1]].allSatisfy { $0 == "." }
  }
}

extension WorkingProgram {
  /// How many examples the derivation is about.
  var exampleCount: Int {
    Set(quantities.compactMap { $0.place?.example }).count
  }
}

/// What one gets by rounding all numbers on the way; each way is worked out once, when needed.
final class SlipRoundings {
  private let program: WorkingProgram
  private var made: [(slip: Slip, values: [Double])]?

  init(_ program: WorkingProgram) { self.program = program }

  /// The roundings before a quantity that give what is looked for; the finest alone.
  func candidates(at position: Int, where isMatch: (Double) -> Bool) -> [SlipSearch.Candidate] {
    guard let term = program.terms[position] else { return [] }
    for (slip, values) in roundings() {
      guard let value = term.value(values), isMatch(value) else { continue }
      return [SlipSearch.Candidate(rank: .rounding, slip: slip, value: value)]
    }
    return []
  }

  private func roundings() -> [(slip: Slip, values: [Double])] {
    if let made { return made }
    var found: [(slip: Slip, values: [Double])] = []
    for count in (1...8).reversed() {
      let scale = pow(10, Double(count))
      let decimals = program.values { ($0 * scale).rounded() / scale }
      found.append((.roundedToDecimals(count), decimals))
      let digits = program.values { value in
        guard value != 0, value.isFinite else { return value }
        let power = Double(count - 1) - floor(log10(abs(value)))
        let scale = pow(10, abs(power))
        return power >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
      }
      found.append((.roundedToDigits(count), digits))
    }
    made = found
    return found
  }
}
