import Explanation
import Testing
import Training

/// Derivations are programs: run anew they give the same numbers, their gradients are those of
/// central differences, and their new parameters those of the optimizers' cheap form.
@Suite("Derivations are programs that give their numbers")
struct DerivationProgramTests {
  @Test(arguments: WorkedExamples.all.map(\.name))
  func `worked examples, every optimizer and order`(name: String) throws {
    var problem = try Derivations.problem(name)
    let names = try Derivations.names(problem)
    let optimizers = [problem.optimizer] + Derivations.optimizers
    #expect(Set(optimizers.map { type(of: $0).kind }) == Set(Optimizers.batchKinds))
    var total = DerivationCheck()
    for optimizer in optimizers {
      problem.optimizer = optimizer
      for order in UpdateOrder.allCases {
        problem.order = order
        let derivation = try Derivation(of: problem)
        var check = DerivationCheck()
        check.program(derivation)
        if order == .simultaneous {
          check.proofs(derivation)
          check.parameters(
            derivation, of: problem, try Derivations.trained(problem), names: names)
        } else {
          let row = try #require(try Iterations(problem, counts: [1]).rows.last)
          check.parameters(derivation, of: problem, row.parameters, names: names)
        }
        #expect(check.faults.isEmpty, "\(name), \(optimizer), \(order): \(check.faults.prefix(5))")
        total.add(check)
      }
    }
    print(
      "\(name): \(total.quantities) quantities; worst formula \(total.worstFormula), "
        + "gradient beside central difference \(total.worstProof), "
        + "new parameter beside the trainer's \(total.worstParameter)")
  }

  @Test(arguments: WorkedExamples.all.map(\.name))
  func `selections are programs too, with the same numbers`(name: String) throws {
    let problem = try Derivations.problem(name)
    let whole = try Derivation(of: problem)
    let selections: [Selection] =
      [.overview, .layer("hidden"), .layer("output"), .neuron("h1"), .neuron("o1")]
      + (try Derivations.names(problem)).values.flatMap { $0 }.sorted().map { .weight($0) }
    for order in UpdateOrder.allCases {
      var problem = problem
      problem.order = order
      let whole = order == .simultaneous ? whole : try Derivation(of: problem)
      for selection in selections {
        let part = try Derivation(of: problem, selection: selection)
        var check = DerivationCheck()
        check.program(part)
        #expect(check.faults.isEmpty, "\(name), \(selection), \(order): \(check.faults.prefix(5))")
        #expect(!part.quantities.isEmpty && part.quantities.count <= whole.quantities.count)
        for quantity in part.quantities {
          guard let same = whole[quantity.name] else { continue }
          #expect(same.value == quantity.value && same.forms == quantity.forms, "\(quantity.name)")
        }
      }
    }
  }
}
