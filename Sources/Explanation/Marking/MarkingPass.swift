/// One walk through a derivation with the claimed numbers in it: what each claim is worth.
struct MarkingPass {
  enum Finding: Hashable {
    case right, rightToDigits, rightWithRounding
    /// The positions of the wrong claims that it comes from.
    case follows([Int])
    case wrong

    var isRight: Bool { self == .right || self == .rightToDigits || self == .rightWithRounding }
  }

  /// By position, for the claimed quantities.
  private(set) var findings: [Int: Finding] = [:]
  /// Every claimed quantity as claimed, and the others made from these.
  private(set) var carried: [Double]
  /// The quantities' values made from what is carried, where that differs from the right values.
  private(set) var recomputed: [Double?]
  /// How far the number that somebody had may be from the one written, by claim.
  private var doubt: [Int: Double] = [:]
  /// How each quantity changes with the claims in doubt that it is made from: ∂quantity/∂claim.
  private var slopes: [[Int: Double]]
  /// The wrong claims that each quantity's carried value comes from.
  private var causes: [Set<Int>]
  private let program: WorkingProgram

  init(_ program: WorkingProgram, _ claims: [Int: Claim]) {
    self.program = program
    let count = program.right.count
    carried = program.right
    recomputed = Array(repeating: nil, count: count)
    slopes = Array(repeating: [:], count: count)
    causes = Array(repeating: [], count: count)
    for position in 0..<count {
      remake(position)
      if let claim = claims[position] { judge(ClaimedNumber(claim), at: position) }
    }
  }

  /// Makes a quantity from what is carried so far.
  private mutating func remake(_ position: Int) {
    guard let term = program.terms[position] else { return }
    let changed = term.leaves.filter { carried[$0] != program.right[$0] }
    if !changed.isEmpty, let value = term.value(carried), value.isFinite {
      carried[position] = value
      recomputed[position] = value
    }
    for leaf in term.leaves where !slopes[leaf].isEmpty {
      guard let slope = slope(of: term, by: leaf), slope != 0 else { continue }
      for (claim, inner) in slopes[leaf] {
        slopes[position][claim, default: 0] += slope * inner
      }
    }
    // A wrong number is a cause only if it matters here.
    for leaf in changed where !causes[leaf].isEmpty {
      var mended = carried
      mended[leaf] = program.right[leaf]
      guard let value = term.value(mended), let wrong = term.value(carried),
        !ClaimedNumber.areEqual(value, wrong)
      else { continue }
      causes[position].formUnion(causes[leaf])
    }
  }

  /// ∂term/∂leaf at the carried values, as a central difference.
  private func slope(of term: WorkingTerm, by leaf: Int) -> Double? {
    let step = max(abs(carried[leaf]) * 1e-5, 1e-7)
    var values = carried
    values[leaf] = carried[leaf] + step
    guard let after = term.value(values) else { return nil }
    values[leaf] = carried[leaf] - step
    guard let before = term.value(values) else { return nil }
    let slope = (after - before) / (2 * step)
    return slope.isFinite ? slope : nil
  }

  private mutating func judge(_ number: ClaimedNumber, at position: Int) {
    let finding = finding(number, at: position)
    findings[position] = finding
    let right = program.right[position]
    var halfStep = number.halfUnit
    switch finding {
    // What is exactly right was not rounded.
    case .right: halfStep = 0
    case .rightToDigits, .rightWithRounding: halfStep = max(halfStep, abs(number.value - right))
    case .follows, .wrong: break
    }
    if finding == .wrong { causes[position] = [position] }
    if finding.isRight { causes[position] = [] }
    carried[position] = finding == .right ? right : number.value
    doubt[position] = halfStep
    slopes[position] = halfStep > 0 ? [position: 1] : [:]
  }

  private func finding(_ number: ClaimedNumber, at position: Int) -> Finding {
    let (claimed, right) = (number.value, program.right[position])
    if ClaimedNumber.areEqual(claimed, right) { return .right }
    if number.isRounding(of: right) { return .rightToDigits }
    let made = recomputed[position] ?? right
    let honest = number.halfUnit + slack(at: position) { findings[$0]?.isRight == true }
    if slopes[position].isEmpty && causes[position].isEmpty { return .wrong }
    // Half of the value and more is not what anyone calls rounding.
    let limit = abs(right) / 2
    if abs(claimed - right) <= min(honest, limit) { return .rightWithRounding }
    if causes[position].isEmpty {
      let isNear = abs(claimed - made) <= honest && abs(claimed - right) <= limit
      return isNear || number.isRounding(of: made) ? .rightWithRounding : .wrong
    }
    let whole = number.halfUnit + slack(at: position) { _ in true }
    if number.isRounding(of: made) || abs(claimed - made) <= min(whole, abs(made) / 2) {
      return .follows(causes[position].sorted())
    }
    return .wrong
  }

  /// How far rounding of the claims can move a quantity: Σ |∂quantity/∂claim| · half a unit of the
  /// claim's last digit, and a twentieth for what is not linear.
  private func slack(at position: Int, from claims: (Int) -> Bool) -> Double {
    1.05
      * slopes[position].reduce(0) { sum, part in
        claims(part.key) ? sum + abs(part.value) * (doubt[part.key] ?? 0) : sum
      }
  }

  /// How far the rounding of any claims can move a quantity.
  func slack(at position: Int) -> Double { slack(at: position) { _ in true } }
}
