import Formulas
import Layers

extension Derivation {
  /// The derivation of one training step.
  ///
  /// ```swift
  /// let derivation = try Derivation(of: WorkedExamples.named("mazur").worksheet().problem)
  /// print(derivation["dE_total/dw5"]!.value)      // 0.08216704056423078
  /// ```
  ///
  /// - Parameters:
  ///   - problem: The network, its numbers and its data.
  ///   - selection: The part that is derived; unless told otherwise everything, or of a network of
  ///     more than 100 parameters an overview.
  /// - Throws: `GraphError` where the network does not fit its data; ``ExplanationError`` where
  ///   there is no such part, or nothing to explain.
  public init(of problem: Problem, selection: Selection? = nil) throws {
    self = try DerivationBuilder(problem).derived(selection).derivation
  }
}

extension DerivationBuilder {
  /// The derivation of a part of the step, and what part that is.
  func derived(_ selection: Selection?) throws -> (derivation: Derivation, selection: Selection) {
    let isLarge = step.problem.parameters.elementCount > Self.mostShown
    let selection = selection ?? (isLarge ? .overview : .all)
    let (asked, neurons) = try elements(of: selection)
    let elements = selection == .all ? asked : largest(asked)
    self.asked = asked.count
    isWhole = selection == .all
    focus = try focus(of: selection)
    for neuron in neurons { forward(neuron, firstPass) }
    totalError(firstPass)
    if selection != .all {
      for neuron in neurons { delta(neuron) }
    }
    var proofs: [Derivation.Proof] = []
    let loss = try LossFunction(step)
    for element in elements {
      gradient(element.parameter, element.element)
      update(element.parameter, element.element)
      guard let label = naming.gradient(element.parameter, element.element),
        let quantity = quantity(label.name)
      else { continue }
      proofs.append(try loss.proof(of: quantity, element.parameter, element.element))
    }
    if selection == .all { try after() }
    return (derivation(proofs: proofs), selection)
  }
}
