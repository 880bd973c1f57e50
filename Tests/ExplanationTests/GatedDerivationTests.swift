import Documents
import Explanation
import Foundation
import Layers
import Tensors
import Testing
import Training

@Suite("Derivations of networks with gates")
struct GatedDerivationTests {
  /// Every formula gives its value, and every gradient is its central difference.
  private func check(_ derivation: Derivation, _ name: String) {
    var check = DerivationCheck()
    check.program(derivation)
    check.proofs(derivation)
    #expect(check.faults.isEmpty, "\(name): \(check.faults.prefix(3))")
  }

  private func network(_ layer: any Layer, input: Shape, output: Shape) throws -> Problem {
    try ArchitectureProblems.network(
      Sequential([layer, Dense(units: output[-1], name: "output")]), input: input,
      output: output)
  }

  @Test func `an LSTM: each gate, the cell and its δ are one equation a step`() throws {
    let derivation = try Derivation(of: ArchitectureProblems.lstm, selection: .all)
    check(derivation, "lstm")
    func forms(_ name: String) -> [String] { derivation[name]?.forms.map(\.text) ?? [] }
    #expect(
      forms("net_f,h1(2)").last
        == "u_f,i1,h1 · i1⁽²⁾ + w_f,h1,h1 · out_h1⁽¹⁾ + w_f,h2,h1 · out_h2⁽¹⁾ + b_f,h1")
    #expect(forms("net_o,h2(1)") == ["u_o,i1,h2 · i1⁽¹⁾ + b_o,h2"])
    #expect(forms("f_h1(2)") == ["1 / (1 + e^(−net_f,h1⁽²⁾))"])
    #expect(forms("g_h1(2)") == ["tanh(net_g,h1⁽²⁾)"])
    #expect(forms("c_h1(1)") == ["i_h1⁽¹⁾ · g_h1⁽¹⁾"])
    #expect(forms("c_h1(2)") == ["f_h1⁽²⁾ · c_h1⁽¹⁾ + i_h1⁽²⁾ · g_h1⁽²⁾"])
    #expect(forms("out_h1(2)") == ["o_h1⁽²⁾ · tanh(c_h1⁽²⁾)"])
    // The cell's δ comes from its own output and from the next step's cell.
    #expect(
      forms("delta_c,h1(2)").dropFirst().first
        == "δ_h1⁽²⁾ · ∂out_h1⁽²⁾/∂c_h1⁽²⁾ + δ_c,h1⁽³⁾ · ∂c_h1⁽³⁾/∂c_h1⁽²⁾")
    #expect(
      derivation["delta_c,h1(2)"]?.uses.sorted()
        == ["delta_h1(2)", "o_h1(2)", "c_h1(2)", "delta_c,h1(3)", "f_h1(3)"].sorted())
    #expect(derivation["delta_f,h1(2)"]?.uses.contains("c_h1(1)") == true)
    #expect(derivation["dE_total/df_h1(2)"] == nil)
    #expect(derivation["delta_h1(1)"]?.uses.count { $0.hasPrefix("delta_") } == 9)
  }

  /// The step computed by the texts' formulas, in loops.
  @Test func `an LSTM: the numbers are those of the texts' formulas`() throws {
    let problem = ArchitectureProblems.lstm
    let derivation = try Derivation(of: problem, selection: .all)
    func numbers(_ name: String) throws -> [Double] {
      try #require(problem.parameters[name]).doubles
    }
    let (u, w) = (try numbers("lstm.inputWeight"), try numbers("lstm.recurrentWeight"))
    let (b, v) = (try numbers("lstm.bias"), try numbers("output.weight"))
    let c = try numbers("output.bias")[0]
    let (x, target) = (problem.input.doubles, problem.target.doubles)
    let letters = ["i", "f", "g", "o"]
    var (outs, cells) = ([[0.0, 0.0]], [[0.0, 0.0]])
    var gates: [[[Double]]] = []
    var errors: [Double] = []
    for t in 0..<3 {
      let values = (0..<4).map { gate in
        (0..<2).map { unit -> Double in
          let column = gate * 2 + unit
          let net =
            x[t] * u[column] + outs[t][0] * w[column] + outs[t][1] * w[8 + column] + b[column]
          return gate == 2 ? tanh(net) : 1 / (1 + exp(-net))
        }
      }
      gates.append(values)
      cells.append((0..<2).map { values[1][$0] * cells[t][$0] + values[0][$0] * values[2][$0] })
      outs.append((0..<2).map { values[3][$0] * tanh(cells[t + 1][$0]) })
      errors.append(outs[t + 1][0] * v[0] + outs[t + 1][1] * v[1] + c - target[t])
      for unit in 0..<2 {
        for (letter, value) in zip(letters, values) {
          let found = try #require(derivation["\(letter)_h\(unit + 1)(\(t + 1))"]).value
          #expect(abs(found - value[unit]) < 1e-14)
        }
        let cell = try #require(derivation["c_h\(unit + 1)(\(t + 1))"]).value
        #expect(abs(cell - cells[t + 1][unit]) < 1e-14)
      }
    }
    // Backpropagation through time; the error is a mean over the steps.
    let scale = try #require(derivation["delta_o1(3)"]).value / errors[2]
    var (later, nextCell) = ([0.0, 0.0], [0.0, 0.0])
    var gradient = 0.0
    for t in (0..<3).reversed() {
      let out = (0..<2).map { scale * errors[t] * v[$0] + later[$0] }
      later = [0, 0]
      for unit in 0..<2 {
        let gate = gates[t].map { $0[unit] }
        let bent = tanh(cells[t + 1][unit])
        let cell = out[unit] * gate[3] * (1 - bent * bent) + nextCell[unit]
        let slopes = [
          cell * gate[2] * gate[0] * (1 - gate[0]),
          cell * cells[t][unit] * gate[1] * (1 - gate[1]),
          cell * gate[0] * (1 - gate[2] * gate[2]),
          out[unit] * bent * gate[3] * (1 - gate[3]),
        ]
        let place = "h\(unit + 1)(\(t + 1))"
        for (letter, slope) in zip(letters, slopes) {
          let found = try #require(derivation["delta_\(letter),\(place)"]).value
          #expect(abs(found - slope) < 1e-14, "delta_\(letter),\(place)")
        }
        #expect(abs((derivation["delta_c,\(place)"]?.value ?? .nan) - cell) < 1e-14)
        #expect(abs((derivation["delta_\(place)"]?.value ?? .nan) - out[unit]) < 1e-14)
        nextCell[unit] = cell * gate[1]
        for (column, slope) in slopes.enumerated() {
          for source in 0..<2 { later[source] += slope * w[source * 8 + column * 2 + unit] }
        }
        if unit == 0 { gradient += slopes[1] * x[t] }
      }
    }
    #expect(abs((derivation["dE_total/du_f,i1,h1"]?.value ?? .nan) - gradient) < 1e-14)
  }

  @Test func `a shared weight: the sum over the steps`() throws {
    let derivation = try Derivation(
      of: ArchitectureProblems.lstm, selection: .weight("lstm.inputWeight[0,2]"))
    check(derivation, "weight")
    let gradient = try #require(derivation["dE_total/du_f,i1,h1"])
    #expect(gradient.forms.first?.text == "Σₜ₌₁³ δ_f,h1⁽ᵗ⁾ · ∂net_f,h1⁽ᵗ⁾/∂u_f,i1,h1")
    #expect(gradient.uses == (1...3).map { "dE_total/du_f,i1,h1(\($0))" })
    // What a sequence starts from is 0 in every run: the recurrent weights begin with the second step.
    let recurrent = try Derivation(of: ArchitectureProblems.lstm, selection: .weight("w_g,h2,h1"))
    check(recurrent, "recurrent")
    #expect(
      recurrent["dE_total/dw_g,h2,h1"]?.forms.first?.text
        == "Σₜ₌₂³ δ_g,h1⁽ᵗ⁾ · ∂net_g,h1⁽ᵗ⁾/∂w_g,h2,h1")
  }

  @Test func `one neuron: all its gates' parameters`() throws {
    let derivation = try Derivation(of: ArchitectureProblems.lstm, selection: .neuron("h2"))
    check(derivation, "h2")
    #expect(derivation.proofs.count == 16)
    #expect(derivation.proofs.contains { $0.name == "dE_total/db_o,h2" })
    #expect(!derivation.proofs.contains { $0.name.hasSuffix("h1") })
  }

  @Test func `a GRU: reset, update, candidate`() throws {
    let problem = try network(GRU(units: 2, name: "gru"), input: [1, 3, 1], output: [1, 3, 1])
    let derivation = try Derivation(of: problem, selection: .all)
    check(derivation, "gru")
    func form(_ name: String) -> String? { derivation[name]?.formula?.text }
    #expect(
      form("net_n,h1(2)")
        == "u_n,i1,h1 · i1⁽²⁾ + r_h1⁽²⁾ · (w_n,h1,h1 · out_h1⁽¹⁾ + w_n,h2,h1 · out_h2⁽¹⁾ + d_h1) "
        + "+ b_n,h1")
    #expect(form("out_h1(2)") == "n_h1⁽²⁾ + z_h1⁽²⁾ · (out_h1⁽¹⁾ − n_h1⁽²⁾)")
    #expect(derivation["delta_r,h1(2)"]?.uses.contains("delta_n,h1(2)") == true)
    #expect(derivation["delta_z,h1(2)"]?.uses.contains("delta_h1(2)") == true)
  }

  @Test func `layers above each other and both directions have names of their own`() throws {
    let layers: [any Layer] = [
      LSTM(units: 2, recurrence: Recurrence(layers: 2), name: "lstm"),
      LSTM(units: 1, recurrence: Recurrence(isBidirectional: true), name: "lstm"),
      GRU(units: 2, hasBias: false, recurrence: Recurrence(layers: 2, output: .last), name: "gru"),
      Elman(units: 2, recurrence: Recurrence(layers: 2), name: "elman"),
    ]
    for layer in layers {
      let isLast = (layer as? any RecurrentLayer)?.recurrence.output == .last
      let problem = try network(
        layer, input: [1, 3, 1], output: isLast ? [1, 1] : [1, 3, 1])
      for selection in [Selection.all, .neuron("h1")] {
        check(try Derivation(of: problem, selection: selection), "\(layer)")
      }
    }
    let problem = try network(layers[0], input: [1, 3, 1], output: [1, 3, 1])
    let derivation = try Derivation(of: problem, selection: .all)
    #expect(
      derivation["c_lstm.layer2[1](2)"]?.formula?.text
        == "f_lstm.layer2[1]⁽²⁾ · c_lstm.layer2[1]⁽¹⁾ + i_lstm.layer2[1]⁽²⁾ · g_lstm.layer2[1]⁽²⁾")
    #expect(derivation["delta_h,lstm[0](2)"] != nil)
  }

  @Test func `a long sequence: one neuron's gates are worked out, and a few hundred lines`() throws
  {
    let problem = try network(
      LSTM(units: 8, recurrence: Recurrence(output: .last), name: "lstm"), input: [1, 12, 1],
      output: [1, 1])
    let weight = Selection.weight("lstm.recurrentWeight[3,10]")
    let explanation = try StepExplanation(problem, selection: weight)
    check(explanation.derivation, "long")
    // Column 10 is the forget gate of the third neuron.
    #expect(explanation.derivation.proofs.map(\.name) == ["dE_total/dw_f,h4,h3"])
    let worked = explanation.derivation.quantities.filter {
      $0.kind == .delta && !$0.forms.isEmpty && $0.place?.layer == 1
    }
    #expect(Set(worked.map { $0.place?.unit }) == [3])
    for (language, words) in [(Language.english, "t runs over the 11 time"), (.chinese, "11 个时间步")]
    {
      let text = TextWriter(width: 100).write(explanation.document(language: language))
      #expect(text.contains(words))
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines < 600, "\(lines) lines")
    }
  }

  @Test func `the legend says what the gates' letters are`() throws {
    let explanation = try StepExplanation(
      ArchitectureProblems.lstm, selection: .weight("u_f,i1,h1"))
    let english = TextWriter(width: 1000).write(explanation.document(language: .english))
    #expect(english.contains("an input gate i⁽ᵗ⁾, a forget gate f⁽ᵗ⁾ and an output gate o⁽ᵗ⁾"))
    #expect(english.contains("lstm: 2 neurons, LSTM"))
    let chinese = TextWriter(width: 1000).write(explanation.document(language: .chinese))
    #expect(chinese.contains("遗忘门 f⁽ᵗ⁾"))
  }
}
