import Formulas
import Foundation

extension SlipSearch {
  /// What one gets from a formula with each slip that can be made in it.
  ///
  /// - Parameters:
  ///   - term: The formula.
  ///   - position: The quantity that it is of.
  ///   - values: The numbers that are put in.
  ///   - allowance: How many replacements may be tried.
  func candidates(
    for term: WorkingTerm, at position: Int, _ values: [Double], _ allowance: Int
  ) -> [Candidate] {
    let spots = WorkingSpot.all(in: term, values)
    guard let whole = spots.first, whole.value.isFinite else { return [] }
    let own = program.quantities[position].symbol
    var found = [Candidate(rank: .sign, slip: .sign, value: -whole.value)]
    for spot in spots { found += slips(in: spot, values) }
    found.append(Candidate(rank: .number, slip: .doubled, value: 2 * whole.value))
    found.append(Candidate(rank: .number, slip: .halved, value: whole.value / 2))
    found += replacements(in: term, spots, values, allowance).filter {
      // Made of itself is an activation applied twice, and told so.
      if case .replaced(_, let other) = $0.slip { other != own } else { true }
    }
    found += exchanges(in: term, values, allowance)
    found += activations(of: term, at: position, values)
    return found
  }

  /// Slips at one place: a sign, a factor, a term or an exponent.
  private func slips(in spot: WorkingSpot, _ values: [Double]) -> [Candidate] {
    let formula = spot.term.formula
    var found: [Candidate] = []
    func add(_ rank: Rank, _ slip: Slip, _ value: Double) {
      found.append(Candidate(rank: rank, slip: slip, value: spot.put(value)))
    }
    switch spot.role {
    case .term:
      add(.termSign, .termSign(formula), -spot.value)
      add(.term, .termForgotten(formula), 0)
    case .factor, .numerator:
      let rank: Rank = spot.term.leaves.isEmpty ? .number : .factor
      if spot.value != 1 { add(rank, .factorForgotten(formula), 1) }
      add(rank == .number ? .number : .factorTwice, .factorTwice(formula), spot.value * spot.value)
    case .denominator:
      let rank: Rank = spot.term.leaves.isEmpty ? .number : .factor
      add(rank, .divisorForgotten(formula), 1)
      add(rank == .number ? .number : .factorTwice, .divisorTwice(formula), spot.value * spot.value)
    case .whole, .base, .exponent, .argument, .other: break
    }
    if case .power(let base, _) = spot.term.kind, let inner = base.value(values) {
      add(.power, .powerForgotten(formula), inner)
    }
    return found
  }

  /// One symbol where another belongs.
  private func replacements(
    in term: WorkingTerm, _ spots: [WorkingSpot], _ values: [Double], _ allowance: Int
  ) -> [Candidate] {
    let each = min(64, allowance / max(1, term.leaves.count))
    guard each > 0 else { return [] }
    var places: [Int: [WorkingSpot]] = [:]
    for spot in spots {
      if case .quantity(let leaf) = spot.term.kind { places[leaf, default: []].append(spot) }
    }
    var found: [Candidate] = []
    for leaf in term.leaves {
      let symbol = program.quantities[leaf].symbol
      for (other, isNeighbor) in relatives.of(leaf, beside: term.leaves).prefix(each) {
        let slip = Slip.replaced(symbol, by: program.quantities[other].symbol)
        let rank: Rank = isNeighbor ? .neighbor : .stranger
        let spots = places[leaf] ?? []
        // Everywhere, where it stands more than once or in a condition.
        if spots.count != 1 {
          var changed = values
          changed[leaf] = values[other]
          if let value = term.value(changed) {
            found.append(Candidate(rank: rank, slip: slip, value: value))
          }
        }
        for spot in spots {
          found.append(Candidate(rank: rank, slip: slip, value: spot.put(values[other])))
        }
      }
    }
    return found
  }

  /// Two symbols of a kind exchanged; the weights of a square layer transposed.
  private func exchanges(
    in term: WorkingTerm, _ values: [Double], _ allowance: Int
  ) -> [Candidate] {
    var found: [Candidate] = []
    func add(_ slip: Slip, _ changed: [Double]) {
      guard let value = term.value(changed) else { return }
      found.append(Candidate(rank: .exchange, slip: slip, value: value))
    }
    // In a long sum only neighbors are likely to be exchanged.
    let reach = term.leaves.count <= 24 ? term.leaves.count : 4
    for (index, a) in term.leaves.enumerated() where found.count < min(allowance, 500) {
      for b in term.leaves[(index + 1)...].prefix(reach) {
        guard relatives.areOfOneKind(a, b) else { continue }
        var changed = values
        changed.swapAt(a, b)
        add(
          .exchanged(program.quantities[a].symbol, program.quantities[b].symbol), changed)
      }
    }
    let turned = term.leaves.filter { relatives.transposed[$0] != nil }
    if turned.count > 1 {
      var changed = values
      for leaf in turned {
        if let other = relatives.transposed[leaf] { changed[leaf] = values[other] }
      }
      add(.weightsTransposed, changed)
    }
    return found
  }

  /// The activation function left out or applied twice.
  private func activations(
    of term: WorkingTerm, at position: Int, _ values: [Double]
  ) -> [Candidate] {
    guard program.quantities[position].kind == .activation, term.leaves.count == 1,
      let net = term.leaves.first, let once = term.value(values)
    else { return [] }
    let symbol = program.quantities[net].symbol
    var changed = values
    changed[net] = once
    return [
      Candidate(rank: .activation, slip: .activationForgotten(symbol), value: values[net])
    ]
      + (term.value(changed).map {
        [Candidate(rank: .activation, slip: .activationTwice(symbol), value: $0)]
      } ?? [])
  }
}
