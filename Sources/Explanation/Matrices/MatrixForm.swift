import Formulas

/// One training step of a plain layered network in matrices, in the convention of the texts:
/// columns are examples, and W has a row for each neuron.
///
///     z¹ = W¹ a⁰ + b¹,  a¹ = 1 / (1 + e^(−z¹)),  …
///     δ² = −(y − a²) ⊙ a² ⊙ (1 − a²),  δ¹ = (W²)ᵀ δ² ⊙ a¹ ⊙ (1 − a¹)
///     ∂E/∂W¹ = δ¹ (a⁰)ᵀ,  W¹⁺ = W¹ − η · ∂E/∂W¹
///
/// The δ of m examples stand side by side without the 1/m of E; it enters in ∂E/∂W = 1/m · Δ, with
/// the accumulator Δ = δ aᵀ, and in ∂E/∂b = 1/m · Σᵢ δᵢ. A number added to a matrix, or a column as
/// b, is added to all of it. All formulas are read from the graph of the step, and every one has
/// been evaluated and compared with the graph's values.
public struct MatrixForm: Sendable {
  /// One matrix of the step.
  public struct Step: Sendable {
    /// Such as `z1`, `a1`, `delta2`, `Delta2`, `dE/dW1`, `dE/db1`, `W1+`; of what is given `a0`, `y`,
    /// `W1`, `b1`, and the numbers `eta`, `lambda` and `lambda_1`.
    public let name: String
    /// How it is written: z¹, δ², ∂E/∂W¹, W¹⁺, η.
    public let symbol: Formula
    /// Equal forms in the symbols of other steps; the last is the one to compute. Empty for what is
    /// given.
    public let forms: [Formula]
    public let rows: Int
    public let columns: Int
    /// The elements, row by row.
    public let values: [Double]
    public let section: Derivation.Section.Kind
    /// 0 for the inputs and the settings, 1 for the first layer of neurons, and so on.
    public let layer: Int
  }

  /// What is given first, then each step after those that it is made of.
  public let steps: [Step]
  /// The number m of examples.
  public let examples: Int
  /// The values by symbol.
  package let values: [Formula: MatrixValue]
  /// The symbols that stand for one number.
  private let numbers: Set<Formula>

  /// - Returns: nil where there is no such form: for sequences, for layers that are not one matrix
  ///   product each, for classes weighted one by one, and where the weights before a layer see the
  ///   updated ones behind it.
  /// - Throws: `GraphError` where the network does not fit its data; ``ExplanationError`` where
  ///   there is nothing to explain.
  public init?(_ problem: Problem) throws {
    guard var builder = try MatrixFormBuilder(problem), builder.build() else { return nil }
    steps = builder.steps
    examples = builder.examples
    values = builder.reader.values
    numbers = builder.numbers
  }

  /// A formula of the steps with numbers for its symbols.
  ///
  /// - Parameters:
  ///   - formula: In the symbols of the steps.
  ///   - digits: The significant digits of the numbers.
  ///   - largest: The most rows, and columns, of a matrix that is written out.
  /// - Returns: nil where a matrix is larger, and where a symbol is unknown.
  public func numbers(_ formula: Formula, digits: Int, largest: Int = 6) -> Formula? {
    func written(_ value: MatrixValue) -> Formula? {
      guard value.rows <= largest, value.columns <= largest else { return nil }
      return .matrix(
        (0..<value.rows).map { row in
          (0..<value.columns).map { .rounded(value[row, $0], digits: digits) }
        })
    }
    func summed(_ parts: [MatrixValue]) -> Formula? {
      guard parts.count <= largest else { return nil }
      let terms = parts.compactMap { part in
        part.values.count == 1 ? .rounded(part.values[0], digits: digits) : written(part)
      }
      return terms.count == parts.count ? .total(terms) : nil
    }
    var isComplete = true
    func put(_ part: Formula) -> Formula {
      func found(_ formula: Formula?) -> Formula {
        if formula == nil { isComplete = false }
        return formula ?? part
      }
      if let value = values[part] {
        return numbers.contains(part)
          ? .rounded(value.values[0], digits: digits) : found(written(value))
      }
      switch part {
      case .big(
        .sum, .symbol(let outer)?, nil, nil, .big(.sum, .symbol(let inner)?, nil, nil, let body)):
        let whole = MatrixEvaluator(values).value(body, bound: outer.name + inner.name)
        return found(whole.flatMap { summed($0.values.map { MatrixValue($0) }) })
      case .big(.sum, .symbol(let index)?, nil, nil, let body):
        guard let axis = MatrixAxis(rawValue: index.name) else { return found(nil) }
        let whole = MatrixEvaluator(values).value(body, bound: index.name)
        return found(whole.flatMap { summed($0.slices(axis)) })
      case .partial: return found(nil)
      case .symbol: return part.evaluate() == nil ? found(nil) : part
      default: return part.mapParts(put)
      }
    }
    let result = put(formula)
    return isComplete ? result : nil
  }

  /// A formula's value, in the symbols of the steps: see ``MatrixEvaluator``.
  package func value(_ formula: Formula) -> MatrixValue? {
    MatrixEvaluator(values).value(formula)
  }
}
