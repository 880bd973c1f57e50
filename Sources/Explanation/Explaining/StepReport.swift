import Formulas

/// An explanation as JSON: every quantity by its name.
public struct StepReport: Codable, Hashable, Sendable {
  /// One quantity.
  public struct Entry: Codable, Hashable, Sendable {
    /// Its value; nil where it is not finite.
    public let value: Double?
    public let kind: String
    /// How it is written, as text and in LaTeX.
    public let text: String
    public let latex: String
    /// The formula that gives the value, and all equal forms of it.
    public let formula: String?
    public let forms: [String]
    /// The names of the quantities in the formula.
    public let factors: [String]
    public let layer: Int?
    public let unit: Int?
    public let example: Int?
    public let step: Int?
  }

  public struct Part: Codable, Hashable, Sendable {
    public let kind: String
    public let layer: Int?
    public let quantities: [String]
  }

  public struct Check: Codable, Hashable, Sendable {
    public let gradient: String
    public let derived: Double
    public let centralDifference: Double
  }

  public struct Matrix: Codable, Hashable, Sendable {
    public let forms: [String]
    public let rows: Int
    public let columns: Int
    public let values: [Double]
  }

  public struct Iteration: Codable, Hashable, Sendable {
    public let updates: Int
    public let error: Double
    public let outputs: [Double]
    public let parameters: [String: [Double]]?
  }

  public let title: String?
  public let quantities: [String: Entry]
  /// The quantities' names in the order of the derivation.
  public let sections: [Part]
  public let matrices: [String: Matrix]
  public let proofs: [Check]
  public let iterations: [Iteration]
}

extension StepExplanation {
  /// The explanation for programs.
  public var report: StepReport {
    let entries = derivation.quantities.map { quantity in
      (
        quantity.name,
        StepReport.Entry(
          value: quantity.value.isFinite ? quantity.value : nil, kind: quantity.kind.rawValue,
          text: quantity.symbol.text, latex: quantity.symbol.latex,
          formula: quantity.formula?.text, forms: quantity.forms.map(\.text),
          factors: quantity.uses, layer: quantity.place?.layer, unit: quantity.place?.unit,
          example: quantity.place?.example, step: quantity.place?.time)
      )
    }
    let isSmall = problem.parameters.elementCount <= DerivationBuilder.mostShown
    return StepReport(
      title: title,
      quantities: Dictionary(entries, uniquingKeysWith: { first, _ in first }),
      sections: derivation.sections.map {
        StepReport.Part(kind: $0.kind.rawValue, layer: $0.layer, quantities: $0.quantities)
      },
      matrices: Dictionary(
        (matrices?.steps ?? []).map { step in
          (
            step.name,
            StepReport.Matrix(
              forms: step.forms.map(\.text), rows: step.rows, columns: step.columns,
              values: step.values)
          )
        }, uniquingKeysWith: { first, _ in first }),
      proofs: derivation.proofs.map {
        StepReport.Check(
          gradient: $0.name, derived: $0.gradient, centralDifference: $0.centralDifference)
      },
      iterations: (iterations?.rows ?? []).map { row in
        StepReport.Iteration(
          updates: row.count, error: row.error, outputs: row.outputs.doubles,
          parameters: isSmall
            ? Dictionary(
              row.parameters.map { ($0.name, $0.tensor.doubles) },
              uniquingKeysWith: { first, _ in first }) : nil)
      })
  }
}
