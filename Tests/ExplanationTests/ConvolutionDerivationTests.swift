import Documents
import Explanation
import Formulas
import Layers
import Tensors
import Testing
import Training

@Suite("Derivations of convolutional and other networks")
struct ConvolutionDerivationTests {
  private let image = ArchitectureProblems.image

  /// Every formula gives its value, and every gradient is its central difference.
  private func check(_ derivation: Derivation, _ name: String) {
    var check = DerivationCheck()
    check.program(derivation)
    check.proofs(derivation)
    #expect(check.faults.isEmpty, "\(name): \(check.faults.prefix(3))")
  }

  @Test func `one output pixel: the window's products, the bias, the activation`() throws {
    let derivation = try Derivation(of: image, selection: .neuron("conv[1,2,0]"))
    check(derivation, "pixel")
    let net = try #require(derivation["net_h1[1,2,0]"])
    #expect(
      net.formula?.text
        == "w_h1[0,0,0,0] · i[1,2,0] + w_h1[0,1,0,0] · i[1,3,0] + w_h1[1,0,0,0] · i[2,2,0] + "
        + "w_h1[1,1,0,0] · i[2,3,0] + b_h1[0]")
    let expected = 0.5 * 0.7 + 0.1 * 0.5 - 0.3 * 1 + 0.2 * 0.1 + 0.1
    #expect(abs(net.value - expected) < 1e-15)
    #expect(derivation["out_h1[1,2,0]"]?.formula?.text == "max(0, net_h1[1,2,0])")
    #expect(derivation["delta_h1[1,2,0]"] != nil)
    // The kernel is every pixel's: of it the bias's gradient is shown.
    #expect(derivation.proofs.map(\.name) == ["dE_total/db_h1[0]"])
    // By the name in the derivation it is the same.
    let same = try Derivation(of: image, selection: .neuron("h1[1,2,0]"))
    #expect(same.quantities.map(\.name) == derivation.quantities.map(\.name))
  }

  @Test func `one shared weight: the sum over its places`() throws {
    let derivation = try Derivation(of: image, selection: .weight("conv.weight[0,1,0,1]"))
    check(derivation, "weight")
    let gradient = try #require(derivation["dE_total/dw_h1[0,1,0,1]"])
    #expect(gradient.forms.first?.text == "Σₚ₌₁⁹ δₚ · ∂netₚ/∂w_h1[0,1,0,1]")
    #expect(gradient.uses.count { $0.hasPrefix("delta_h1") } == 9)
    var sum = 0.0
    for (row, column) in (0..<3).flatMap({ row in (0..<3).map { (row, $0) } }) {
      let delta = try #require(derivation["delta_h1[\(row),\(column),1]"]).value
      sum += delta * image.input.doubles[row * 4 + column + 1]
    }
    #expect(abs(gradient.value - sum) < 1e-15)
    #expect(try Derivation(of: image, selection: .weight("w_h1[0,1,0,1]")).proofs.count == 1)
  }

  @Test func `max pooling hands δ to the largest of its window alone`() throws {
    let derivation = try Derivation(of: image, selection: .all)
    check(derivation, "image")
    for channel in 0..<2 {
      var (passed, received) = (0.0, 0.0)
      for row in 0..<2 {
        for column in 0..<2 {
          let delta = try #require(derivation["delta_h2[\(row),\(column),\(channel)]"]).value
          passed += delta
        }
      }
      for row in 0..<3 {
        for column in 0..<3 {
          let place = "h1[\(row),\(column),\(channel)]"
          let slope = derivation["dE_total/dout_\(place)"]?.value ?? 0
          received += slope
          // What is the largest of no window receives nothing.
          let value = try #require(derivation["out_\(place)"]).value
          var isLargest = false
          for top in max(0, row - 1)...min(1, row) {
            for left in max(0, column - 1)...min(1, column) {
              isLargest =
                isLargest || derivation["out_h2[\(top),\(left),\(channel)]"]?.value == value
            }
          }
          if !isLargest { #expect(slope == 0, "\(place)") }
        }
      }
      #expect(abs(passed - received) < 1e-15)
    }
  }

  @Test func `backpropagation through time: one part for each step but the start's`() throws {
    let elman = try Derivations.problem("elman")
    let derivation = try Derivation(of: elman, selection: .weight("w_h2,h1"))
    check(derivation, "elman")
    let gradient = try #require(derivation["dE_total/dw_h2,h1"])
    // What a sequence starts from is 0 in every run: the first step has no part.
    #expect(
      gradient.uses
        == [2, 3, 4].map { "dE_total/dw_h2,h1(\($0))" })
    for step in 2...4 {
      let part = try #require(derivation["dE_total/dw_h2,h1(\(step))"]).value
      let delta = try #require(derivation["delta_h1(\(step))"]).value
      let state = try #require(derivation["out_h2(\(step - 1))"]).value
      #expect(abs(part - delta * state) < 1e-15)
    }
  }

  @Test func `a sequence of which the last step alone is wanted has all its steps`() throws {
    let (_, problem, _) = try ArchitectureProblems.all()[5]
    let derivation = try Derivation(of: problem, selection: .weight("elman.recurrentWeight[0,1]"))
    check(derivation, "elman")
    let gradient = try #require(derivation["dE_total/dw_h1,h2"])
    #expect(gradient.uses == [2, 3, 4].map { "dE_total/dw_h1,h2(\($0))" })
    #expect(
      derivation["net_h2(4)"]?.formula?.text
        == "u_i1,h2 · i1⁽⁴⁾ + w_h1,h2 · out_h1⁽³⁾ + w_h2,h2 · out_h2⁽³⁾ + b_h2")
    #expect(derivation["net_h2(1)"]?.formula?.text == "u_i1,h2 · i1⁽¹⁾ + b_h2")
    // The output is of no step.
    #expect(derivation["delta_o1"] != nil && derivation["delta_h2(4)"] != nil)
    let output = try Derivation(of: problem, selection: .weight("output.weight[0,0]"))
    check(output, "output")
    #expect(output.quantities.count { $0.kind == .gradient } == 1)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6])
  func `every architecture, whole and in part`(index: Int) throws {
    let (name, problem, weight) = try ArchitectureProblems.all()[index]
    check(try Derivation(of: problem, selection: .all), name)
    check(try Derivation(of: problem, selection: .weight(weight)), "\(name), \(weight)")
    for language in Language.allCases {
      let explanation = try StepExplanation(problem, selection: .weight(weight))
      #expect(!TextWriter().write(explanation.document(language: language)).isEmpty)
    }
  }

  @Test func `names say which layer they are of`() throws {
    for (name, problem, _) in try ArchitectureProblems.all() {
      let names = try Derivations.names(problem)
      let all = names.values.flatMap { $0 }
      #expect(Set(all).count == all.count, "\(name): \(all)")
    }
    let (_, problem, _) = try ArchitectureProblems.all()[1]
    let names = try Derivations.names(problem)
    #expect(names["a.weight"]?.first == "w_h1[0,0,0,0]")
    #expect(names["b.weight"]?.last == "w_h3[1,1,1,1]")
    #expect(names["b.bias"] == ["b_h3[0]", "b_h3[1]"])
  }

  @Test func `a large image: one way is worked out, the rest are numbers`() throws {
    let problem = try ArchitectureProblems.network(
      Sequential {
        Convolution(channels: 3, kernel: [3, 3], activation: .relu, name: "a")
        MaxPooling([2, 2], name: "pool")
        Convolution(channels: 5, kernel: [3, 3], activation: .relu, name: "b")
        Flatten()
        Dense(units: 2, name: "output")
      }, input: [1, 14, 14, 1], output: [1, 2])
    let derivation = try Derivation(of: problem, selection: .weight("a.weight[1,1,0,2]"))
    check(derivation, "large")
    let gradient = try #require(derivation["dE_total/dw_h1[1,1,0,2]"])
    #expect(gradient.forms.count == 2 && gradient.uses.count { $0.hasPrefix("delta") } == 144)
    for head in ["delta_h1", "delta_h2", "delta_h3"] {
      let own = derivation.quantities.filter { $0.name.hasPrefix(head) }
      #expect(own.count { !$0.forms.isEmpty } == 1, "\(head)")
    }
    let explanation = try StepExplanation(problem, selection: .weight("a.weight[1,1,0,2]"))
    let text = TextWriter().write(explanation.document(language: .english))
    #expect(text.contains("p runs over the 144 places"))
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 400)
  }

  @Test func `of a part with many parameters those with the largest gradients`() throws {
    let problem = DerivationReferenceTests.large
    let explanation = try StepExplanation(problem, selection: .neuron("h3"))
    let derivation = explanation.derivation
    check(derivation, "h3")
    #expect(derivation.proofs.count == 10)
    let gradients = derivation.proofs.map { abs($0.gradient) }
    let other = try Derivation(of: problem, selection: .weight("hidden.weight[0,2]")).proofs[0]
    #expect(abs(other.gradient) <= (gradients.min() ?? 0))
    let text = TextWriter(width: 200).write(explanation.document(language: .english))
    #expect(text.contains("Of the 785 parameters that were asked for, the 10 with the largest"))
  }

  /// The error's own words.
  private func message(_ selection: Selection) throws -> String {
    do {
      _ = try StepExplanation(image, selection: selection)
    } catch let error as ExplanationError {
      return error.description
    }
    Issue.record("\(selection) is accepted")
    return ""
  }

  @Test func `pixels that there are not are refused in words`() throws {
    let expected: [(Selection, String)] = [
      (
        .neuron("conv[3,0,0]"),
        "conv[3,0,0]: index 3 of conv, which has shape [3, 3, 2]; expected 0 to 2"
      ),
      (
        .neuron("h2[0,0]"), "h2[0,0]: found 2 indices, h2 has shape [2, 2, 2]; expected 3"
      ),
      (.neuron("cnv[0,0,0]"), "there is no layer \"cnv\"; the nearest is conv"),
      (
        .neuron("h1.99"),
        "there is no neuron \"h1.99\"; the network has h1[0,0,0] to h1[2,2,1], "
          + "h2[0,0,0] to h2[1,1,1], o1 to o2"
      ),
      (
        .weight("conv.weight[2,0,0,0]"),
        "conv.weight[2,0,0,0]: index 2 of conv.weight, which has shape [2, 2, 1, 2]; "
          + "expected 0 to 1"
      ),
    ]
    for (selection, words) in expected { #expect(try message(selection) == words) }
  }
}
