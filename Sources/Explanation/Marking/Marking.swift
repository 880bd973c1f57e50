/// A hand derivation, marked against the right one as a fair examiner does it.
///
/// Each number is judged by the digits it was written with, and by the numbers that it was made
/// from: who makes one mistake and goes on correctly has made one mistake.
///
/// ```swift
/// let marking = try Marking(
///   [Claim(name: "E_o1", text: "0.01545028", value: 0.01545028)], of: derivation)
/// print(marking.marks[0].verdict)   // wrong, with the slips that give this very number
/// ```
public struct Marking: Sendable {
  /// What an examiner says of a number.
  public enum Verdict: Hashable, Sendable {
    /// The right value to the last bits (within 4 ulp, or one part in 10¹²).
    case right
    /// The right value, rounded or cut off to the digits written.
    case rightToDigits
    /// As near to the right value as the digits of the numbers that it was made from allow.
    case rightWithRounding
    /// Not the right value, but right for the numbers that it was made from: the quantities whose
    /// claims are wrong.
    case followsFromMistake(of: [String])
    /// Wrong; the slips that give this very number, the most plausible first.
    case wrong([Slip])
  }

  /// One claim, marked.
  public struct Mark: Hashable, Sendable {
    public let claim: Claim
    /// The canonical name of the quantity that it is about.
    public let quantity: String
    public let verdict: Verdict
    public let rightValue: Double
    /// The quantity's value made from the claimed numbers before it, where these differ from the
    /// right ones.
    public let recomputedValue: Double?

    /// The slips that give a wrong number; empty for other verdicts.
    public var slips: [Slip] {
      if case .wrong(let slips) = verdict { return slips }
      return []
    }
  }

  /// The marks in the order of the claims.
  public let marks: [Mark]
  /// What the claims were held against.
  public let derivation: Derivation
  /// The values with every claimed quantity as claimed, and the others made from these.
  let carried: [Double]

  /// Marks claims.
  ///
  /// - Parameters:
  ///   - claims: The numbers of the hand derivation, in any order.
  ///   - derivation: The right derivation.
  ///   - alternatives: Derivations with a mistake of method in them, to recognize that by, such as
  ///     the weights replaced one layer after the other.
  /// - Throws: ``MarkingError`` for a name that is not in the derivation or twice in the claims.
  public init(
    _ claims: [Claim], of derivation: Derivation,
    alternatives: [(slip: Slip, derivation: Derivation)] = []
  ) throws(MarkingError) {
    let names = QuantityNames(derivation)
    var positions: [Int] = []
    var claimed: [Int: Claim] = [:]
    for claim in claims {
      guard claim.value.isFinite else {
        throw .notFinite(name: claim.name, line: claim.line, text: claim.text)
      }
      let name = try names.resolve(claim.name, line: claim.line)
      guard let position = derivation.position(of: name) else { continue }
      if let first = claimed[position] {
        throw .twice(
          name: claim.name, line: claim.line, quantity: name, firstName: first.name,
          firstLine: first.line)
      }
      claimed[position] = claim
      positions.append(position)
    }
    let program = WorkingProgram(derivation)
    let pass = MarkingPass(program, claimed)
    let search = SlipSearch(program, pass, alternatives)
    self.derivation = derivation
    carried = pass.carried
    marks = zip(claims, positions).map { claim, position in
      let verdict: Verdict
      switch pass.findings[position] {
      case .right?: verdict = .right
      case .rightToDigits?: verdict = .rightToDigits
      case .rightWithRounding?: verdict = .rightWithRounding
      case .follows(let causes)?:
        verdict = .followsFromMistake(of: causes.map { derivation.quantities[$0].name })
      case .wrong?, nil: verdict = .wrong(search.slips(at: position, ClaimedNumber(claim)))
      }
      return Mark(
        claim: claim, quantity: derivation.quantities[position].name, verdict: verdict,
        rightValue: program.right[position], recomputedValue: pass.recomputed[position])
    }
  }

  /// Whether there is no wrong number, and none that follows from one.
  public var isAllRight: Bool { rightCount == marks.count }

  /// How many numbers are right, be it to the digits written or with rounding carried.
  public var rightCount: Int { marks.count - wrongCount - followingCount }

  /// How many numbers are wrong in themselves.
  public var wrongCount: Int {
    marks.count { if case .wrong = $0.verdict { true } else { false } }
  }

  /// How many numbers are wrong only because they were made from wrong ones.
  public var followingCount: Int {
    marks.count { if case .followsFromMistake = $0.verdict { true } else { false } }
  }

  /// The first wrong step in the order of the derivation; nil where none is wrong.
  public var firstWrong: Mark? {
    marks.filter { if case .wrong = $0.verdict { true } else { false } }
      .min {
        (derivation.position(of: $0.quantity) ?? 0) < (derivation.position(of: $1.quantity) ?? 0)
      }
  }
}
