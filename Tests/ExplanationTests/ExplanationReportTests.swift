import Explanation
import Foundation
import Testing

/// The JSON of an explanation: its structure, and its values.
@Suite("Explanations as JSON")
struct ExplanationReportTests {
  private func report(_ name: String) throws -> StepReport {
    try StepExplanation(WorkedExamples.named(name).worksheet()).report
  }

  private func json(_ report: StepReport) throws -> [String: Any] {
    let data = try JSONEncoder().encode(report)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `the keys and the values of a quantity`() throws {
    let json = try json(report("mazur"))
    #expect(
      Set(json.keys)
        == ["title", "quantities", "sections", "matrices", "proofs", "iterations"])
    #expect(json["title"] as? String == "A 2-2-2 network, one step")
    let quantities = try #require(json["quantities"] as? [String: [String: Any]])
    let gradient = try #require(quantities["dE_total/dw5"])
    #expect(abs(try #require(gradient["value"] as? Double) - 0.08216704056423078) < 1e-15)
    #expect(gradient["kind"] as? String == "gradient")
    #expect(gradient["text"] as? String == "∂E_total/∂w5")
    #expect((gradient["latex"] as? String)?.contains(#"\frac{\partial"#) == true)
    #expect(gradient["formula"] as? String == "δ_o1 · out_h1")
    #expect(gradient["factors"] as? [String] == ["delta_o1", "out_h1"])
    #expect(gradient["layer"] as? Int == 2 && gradient["unit"] as? Int == 1)
    #expect(gradient["example"] == nil && gradient["step"] == nil)
    let forms = try #require(gradient["forms"] as? [String])
    #expect(
      forms.first == "∂E_total/∂out_o1 · ∂out_o1/∂net_o1 · ∂net_o1/∂w5"
        && forms.last == "δ_o1 · out_h1")
    let input = try #require(quantities["i1"])
    #expect(input["formula"] == nil && (input["factors"] as? [String])?.isEmpty == true)
  }

  @Test(arguments: WorkedExamples.all.map(\.name))
  func `says what the derivation says, and can be read again`(name: String) throws {
    let explanation = try StepExplanation(WorkedExamples.named(name).worksheet())
    let report = explanation.report
    let derivation = explanation.derivation
    #expect(report.quantities.count == derivation.quantities.count)
    for quantity in derivation.quantities {
      let entry = try #require(report.quantities[quantity.name])
      #expect(entry.value == quantity.value && entry.kind == quantity.kind.rawValue)
      #expect(entry.factors == quantity.uses && entry.forms == quantity.forms.map(\.text))
      #expect(entry.formula == quantity.formula?.text && entry.text == quantity.symbol.text)
      #expect(entry.example == quantity.place?.example && entry.step == quantity.place?.time)
      for factor in entry.factors { #expect(report.quantities[factor] != nil) }
    }
    #expect(
      report.sections.flatMap(\.quantities) == derivation.quantities.map(\.name))
    #expect(report.proofs.map(\.gradient) == derivation.proofs.map(\.name))
    for proof in report.proofs {
      #expect(abs(proof.derived - proof.centralDifference) < 1e-9)
      #expect(proof.derived == report.quantities[proof.gradient]?.value)
    }
    #expect(
      report.matrices.isEmpty == (name == "elman")
        && report.matrices.count == explanation.matrices?.steps.count ?? 0)
    for matrix in report.matrices.values {
      #expect(matrix.values.count == matrix.rows * matrix.columns)
    }
    // What is given has no forms.
    #expect(report.matrices.isEmpty || report.matrices.values.contains { !$0.forms.isEmpty })
    #expect(report.iterations.map(\.updates) == [0, 1, 10, 100, 1000, 10_000])
    #expect(
      Set(try #require(report.iterations.first?.parameters).keys)
        == Set(explanation.problem.parameters.names))
    // E before and after the first update is the derivation's.
    for (index, total) in ["E_total", "E_total+"].enumerated() {
      let value = try #require(derivation[total]).value
      #expect(abs(report.iterations[index].error - value) < 1e-14)
    }
    let text = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(StepReport.self, from: text) == report)
  }

  @Test func `iterations agree with NumPy`() throws {
    for name in ["mazur", "cda-2018"] {
      let reference = try #require(
        try DerivationReferences.read().small(name).orders["simultaneous"])
      let found = try report(name).iterations.dropFirst()
      for (row, expected) in zip(found, reference.rows) {
        #expect(row.updates == expected.count && abs(row.error - expected.error) < 1e-11)
      }
    }
  }

  @Test func `a marking as JSON`() throws {
    let report = try Marking(
      DerivationTextTests.claims(DerivationTextTests.claims),
      of: WorkedExamples.named("cda-2018").worksheet()
    ).report
    #expect(report.count == 5 && report.right == 3 && report.wrong == 1 && report.following == 1)
    #expect(!report.isAllRight && report.firstWrong == "E_o1")
    #expect(
      report.marks.map(\.verdict) == [
        "wrong", "right-to-digits", "follows-from-mistake", "right-to-digits", "right-to-digits",
      ])
    #expect(report.marks[2].follows == ["E_o1"] && report.marks[0].slips.first?.kind != nil)
    #expect(abs(report.marks[0].rightValue - 0.0309005593) < 1e-9)
    let text = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(MarkingReport.self, from: text) == report)
  }
}
