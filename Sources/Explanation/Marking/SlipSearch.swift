import Foundation

/// Finds the slips with which a formula gives a wrong number: tries each, and compares.
struct SlipSearch {
  /// How plausible a slip is; the raw values are in the order in which slips are named.
  enum Rank: Int, Comparable {
    case sign, termSign, number, factor, term, power, neighbor, exchange, stranger, activation
    case quantity, examples, method, factorTwice, rounding, inside, digits, point

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }

    /// How many digits a number must have before it can be known by them.
    var digitsNeeded: Int {
      switch self {
      case .sign: 1
      case .termSign, .number, .factor, .term, .power, .neighbor, .examples, .method: 2
      default: 3
      }
    }
  }

  /// A slip and what one gets with it.
  struct Candidate {
    let rank: Rank
    let slip: Slip
    let value: Double
  }

  let program: WorkingProgram
  let pass: MarkingPass
  let alternatives: [(slip: Slip, derivation: Derivation)]
  let relatives: SlipRelatives
  private let roundings: SlipRoundings

  init(
    _ program: WorkingProgram, _ pass: MarkingPass,
    _ alternatives: [(slip: Slip, derivation: Derivation)]
  ) {
    self.program = program
    self.pass = pass
    self.alternatives = alternatives
    relatives = SlipRelatives(program)
    roundings = SlipRoundings(program)
  }

  /// The slips that give a wrong number, at most three, the most plausible first.
  func slips(at position: Int, _ number: ClaimedNumber) -> [Slip] {
    let allowance = SlipSearch.allowance(number)
    var environments = [program.right]
    // Whoever goes on does so from the numbers on the paper.
    if pass.recomputed[position] != nil { environments.insert(pass.carried, at: 0) }
    var candidates = examples(position)
    for values in environments {
      var terms = program.terms[position].map { [$0] } ?? []
      if !terms.isEmpty { terms += program.otherForms(of: position) }
      for term in terms {
        candidates += self.candidates(for: term, at: position, values, allowance)
      }
      candidates += impostors(position, values)
    }
    candidates += methods(position)
    var found = matches(candidates, number, 0)
    if found.isEmpty, number.significantDigits >= Rank.rounding.digitsNeeded {
      found = roundings.candidates(at: position, where: number.isRounding)
    }
    if found.isEmpty {
      for values in environments where found.isEmpty {
        found = matches(inside(position, values, allowance), number, 0)
      }
    }
    // With rounding carried, provided that this is small beside the error itself.
    let slack = pass.slack(at: position) + number.halfUnit
    let made = pass.recomputed[position] ?? program.right[position]
    if found.isEmpty, slack * 20 < abs(number.value - made) {
      found = matches(candidates, number, slack)
    }
    if found.isEmpty { found = typingErrors(position, number) }
    return best(found)
  }

  /// So many numbers may be tried before one fits by chance.
  private static func allowance(_ number: ClaimedNumber) -> Int {
    min(5000, Int(pow(10, Double(min(number.significantDigits, 6))) / 5))
  }

  private func matches(
    _ candidates: [Candidate], _ number: ClaimedNumber, _ slack: Double
  ) -> [Candidate] {
    candidates.filter { candidate in
      number.significantDigits >= candidate.rank.digitsNeeded
        && (number.isRounding(of: candidate.value) || abs(number.value - candidate.value) < slack)
    }
  }

  private func best(_ candidates: [Candidate]) -> [Slip] {
    let sorted = candidates.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }
    guard let first = sorted.first?.element else { return [] }
    var slips: [Slip] = []
    let isOfExamples = first.slip.code.hasPrefix("examples")
    for (_, candidate) in sorted {
      // The number of examples is a factor of the formula as well.
      if isOfExamples, candidate.rank == .number, candidate.slip != first.slip { continue }
      // Where something ordinary fits, nothing exotic is named beside it.
      if first.rank <= .stranger, candidate.rank > .stranger { break }
      // That it is twice or half of it says less than why.
      let isBare = candidate.slip == .doubled || candidate.slip == .halved
      if isBare, first.rank <= .number, !slips.isEmpty { continue }
      if !slips.contains(candidate.slip) { slips.append(candidate.slip) }
    }
    return Array(slips.prefix(3))
  }

  // MARK: Slips of a number that was not written down

  /// Slips in the unclaimed quantities that a quantity is made from, the nearest first.
  private func inside(_ position: Int, _ values: [Double], _ allowance: Int) -> [Candidate] {
    guard let own = program.terms[position] else { return [] }
    var found: [Candidate] = []
    var queue = own.leaves
    var seen = Set(queue)
    var next = 0
    while next < queue.count, next < 24, found.count < allowance {
      let hidden = queue[next]
      next += 1
      guard pass.findings[hidden] == nil, let term = program.terms[hidden] else { continue }
      let path = between(hidden, position)
      let symbol = program.quantities[hidden].symbol
      for candidate in candidates(for: term, at: hidden, values, allowance / 8) {
        guard candidate.rank <= .stranger, found.count < allowance else { continue }
        var changed = values
        changed[hidden] = candidate.value
        for step in path {
          guard let value = program.terms[step]?.value(changed) else { break }
          changed[step] = value
        }
        found.append(
          Candidate(
            rank: .inside, slip: .inside(symbol, candidate.slip), value: changed[position]))
      }
      queue += term.leaves.filter { seen.insert($0).inserted }
    }
    return found
  }

  /// The unclaimed quantities that lead from one to another, in order, the last included.
  private func between(_ start: Int, _ end: Int) -> [Int] {
    var touched: Set<Int> = [start]
    guard start < end else { return [] }
    for position in (start + 1)...end where position == end || pass.findings[position] == nil {
      guard let term = program.terms[position] else { continue }
      if term.leaves.contains(where: touched.contains) { touched.insert(position) }
    }
    touched.remove(start)
    return touched.sorted()
  }
}
