import Explanation
import GraphIR
import Layers
import Tensors
import Testing
import Training

@Suite("Parts of a network to explain")
struct ExplanationSelectionTests {
  private func gradients(_ derivation: Derivation) -> Set<String> {
    Set(derivation.quantities.filter { $0.kind == .gradient }.map(\.name))
  }

  private func proven(_ derivation: Derivation) -> Set<String> {
    Set(derivation.proofs.map(\.name))
  }

  @Test func `one weight, by either of its names`() throws {
    let problem = try Derivations.problem("mazur")
    let whole = try Derivation(of: problem)
    // [input, neuron] from 0: the third weight leads from the first input to the second neuron.
    let places = [
      "w1": "hidden.weight[0,0]", "w3": "hidden.weight[0,1]", "w5": "output.weight[0,0]",
      "w6": "output.weight[1, 0]", "w8": "output.weight[1,1]", "b1": "hidden.bias[0]",
    ]
    for (name, place) in places {
      let byName = try Derivation(of: problem, selection: .weight(name))
      let byPlace = try Derivation(of: problem, selection: .weight(place))
      #expect(byName.quantities.map(\.name) == byPlace.quantities.map(\.name))
      #expect(proven(byName) == ["dE_total/d\(name)"])
      let gradient = try #require(byName["dE_total/d\(name)"])
      #expect(gradient.value == byPlace["dE_total/d\(name)"]?.value)
      if name != "b1" {
        #expect(gradient.value == whole["dE_total/d\(name)"]?.value)
        #expect(byName["\(name)+"]?.value == whole["\(name)+"]?.value)
      }
      // The pass after the update needs all new weights: it is no part of this.
      #expect(byName["E_total+"] == nil)
    }
    // A hidden weight needs both outputs, an output weight only its own.
    #expect(try Derivation(of: problem, selection: .weight("w1"))["delta_o2"] != nil)
    let w5 = try Derivation(of: problem, selection: .weight("w5"))
    #expect(w5["delta_o1"] != nil && w5["delta_o2"] == nil && w5["w1+"] == nil)
    // Nothing of the update is shown of a bias that is fixed.
    #expect(try Derivation(of: problem, selection: .weight("b1"))["b1+"] == nil)
  }

  @Test func `names by place`() throws {
    let problem = try Derivations.problem("regularized")
    let one = try Derivation(of: problem, selection: .weight("w_i2,h3"))
    let same = try Derivation(of: problem, selection: .weight("hidden.weight[1,2]"))
    #expect(one["w_i2,h3"]?.value == 0.1)
    #expect(proven(one) == ["dE_total/dw_i2,h3"] && proven(same) == proven(one))
  }

  @Test func `one neuron: its weights and its bias`() throws {
    let mazur = try Derivations.problem("mazur")
    let h1 = try Derivation(of: mazur, selection: .neuron("h1"))
    #expect(proven(h1) == ["dE_total/dw1", "dE_total/dw2"])
    #expect(h1["net_h1"] != nil && h1["delta_h1"] != nil && h1["net_h1+"] == nil)
    let xor = try Derivations.problem("xor")
    let o1 = try Derivation(of: xor, selection: .neuron("o1"))
    #expect(proven(o1) == ["dE_total/dw5", "dE_total/dw6", "dE_total/db3"])
    #expect(o1["delta_h1(1)"] == nil)
    for example in 1...4 { #expect(o1["delta_o1(\(example))"] != nil) }
  }

  @Test func `a layer, by its path`() throws {
    let problem = try Derivations.problem("mazur")
    let output = try Derivation(of: problem, selection: .layer("output"))
    #expect(proven(output) == Set((5...8).map { "dE_total/dw\($0)" }))
    let hidden = try Derivation(of: problem, selection: .layer("hidden"))
    #expect(proven(hidden) == Set((1...4).map { "dE_total/dw\($0)" }))
    #expect(hidden["w5+"] == nil)
  }

  @Test func `an overview: the pass, the errors, the outputs' δ and biases`() throws {
    let problem = DerivationReferenceTests.large
    let explanation = try StepExplanation(problem)
    #expect(explanation.selection == .overview && explanation.matrices == nil)
    let derivation = explanation.derivation
    #expect(proven(derivation) == Set((1...10).map { "dE_total/db_o\($0)" }))
    #expect(gradients(derivation) == proven(derivation))
    for neuron in 1...10 {
      #expect(derivation["net_o\(neuron)"] != nil && derivation["delta_o\(neuron)"] != nil)
    }
    #expect(derivation["E_total"] != nil && derivation["delta_h1"] == nil)
    #expect(try StepExplanation(Derivations.problem("mazur")).selection == .all)
  }

  /// The error's own words.
  private func message(_ problem: Problem, _ selection: Selection) throws -> String {
    do {
      _ = try StepExplanation(problem, selection: selection)
    } catch let error as ExplanationError {
      return error.description
    }
    Issue.record("\(selection) is accepted")
    return ""
  }

  @Test func `what there is not is refused in words`() throws {
    let problem = try Derivations.problem("mazur")
    let expected: [(Selection, String)] = [
      (.weight("w9"), "there is no weight \"w9\"; the nearest is w1"),
      (.weight(""), "there is no weight \"\"; the nearest is b1"),
      (
        .weight("hiden.weight[0,0]"),
        "there is no parameter \"hiden.weight\"; the nearest is hidden.weight"
      ),
      (
        .weight("hidden.weight[0]"),
        "hidden.weight[0]: found 1 index, hidden.weight has shape [2, 2]; expected 2"
      ),
      (
        .weight("hidden.weight[0,0,0]"),
        "hidden.weight[0,0,0]: found 3 indices, hidden.weight has shape [2, 2]; expected 2"
      ),
      (
        .weight("hidden.weight[0,2]"),
        "hidden.weight[0,2]: index 2 of hidden.weight, which has shape [2, 2]; expected 0 to 1"
      ),
      (
        .weight("hidden.weight[-1,0]"),
        "hidden.weight[-1,0]: index -1 of hidden.weight, which has shape [2, 2]; expected 0 to 1"
      ),
      (.neuron("h3"), "there is no neuron \"h3\"; the network has h1 to h2, o1 to o2"),
      (.neuron(""), "there is no neuron \"\"; the network has h1 to h2, o1 to o2"),
      (.layer("hiden"), "there is no layer \"hiden\"; the nearest is hidden"),
      (.layer("x"), "there is no layer \"x\"; there are hidden, output"),
    ]
    for (selection, words) in expected {
      #expect(try message(problem, selection) == words)
    }
    for text in [
      "hidden.weight[", "hidden.weight]", "hidden.weight[]", "hidden.weight[a,b]", "[0,0]", "[",
      "hidden.weight[99999999999999999999,0]", "hidden.weight[0,0]]",
    ] {
      #expect(!(try message(problem, .weight(text))).isEmpty, "\(text)")
    }
  }
}
