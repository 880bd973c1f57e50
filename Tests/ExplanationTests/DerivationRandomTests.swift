import Explanation
import Testing

@Suite("Derivations of random networks")
struct DerivationRandomTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `are programs with right gradients and updates`(seed: UInt64) throws {
    var problems = RandomProblems(seed: seed)
    var (total, checked) = (DerivationCheck(), 0)
    for number in 1...50 {
      var (problem, words) = try problems.next()
      let derivation = try Derivation(of: problem)
      var check = DerivationCheck()
      check.program(derivation)
      if RandomProblems.isSmooth(problem, derivation) {
        checked += 1
        check.proofs(derivation)
      }
      let names = try Derivations.names(problem)
      check.parameters(derivation, of: problem, try Derivations.trained(problem), names: names)
      problem.order = .sequential
      let sequential = try Derivation(of: problem)
      check.program(sequential)
      let row = try #require(try Iterations(problem, counts: [1]).rows.last)
      check.parameters(sequential, of: problem, row.parameters, names: names)
      #expect(check.faults.isEmpty, "seed \(seed), \(number): \(words): \(check.faults.prefix(4))")
      total.add(check)
    }
    // Were nearly all networks near a kink, nothing would be tested.
    #expect(checked > 25)
    print(
      "random networks, seed \(seed): \(checked) of 50 beside central differences; worst formula "
        + "\(total.worstFormula), gradient \(total.worstProof), parameter \(total.worstParameter)")
  }
}
